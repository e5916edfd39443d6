"""What lists hold, as tests/tshark-agree.py compares it: options, DNS records, TLS extensions, objects of ICMP.

Sonde writes a list as text: items joined by commas, their arguments by colons, values of an argument by plus signs; what
has such a sign in it stands in brackets."""
import re
import subprocess


def split(text, sign):
    """The parts of a text between signs that are not in brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        if c == sign and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]] if text else []


def bare(text):
    """An argument without its brackets."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def plain(text):
    """Text without escapes."""
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m.group(1), 16)), text)


def items(text):
    """The items of a list: name or number, and arguments; named arguments by their names."""
    for item in split(text, ","):
        name, *args = split(item, ":")
        named = dict(a.split("=", 1) for a in args if re.match(r"[a-z]+=", a))
        yield name, [a for a in args if not re.match(r"[a-z]+=", a)], named


class Words:
    """Words of fields and names of items, and their numbers, as `sonde help fields` lists them."""

    def __init__(self, sonde):
        self.sonde, self.known = sonde, {}

    def lines(self, field):
        run = subprocess.run([self.sonde, "help", "fields", field], capture_output=True, text=True)
        return run.stdout.splitlines()

    def items_of(self, field):
        key = "items " + field
        if key not in self.known:
            found = (re.match(r"  (\S+) \((\d+)\)$", line) for line in self.lines(field))
            self.known[key] = {m.group(1): int(m.group(2)) for m in found if m}
        return self.known[key]

    def of(self, field):
        """The words in the whole help of a field, those of its items included."""
        key = "words " + field
        if key not in self.known:
            text = " ".join(self.lines(field))
            pairs = re.findall(r"([A-Za-z][\w.-]*) (0x[0-9a-f]+|\d+)(?=,|\s|$)", text)
            pairs += [(word, n) for n, word in re.findall(r"(0x[0-9a-f]+|\d+)  ([A-Za-z][\w.-]*)", text)]
            self.known[key] = {word: int(n, 0) for word, n in pairs}
        return self.known[key]

    def item_number(self, field, name):
        word = name.split(".")[0]
        return int(word) if word.isdigit() else self.items_of(field).get(word, name)

    def number(self, field, text):
        try:
            return int(text, 0)
        except ValueError:
            return self.of(field).get(text, text)


def texts(layers, proto, *fields):
    for layer in layers:
        if layer["layer"] == proto:
            for field in fields:
                if layer.get(field):
                    yield field, layer[field]


def kinds(layers, words, proto, field):
    """The numbers of all items, but for hex:, which are no items."""
    return [words.item_number(proto + "." + field, name)
            for _, text in texts(layers, proto, field) for name, _, _ in items(text) if name != "hex"]


def arguments(layers, proto, field, item):
    """The arguments of the items of this name."""
    return [args for _, text in texts(layers, proto, field) for name, args, _ in items(text) if name == item]


def values(layers, words, proto, field, item, at=0):
    """The values of one argument of the items of this name, as numbers where they have one."""
    out = []
    for args in arguments(layers, proto, field, item):
        for v in split(bare(args[at]), "+") if at < len(args) else []:
            out.append(words.number(proto + "." + field, v))
    return out


def name_of(text):
    return "<Root>" if text == "." else plain(text)


def records(layers):
    for field, text in texts(layers, "dns", "answers", "authority", "additional"):
        for name, args, named in items(text):
            if name != "hex":
                yield bare(name), args[0] if args else "A", args[1:], named


def record_numbers(layers, words, what):
    out = []
    for _, kind, _, named in records(layers):
        if what == "type":
            out.append(words.number("dns.qtype", kind))
        elif what == "class" and kind != "OPT":
            out.append(words.number("dns.qclass", named.get("class", "1")))
        elif what == "ttl" and kind != "OPT":
            out.append(int(named.get("ttl", "0")))
    return out


def record_values(layers, words, kind, at):
    return [words.number("dns.qtype", name_of(bare(":".join(args) if kind == "AAAA" else args[at]))) for _, k, args, _ in records(layers)
            if k == kind and at < len(args)]


def hello(layers, words, item, at=0):
    out = []
    for layer in layers:
        for proto in ("clienthello", "serverhello"):
            if layer["layer"] == proto:
                out += values([layer], words, proto, "extensions", item, at)
    return out


def ciphers(layers, words):
    out = []
    for layer in layers:
        for v in split(str(layer.get("ciphers", layer.get("cipher", ""))), ","):
            out.append(words.number("clienthello.ciphers", v))
    return out


def sack_edges(layers, words, end):
    return [int(block.split("-")[end]) for args in arguments(layers, "tcp", "options", "sack")
            for block in split(args[0], "+")]


def objects(layers, words, what):
    out = []
    for n in kinds(layers, words, "objects", "objects"):
        out.append(n if not isinstance(n, int) else n >> 8 if what == "class" else n & 0xff)
    return out


