"""Frames that a pattern and a display filter choose: python3 tests/match-agree.py SONDE CAPTURE..."""
import json
import re
import subprocess
import sys

# A pattern, and the same for tshark. Patterns look into the packet that an ICMP error quotes only where they name the
# error; display filters always do.
# Errors are left out of the comparison.
NO_QUOTE = (" && !(icmp.type == 3 || icmp.type == 4 || icmp.type == 5 || icmp.type == 11 || icmp.type == 12)"
            " && !(icmpv6.type >= 1 && icmpv6.type <= 4) && !(icmpv6.type == 137)")
ERRORS = ["icmp type=3,4,5,11,12", "icmp6 type=1-4,137"]
PAIRS = [
    ("ip ttl=-64", "ip.ttl <= 64" + NO_QUOTE),
    ("ip src=10.0.0.0/8", "ip.src == 10.0.0.0/8" + NO_QUOTE),
    ("ip dst!=224.0.0.0/4", "ip.dst != 224.0.0.0/4" + NO_QUOTE),
    ("ip flags=+DF-MF", "ip.flags.df == 1 && ip.flags.mf == 0" + NO_QUOTE),
    ("ip offset=1-", "ip.frag_offset >= 1" + NO_QUOTE),
    ("ip6 hlim=255", "ipv6.hlim == 255" + NO_QUOTE),
    ("ip6 dst=ff00::/8 / icmp6", "ipv6.dst == ff00::/8 && icmpv6"),
    ("tcp dport=80,443", "(tcp.dstport == 80 || tcp.dstport == 443)" + NO_QUOTE),
    ("tcp flags=+S-A", "tcp.flags.syn == 1 && tcp.flags.ack == 0" + NO_QUOTE),
    ("tcp flags=SA win=1000-", "tcp.flags == 0x012 && tcp.window_size_value >= 1000" + NO_QUOTE),
    ("tcp options=mss:-1400", "tcp.options.mss_val <= 1400" + NO_QUOTE),
    ("tcp options=wscale:7", "tcp.options.wscale.shift == 7" + NO_QUOTE),
    ("tcp options=sackok", "tcp.options.sack_perm" + NO_QUOTE),
    ("tcp sport=1024-65535 dport!=1024-65535", "tcp.srcport >= 1024 && !(tcp.dstport >= 1024) && tcp" + NO_QUOTE),
    ("udp sport=53 / dns qr=1", "udp.srcport == 53 && dns.flags.response == 1" + NO_QUOTE),
    ("udp length=-40", "udp.length <= 40" + NO_QUOTE),
    ("icmp type=echo seq=1-5", "icmp.type == 8 && icmp.seq >= 1 && icmp.seq <= 5"),
    ("icmp type=unreach code=port / ip / udp", "icmp.type == 3 && icmp.code == 3 && udp"),
    ("arp op=request", "arp.opcode == 1"),
    ("vlan id=1-100", "vlan.id >= 1 && vlan.id <= 100"),
    ("dhcp op=request", "dhcp.type == 1"),
    ("tls type=handshake", "tls.record.content_type == 22"),
    ("ip checksum!=auto", "ip.checksum.status == 0" + NO_QUOTE),
    ("ether dst=ff:ff:ff:ff:ff:ff", "eth.dst == ff:ff:ff:ff:ff:ff"),
    ("ip / gre", "ip && gre"),
]
ALONE = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
         "ip.check_checksum:TRUE", "tls.desegment_ssl_records:FALSE", "tcp.analyze_sequence_numbers:FALSE"]


def by_sonde(sonde, capture, pattern):
    run = subprocess.run([sonde, "read", "--json", "--match", pattern, capture], capture_output=True, text=True)
    if run.returncode > 1:
        return None
    return {o["n"] for o in map(json.loads, run.stdout.splitlines()) if o["type"] == "packet"}


def tshark(capture, *words):
    options = [w for o in ALONE for w in ("-o", o)]
    return subprocess.run(["tshark", "-n", *options, "-r", capture, *words], capture_output=True, text=True)


def counts_of_tshark(capture, filters):
    """How many frames each finds, in one run."""
    run = tshark(capture, "-q", "-z", "io,stat,0," + ",".join(filters))
    row = re.search(r"^\|\s*\S+ <> \S+\s*\|(.*)\|$", run.stdout, re.M)
    return [int(n) for n in row[1].split("|")[::2]] if row else None


def found_by_tshark(capture, one):
    run = tshark(capture, "-Y", one, "-T", "fields", "-e", "frame.number")
    return {int(n) for n in run.stdout.split()}


def main():
    sonde, captures = sys.argv[1], sys.argv[2:]
    agree = differ = chosen = 0
    for capture in captures:
        counts = counts_of_tshark(capture, [p[1] for p in PAIRS])
        errors = [by_sonde(sonde, capture, e) for e in ERRORS]
        if counts is None or None in errors:
            continue
        for (pattern, shown), count in zip(PAIRS, counts):
            ours = by_sonde(sonde, capture, pattern)
            if NO_QUOTE in shown:
                ours -= errors[0] | errors[1]
            chosen += count
            if len(ours) == count:
                agree += 1
                continue
            theirs = found_by_tshark(capture, shown)
            if ours == theirs:  # of a frame that is cut, its taps see more
                agree += 1
                continue
            differ += 1
            print("%s: %s | only Sonde %s, only tshark %s" % (capture, pattern, sorted(ours - theirs)[:5],
                                                             sorted(theirs - ours)[:5]))
    print("%d agree, %d do not; %d frames were found" % (agree, differ, chosen))
    return 1 if differ else 0


sys.exit(main())
