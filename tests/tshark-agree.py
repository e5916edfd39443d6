"""Fields of captures as Sonde and as tshark have them: python3 tests/tshark-agree.py SONDE CAPTURE..."""
import json
import re
import subprocess
import sys

from tshark_lists import LISTS, Words

# Sonde's field, tshark's, and what tshark's value is divided by.
FIELDS = [
    ("ip.version", "ip.version", 1), ("ip.ihl", "ip.hdr_len", 4), ("ip.tos", "ip.dsfield", 1),
    ("ip.length", "ip.len", 1), ("ip.id", "ip.id", 1), ("ip.flags", "ip.flags", 1),
    ("ip.offset", "ip.frag_offset", 1), ("ip.ttl", "ip.ttl", 1), ("ip.proto", "ip.proto", 1),
    ("ip.checksum", "ip.checksum", 1), ("ip.src", "ip.src", 1), ("ip.dst", "ip.dst", 1),
    ("ip6.version", "ipv6.version", 1), ("ip6.tclass", "ipv6.tclass", 1), ("ip6.flow", "ipv6.flow", 1),
    ("ip6.length", "ipv6.plen", 1), ("ip6.next", "ipv6.nxt", 1), ("ip6.hlim", "ipv6.hlim", 1),
    ("ip6.src", "ipv6.src", 1), ("ip6.dst", "ipv6.dst", 1),
    ("tcp.sport", "tcp.srcport", 1), ("tcp.dport", "tcp.dstport", 1), ("tcp.seq", "tcp.seq_raw", 1),
    ("tcp.ack", "tcp.ack_raw", 1), ("tcp.offset", "tcp.hdr_len", 4), ("tcp.flags", "tcp.flags", 1),
    ("tcp.win", "tcp.window_size_value", 1), ("tcp.checksum", "tcp.checksum", 1),
    ("tcp.urg", "tcp.urgent_pointer", 1),
    ("udp.sport", "udp.srcport", 1), ("udp.dport", "udp.dstport", 1), ("udp.length", "udp.length", 1),
    ("udp.checksum", "udp.checksum", 1),
    ("icmp.type", "icmp.type", 1), ("icmp.code", "icmp.code", 1), ("icmp.checksum", "icmp.checksum", 1),
    ("icmp.id", "icmp.ident", 1), ("icmp.seq", "icmp.seq", 1), ("icmp.mtu", "icmp.mtu", 1),
    ("dns.id", "dns.id", 1), ("dns.qr", "dns.flags.response", 1), ("dns.opcode", "dns.flags.opcode", 1),
    ("dns.rcode", "dns.flags.rcode", 1), ("dns.qdcount", "dns.count.queries", 1),
    ("dns.ancount", "dns.count.answers", 1), ("dns.nscount", "dns.count.auth_rr", 1),
    ("dns.arcount", "dns.count.add_rr", 1), ("dns.qname", "dns.qry.name", 1), ("dns.qtype", "dns.qry.type", 1),
    ("dns.qclass", "dns.qry.class", 1),
    ("dhcp.op", "dhcp.type", 1), ("dhcp.htype", "dhcp.hw.type", 1), ("dhcp.hlen", "dhcp.hw.len", 1),
    ("dhcp.hops", "dhcp.hops", 1), ("dhcp.xid", "dhcp.id", 1), ("dhcp.secs", "dhcp.secs", 1),
    ("dhcp.flags", "dhcp.flags", 1), ("dhcp.ciaddr", "dhcp.ip.client", 1), ("dhcp.yiaddr", "dhcp.ip.your", 1),
    ("dhcp.siaddr", "dhcp.ip.server", 1), ("dhcp.giaddr", "dhcp.ip.relay", 1),
    ("tls.type", "tls.record.content_type", 1), ("tls.version", "tls.record.version", 1),
    ("tls.length", "tls.record.length", 1), ("clienthello.version", "tls.handshake.version", 1),
]

# tshark is to read each packet by itself, as Sonde does.
ALONE = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
         "tcp.relative_sequence_numbers:FALSE", "tcp.analyze_sequence_numbers:FALSE",
         "tls.desegment_ssl_records:FALSE", "tls.desegment_ssl_application_data:FALSE"]


