"""Flows as Sonde has them and as tcptrace, tshark and argus do: python3 tests/flows-agree.py SONDE CAPTURE...

Figures of all flows between two sockets are added up, by who sent what: tools split and turn flows round in different
ways. What they count differently by rule is in RULES, and in docs/differences.md."""
import collections
import csv
import io
import ipaddress
import subprocess
import sys

# Sonde's field without orig_ or resp_, and tcptrace's without _a2b and _b2a.
TCPTRACE = [
    ("pkts", "total_packets"), ("seen_bytes", "actual_data_bytes"), ("unique_bytes", "unique_bytes_sent"),
    ("data_pkts", "actual_data_pkts"), ("rexmt_pkts", "rexmt_data_pkts"), ("ooo_pkts", "outoforder_pkts"),
    ("sacks", "sack_pkts_sent"), ("dsacks", "dsack_pkts_sent"), ("mss", "mss_requested"),
    ("zero_windows", "zero_win_adv"), ("rtt_samples", "RTT_samples"),
]


# In us; argus cuts the times of frames, and tells only what took longer.
TIMES = ["syn_to_synack", "synack_to_ack"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def address(text):
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def add(table, proto, sender, receiver, field, value):
    """Times are those of the first connection alone."""
    figures = table[(proto, sender, receiver)]
    if field not in TIMES:
        figures[field] += value
    elif field not in figures:
        figures[field] = value


def sonde_flows(sonde, capture):
    table = collections.defaultdict(collections.Counter)
    tunnels = set()
    out = run(sonde, "flows", "-q", "-o", "csv", capture)
    for row in csv.DictReader(io.StringIO(out.stdout)):
        ends = [(address(row[s + "_h"]), row[s + "_p"]) for s in ("orig", "resp")]
        wrong = int(row["orig_wrong_sums"]) + int(row["resp_wrong_sums"])
        if row["tunnel"] and not row["tunnel"].startswith("vlan") or int(row["fragments"]) or wrong:
            tunnels.update(ends)
        for side, (a, b) in (("orig", ends), ("resp", ends[::-1])):
            for field in [f for f, _ in TCPTRACE] + ["frame_bytes"]:
                if row.get(side + "_" + field):
                    add(table, row["proto"], a, b, field, int(row[side + "_" + field]))
        for field, name in (("syn_to_synack", "syn_synack"), ("synack_to_ack", "synack_ack")):
            if row["handshake_" + name + "_ns"]:
                add(table, row["proto"], *ends, field, round(int(row["handshake_" + name + "_ns"]) / 1000))
    return table, tunnels


def tcptrace_flows(capture):
    table = collections.defaultdict(collections.Counter)
    out = run("tcptrace", "-n", "-l", "-r", "--csv", capture).stdout
    lines = [line for line in out.splitlines() if line and not line.startswith("#")]
    for row in csv.DictReader(io.StringIO("\n".join(lines)), skipinitialspace=True):
        row = {k: v for k, v in row.items() if k}
        ends = [(address(row["host_" + s]), row["port_" + s]) for s in "ab"]
        for way, (a, b) in (("a2b", ends), ("b2a", ends[::-1])):
            for field, name in TCPTRACE:
                value = row.get(name + "_" + way)
                # A large MSS becomes negative there.
                if value is not None and value.strip().isdigit() and int(value) < 1 << 31:
                    add(table, "tcp", a, b, field, int(value))
    return table


def tshark_flows(capture, proto):
    """Frames and frame bytes, both ways: the columns are turned round between versions, sums are not."""
    table = collections.defaultdict(collections.Counter)
    for line in run("tshark", "-n", "-q", "-z", "conv," + proto, "-r", capture).stdout.splitlines():
        words = line.split()
        if "<->" not in words or len(words) < 12:
            continue
        ends = []
        for word in (words[0], words[2]):
            host, _, port = word.rpartition(":")
            ends.append((address(host), port))
        units = {"bytes": 1, "kB": 1000, "MB": 1000000}
        if words[5] != "bytes" or words[8] != "bytes":
            continue
        add(table, proto, ends[1], ends[0], "pkts", int(words[3]))
        add(table, proto, ends[1], ends[0], "frame_bytes", int(words[4]) * units[words[5]])
        add(table, proto, ends[0], ends[1], "pkts", int(words[6]))
        add(table, proto, ends[0], ends[1], "frame_bytes", int(words[7]) * units[words[8]])
    return table


ARGUS = "proto,saddr,sport,daddr,dport,spkts,dpkts,sbytes,dbytes,synack,ackdat"


def argus_flows(capture):
    """Frames, frame bytes, and the two halves of handshakes in us. A flow has several records where it lasts long."""
    table = collections.defaultdict(collections.Counter)
    records = subprocess.run(["argus", "-r", capture, "-w", "-"], capture_output=True).stdout
    lines = subprocess.run(["ra", "-r", "-", "-n", "-u", "-p", "6", "-c", ",", "-s", ARGUS], input=records,
                           capture_output=True).stdout.decode(errors="replace").splitlines()
    for row in csv.DictReader(lines):
        if row["Proto"] not in ("tcp", "udp"):
            continue
        ends = [(address(row[s + "Addr"]), row[t + "port"]) for s, t in (("Src", "S"), ("Dst", "D"))]
        for side, (a, b) in (("Src", ends), ("Dst", ends[::-1])):
            add(table, row["Proto"], a, b, "pkts", int(row[side + "Pkts"]))
            add(table, row["Proto"], a, b, "frame_bytes", int(row[side + "Bytes"]))
        for field, name in (("syn_to_synack", "SynAck"), ("synack_to_ack", "AckDat")):
            if float(row[name] or 0) > 0:
                add(table, row["Proto"], *ends, field, round(float(row[name]) * 1e6))
    return table


class Count:
    same = differ = 0
    by_field = collections.Counter()


def compare(count, capture, tool, theirs, ours, skip, fields):
    for key, values in theirs.items():
        if key not in ours or set(key[1:]) & skip:
            continue
        for field in fields:
            if field not in values and field not in ours[key]:
                continue
            if field in TIMES and field not in values:
                continue
            if abs(values[field] - ours[key][field]) <= (2 if field in TIMES else 0):
                count.same += 1
                continue
            count.differ += 1
            count.by_field[tool + "." + field] += 1
            print("%s: %s %s > %s: %s: %s has %s, Sonde %s" %
                  (capture, key[0], ":".join(key[1]), ":".join(key[2]), field, tool, values[field], ours[key][field]))


def main():
    count = Count()
    for capture in sys.argv[2:]:
        ours, skip = sonde_flows(sys.argv[1], capture)
        compare(count, capture, "tcptrace", tcptrace_flows(capture), ours, skip, [f for f, _ in TCPTRACE])
        for proto in ("tcp", "udp"):
            compare(count, capture, "tshark", tshark_flows(capture, proto), ours, skip, ["pkts", "frame_bytes"])
        compare(count, capture, "argus", argus_flows(capture), ours, skip, ["pkts", "frame_bytes"] + TIMES)
    print("%d figures agree, %d do not" % (count.same, count.differ))
    for field, n in count.by_field.most_common():
        print("%8d %s" % (n, field))


main()
