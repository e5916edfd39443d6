"""Fields of captures as Sonde and as tshark have them: python3 tests/tshark-agree.py SONDE CAPTURE..."""
import json
import re
import subprocess
import sys

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
    for field in ["frame.len", "frame.protocols"] + [name for _, name, _ in FIELDS]:
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
                yield values, layers, columns
                break


def main():
    sonde, paths = sys.argv[1], sys.argv[2:]
    words = {ours: words_of(sonde, ours) for ours, _, _ in FIELDS}
    same, explained, only, bad = 0, {}, {}, 0
    for path in paths:
        for n, (values, layers, columns) in enumerate(pairs(sonde, path), 1):
            for (ours, name, divisor), column in zip(FIELDS, columns):
                a = [number(v, words[ours]) for v in values.get(ours, [])]
                b = theirs(column, divisor)
                if a == b:
                    same += len(a)
                    continue
                rule = why(ours, a, b, values, layers)
                if rule:
                    explained[rule] = explained.get(rule, 0) + 1
                    continue
                bad += 1
                print(f"{path}: frame {n}: {ours} {a}, tshark's {name} {b}")
    print(f"{same} values agree, {bad} fields differ without a reason")
    for rule, count in sorted(explained.items()):
        print(f"  {count} fields: {rule}")
    return 1 if bad or not same else 0


def why(ours, a, b, values, layers):
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
    routed = any("srr:" in options for options in values.get("ip.options", []))
    if ours == "ip.dst" and routed:
        return "ip.dst of tshark is the end of a source route, here the address in the header"
    if ours == "dhcp.htype" and a and a == b[:len(a)]:
        return "dhcp.hw.type of tshark is also that in the client-identifier option"
    if ours == "clienthello.version" and sorted(a + hellos(values)) == sorted(b):
        return "tls.handshake.version of tshark is also that of a ServerHello"
    if {4341, 4342} & set(values.get("udp.dport", [])):
        return "LISP is a tunnel that Sonde does not describe"
    if names <= {"data", "frame"}:
        return "a link type that Sonde does not know"
    if ours == "dns.rcode" and not b:
        return "dns.flags.rcode of tshark is shown in responses alone"
    if proto in ("tls", "clienthello") and a[:len(b)] == b:
        return "tshark does not show a TLS record that ends in another segment"
    if proto in ("dns", "dhcp", "tls", "clienthello") and not a and proto not in names:
        return "tshark knows a protocol by its conversation, Sonde by the port and the bytes"
    if proto in ("dns", "dhcp", "tls", "clienthello") and not b:
        return "Sonde knows a protocol by the port and the bytes, tshark by its conversation"
    return None


def hellos(values):
    words = {"ssl3.0": 0x300, "tls1.0": 0x301, "tls1.1": 0x302, "tls1.2": 0x303, "tls1.3": 0x304}
    return [words.get(v, v) for v in values.get("serverhello.version", [])]


if __name__ == "__main__":
    sys.exit(main())