def words_of(sonde, field):
    """The words of a field and their numbers, as `sonde help fields` lists them."""
    text = subprocess.run([sonde, "help", "fields", field], capture_output=True, text=True).stdout
    words = {}
    for line in text.splitlines():
        m = re.match(r"\s+(0x[0-9a-f]+|\d+)  (\S.*)$", line)
        for word in m.group(2).split(", ") if m else []:
            words.setdefault(word, int(m.group(1), 0))
    return words


def number(value, words):
    """A value of Sonde's as a number, if it is one; else the text."""
    if isinstance(value, int):
        return value
    try:
        return int(value, 0)
    except ValueError:
        pass
    if value in words:
        return words[value]
    parts = value.split("+") if "+" in value else list(value)
    return sum(words[p] for p in parts) if all(p in words for p in parts) else value


def theirs(text, divisor):
    """The values of tshark's column."""
    out = []
    for v in text.split("|") if text else []:
        try:
            out.append(int(v, 0) // divisor)
        except ValueError:
            out.append({"True": 1, "False": 0}.get(v, v))
    return out


def sonde_frames(sonde, path):
    """For each frame the values of each field, outermost layer first."""
    run = subprocess.Popen([sonde, "read", "-q", "--json", path], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, errors="replace")
    for line in run.stdout:
        o = json.loads(line)
        if o.get("type") != "packet":
            continue
        values = {}
        for layer in o["layers"]:
            for name, v in layer.items():
                values.setdefault(layer["layer"] + "." + name, []).append(v)
        yield o["wire"], values, o["layers"]
    run.wait()


def tshark_frames(path):
    args = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|"]
    for o in ALONE:
        args += ["-o", o]
    for field in ["frame.len", "frame.protocols"] + [name for _, name, _ in FIELDS] + [name for name, _ in LISTS]:
        args += ["-e", field]
    run = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")
    for line in run.stdout:
        wire, protocols, *columns = line.rstrip("\n").split("\t")
        yield int(wire), protocols, columns
    run.wait()


def pairs(sonde, path):
    """The frames of both. tshark counts blocks of pcapng that are no packets as frames of data: they are left out."""
    blocks = tshark_frames(path)
    for wire, values, layers in sonde_frames(sonde, path):
        for their_wire, protocols, columns in blocks:
            if protocols != "data" or their_wire == wire:
                yield values, layers, columns, protocols
                break


def main():
    sonde, paths = sys.argv[1], sys.argv[2:]
    words = {ours: words_of(sonde, ours) for ours, _, _ in FIELDS}
    lists = Words(sonde)
    same, explained, bad = 0, {}, 0
    for path in paths:
        for n, (values, layers, columns, protocols) in enumerate(pairs(sonde, path), 1):
            for (ours, name, divisor), column in zip(FIELDS, columns):
                a = [number(v, words[ours]) for v in values.get(ours, [])]
                b = theirs(column, divisor)
                if a == b:
                    same += len(a)
                    continue
                rule = why(ours, a, b, values, layers, protocols)
                if rule:
                    explained[rule] = explained.get(rule, 0) + 1
                    continue
                bad += 1
                print(f"{path}: frame {n}: {ours} {a}, tshark's {name} {b}")
            for (name, found), column in zip(LISTS, columns[len(FIELDS):]):
                if not column and not found_any(name, layers):
                    continue
                a, b = found(layers, lists), theirs(column, 1)
                if a == b:
                    same += len(a)
                    continue
                rule = why_list(name, a, b, values, layers, protocols)
                if rule:
                    explained[rule] = explained.get(rule, 0) + 1
                    continue
                bad += 1
                print(f"{path}: frame {n}: {a}, tshark's {name} {b}")
    print(f"{same} values agree, {bad} fields differ without a reason")
    for rule, count in sorted(explained.items()):
        print(f"  {count} fields: {rule}")
    return 1 if bad or not same else 0


# Ports on which Sonde looks for a protocol, tshark's names of it, and what carries a packet that Sonde has as data.
PORTS = {"dns": {53, 5353, 5355}, "dhcp": {67, 68},
         "tls": {443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443}}
NAMES = {"dns": {"dns", "mdns", "llmnr"}, "dhcp": {"dhcp"}, "tls": {"tls"}}
CARRIERS = {"lisp", "lisp-data", "nsh", "macsec", "cmd", "sflow", "openflow_v4", "gtpprime", "wlan"}
VXLAN_GPE = 4790  # the port: tshark has no name for it


def is_part(a, b):
    """Whether all of a is in b, in the same order."""
    rest = iter(b)
    return all(x in rest for x in a)


def carried_as_data(layers):
    carried = [layer for layer in layers if layer["layer"] != "pad"]
    return bool(carried) and carried[-1]["layer"] == "data"


def is_cut(layers, proto):
    """Whether a header of the protocol is incomplete, or contradicts itself: tshark then shows a part of it, or none."""
    states = ("malformed", "truncated")
    return any(layer["layer"] == proto and (layer.get("checksum_state") in states or "faults" in layer)
               for layer in layers)


def why(ours, a, b, values, layers, protocols):
    """The rule of docs/differences.md that explains a difference, or None."""
    names = {layer["layer"] for layer in layers}
    proto = ours.split(".")[0]
    if ours == "ip.version" and sorted(a + values.get("ip6.version", [])) == sorted(b):
        return "ip.version of tshark is also the version of IPv6 headers"
    if ours == "ip.length" and len(a) == len(b) and all(x in (0, y) for x, y in zip(a, b)):
        return "ip.len of tshark is worked out where offload left 0"
    reserved = values.get("tcp.reserved", [])
    if ours == "tcp.flags" and [f | r << 9 for f, r in zip(a, reserved)] == b:
        return "tcp.flags of tshark has the reserved bits, which are a field of their own here"
    routes = " ".join(o for o in values.get("ip.options", []) if "srr:" in o)
    if ours == "ip.dst" and len(a) == len(b) and all(x == y or str(y) in routes for x, y in zip(a, b)):
        return "ip.dst of tshark is the end of a source route, here the address in the header"
    if ours == "dhcp.htype" and a and a == b[:len(a)]:
        return "dhcp.hw.type of tshark is also that in the client-identifier option"
    if ours == "clienthello.version" and sorted(a + hellos(values)) == sorted(b):
        return "tls.handshake.version of tshark is also that of a ServerHello"
    if ours == "dns.rcode" and not b:
        return "dns.flags.rcode of tshark is shown in responses alone"
    if ours == "dns.qname" and not b and a == ["0x"]:
        return "tshark stops at headers that are cut, or contradict themselves"
    if ours == "dns.qname" and [v.replace("<Root>", ".") for v in b] == a:
        return "the root is . here, and <Root> for tshark"
    if ours == "icmp.mtu" and not b and "needfrag" not in values.get("icmp.code", ["needfrag"]):
        return "icmp.mtu of tshark is shown where code is needfrag alone"
    if ours == "icmp.seq" and {"xecho", "xecho-reply"} & set(values.get("icmp.type", [])):
        return "icmp.seq of an extended echo has another name in tshark"
    if ours == "udp.checksum" and 0 in values.get("udp.length", []):
        return "tshark does not show the checksum of a UDP header whose length is 0"
    if ours == "tcp.seq" and any(layer.get("quoted") for layer in layers) and is_part(b, a):
        return "tshark has no raw sequence number in quoted packets"
    return why_unlike(proto, a, b, values, layers, protocols.split(":"), names)


def why_unlike(proto, a, b, values, layers, protocols, names):
    """The same for layers that one of them has alone."""
    if names <= {"data", "frame"}:
        return "a link type that Sonde does not know"
    ports = set(values.get("udp.sport", []) + values.get("udp.dport", []) + values.get("tcp.sport", []) +
                values.get("tcp.dport", []))
    hides = set(protocols) & CARRIERS or VXLAN_GPE in ports
    if hides and carried_as_data(layers) and a == b[:len(a)]:
        return "a packet inside a protocol that Sonde does not describe"
    if "erspan" in names and "erspan" not in protocols and not b:
        return "tshark does not know ERSPAN as an Ethernet type"
    if values.get("ip6.length", [1])[0] == 0 and is_part(b, a + (values["ip6.version"] if proto == "ip" else [])):
        return "tshark stops at an IPv6 header whose length offload left as 0"
    if "routing" in names and is_part(b, a):
        return "tshark stops at headers that are cut, or contradict themselves"
    if proto in ("ip", "ip6") and not a and {"layer": "ip6"} in layers:
        return "tshark shows the first bits of a header that is cut behind them"
    if any(is_cut(layers, p) for p in ("ip", "ip6", "udp", "tcp", proto)) and is_part(b, a):
        return "tshark stops at headers that are cut, or contradict themselves"
    kind = "tls" if proto == "clienthello" else proto
    if proto in ("tls", "clienthello") and "tls" in names and "tls" in protocols and a[:len(b)] == b:
        return "tshark does not show a TLS record that ends in another segment"
    if kind in NAMES and not a and NAMES[kind] & set(protocols) and carried_as_data(layers):
        if ports & PORTS[kind]:
            return "tshark shows bytes that are no message of the port's protocol as a malformed one"
        return "tshark knows a protocol by its conversation, Sonde by the port and the bytes"
    if kind in NAMES and not b and kind in names and ports & PORTS[kind] and not NAMES[kind] & set(protocols):
        return "Sonde knows a protocol by the port and the bytes, tshark by its conversation"
    return None


def found_any(name, layers):
    """Whether Sonde has a layer that may hold what this field of tshark's tells."""
    prefix = {"tls": ("clienthello", "serverhello"), "icmp": ("objects",)}
    wanted = prefix.get(name.split(".")[0], (name.split(".")[0],))
    return any(layer["layer"] in wanted for layer in layers)


def without_end(numbers, ends):
    return [n for n in numbers if n not in ends]


def why_list(name, a, b, values, layers, protocols):
    """The same for what lists hold."""
    proto = {"tls": "clienthello"}.get(name.split(".")[0], name.split(".")[0])
    ends = {"dhcp.option.type": (0, 255), "tcp.option_kind": (0,), "ip.opt.type": (0,)}.get(name, ())
    if without_end(a, ends) == without_end(b, ends):
        return "tshark shows each byte of the padding behind a list as an option, and the end of DHCP's as 0"
    if name == "dns.resp.type" and {47, 50} & set(a) and is_part(a, b):
        return "dns.resp.type of tshark is also in the bitmaps of NSEC and NSEC3"
    if name == "dns.resp.class" and [n & 0x7fff for n in a] == b:
        return "dns.resp.class of tshark is without the bit that flushes caches of mDNS"
    if name == "dns.resp.name" and any(":SRV:" in t for f in ("answers", "additional") for t in
                                       values.get("dns." + f, [])) and is_part(b, a):
        return "tshark shows the owner of an SRV record of mDNS in three fields of its own"
    if name.startswith("icmp.ext") and "xecho" in values.get("icmp.type", []) and a == b[:len(a)]:
        return "an extended echo request has one object (RFC 8335, 2), and data behind it"
    if name == "tls.handshake.extensions.supported_version" and not a and \
            any("43:," in text for text in values.get("serverhello.extensions", [])):
        return "tshark reads a version behind an empty supported_versions"
    words = [n for n in values.get("icmp.length", []) if isinstance(n, int)]
    if name.startswith("icmp.") and not b and words and words[0] * 4 > 128:
        return "tshark shows no objects behind a quote of more than 128 bytes"
    if name == "tcp.option_kind" and a[:len(b)] == b and re.search(r"(^|,)[\w-]+\.\d+:", values["tcp.options"][0]):
        return "tshark shows no options where the length of one contradicts the header"
    if name == "ip.opt.type" and not b and re.search(r"(^|,)([\w-]+\.\d+|hex):", values.get("ip.options", [""])[0]):
        return "tshark shows no options where the length of one contradicts the header"
    return why(proto + ".", a, b, values, layers, protocols)


def hellos(values):
    words = {"ssl3.0": 0x300, "tls1.0": 0x301, "tls1.1": 0x302, "tls1.2": 0x303, "tls1.3": 0x304}
    return [number(v, words) for v in values.get("serverhello.version", [])]


if __name__ == "__main__":
    sys.exit(main())