def label_parts(layers, words, at):
    return [int(label.split("/")[at]) for args in arguments(layers, "objects", "objects", "mpls")
            for label in split(args[0], "+")]


def extension_kinds(layers, words):
    return [n for layer in layers for proto in ("clienthello", "serverhello") if layer["layer"] == proto
            for n in kinds([layer], words, proto, "extensions")]


def dhcp(item):
    return lambda layers, words: values(layers, words, "dhcp", "options", item)


# tshark's field, and what finds the same in Sonde's layers.
LISTS = [
    ("ip.opt.type", lambda l, w: kinds(l, w, "ip", "options")),
    ("tcp.option_kind", lambda l, w: kinds(l, w, "tcp", "options")),
    ("tcp.options.mss_val", lambda l, w: values(l, w, "tcp", "options", "mss")),
    ("tcp.options.wscale.shift", lambda l, w: values(l, w, "tcp", "options", "wscale")),
    ("tcp.options.timestamp.tsval", lambda l, w: values(l, w, "tcp", "options", "ts")),
    ("tcp.options.timestamp.tsecr", lambda l, w: values(l, w, "tcp", "options", "ts", 1)),
    ("tcp.options.sack_le", lambda l, w: sack_edges(l, w, 0)),
    ("tcp.options.sack_re", lambda l, w: sack_edges(l, w, 1)),
    ("icmp.ext.class", lambda l, w: objects(l, w, "class")),
    ("icmp.ext.ctype", lambda l, w: objects(l, w, "ctype")),
    ("icmp.mpls.label", lambda l, w: label_parts(l, w, 0)),
    ("icmp.mpls.ttl", lambda l, w: label_parts(l, w, 3)),
    ("dns.resp.name", lambda l, w: [name_of(name) for name, _, _, _ in records(l)]),
    ("dns.resp.type", lambda l, w: record_numbers(l, w, "type")),
    ("dns.resp.class", lambda l, w: record_numbers(l, w, "class")),
    ("dns.resp.ttl", lambda l, w: record_numbers(l, w, "ttl")),
    ("dns.a", lambda l, w: record_values(l, w, "A", 0)),
    ("dns.aaaa", lambda l, w: record_values(l, w, "AAAA", 0)),
    ("dns.ns", lambda l, w: record_values(l, w, "NS", 0)),
    ("dns.cname", lambda l, w: record_values(l, w, "CNAME", 0)),
    ("dns.ptr.domain_name", lambda l, w: record_values(l, w, "PTR", 0)),
    ("dns.mx.preference", lambda l, w: record_values(l, w, "MX", 0)),
    ("dns.mx.mail_exchange", lambda l, w: record_values(l, w, "MX", 1)),
    ("dns.srv.priority", lambda l, w: record_values(l, w, "SRV", 0)),
    ("dns.srv.weight", lambda l, w: record_values(l, w, "SRV", 1)),
    ("dns.srv.port", lambda l, w: record_values(l, w, "SRV", 2)),
    ("dns.srv.target", lambda l, w: record_values(l, w, "SRV", 3)),
    ("dns.soa.mname", lambda l, w: record_values(l, w, "SOA", 0)),
    ("dns.soa.rname", lambda l, w: record_values(l, w, "SOA", 1)),
    ("dns.soa.serial_number", lambda l, w: record_values(l, w, "SOA", 2)),
    ("dns.soa.refresh_interval", lambda l, w: record_values(l, w, "SOA", 3)),
    ("dns.soa.minimum_ttl", lambda l, w: record_values(l, w, "SOA", 6)),
    ("dhcp.option.type", lambda l, w: kinds(l, w, "dhcp", "options")),
    ("dhcp.option.dhcp", dhcp("message-type")),
    ("dhcp.option.subnet_mask", dhcp("subnet-mask")),
    ("dhcp.option.router", dhcp("routers")),
    ("dhcp.option.domain_name_server", dhcp("domain-name-servers")),
    ("dhcp.option.requested_ip_address", dhcp("requested-address")),
    ("dhcp.option.ip_address_lease_time", dhcp("lease-time")),
    ("dhcp.option.dhcp_server_id", dhcp("server-identifier")),
    ("dhcp.option.renewal_time_value", dhcp("renewal-time")),
    ("dhcp.option.rebinding_time_value", dhcp("rebinding-time")),
    ("tls.handshake.ciphersuite", ciphers),
    ("tls.handshake.extension.type", extension_kinds),
    ("tls.handshake.extensions_server_name", lambda l, w: hello(l, w, "server_name")),
    ("tls.handshake.extensions_alpn_str", lambda l, w: hello(l, w, "alpn")),
    ("tls.handshake.extensions_supported_group", lambda l, w: hello(l, w, "supported_groups")),
    ("tls.handshake.extensions_ec_point_format", lambda l, w: hello(l, w, "ec_point_formats")),
    ("tls.handshake.extensions.supported_version", lambda l, w: hello(l, w, "supported_versions")),
]
