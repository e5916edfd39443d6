"""Flows as Sonde has them and as Zeek's own tests expect them: python3 tests/zeek-agree.py SONDE BTEST

BTEST is testing/btest of Zeek's sources: captures in Traces, and for each test a conn.log in Baseline. Only tests that
read one capture are compared. What differs by a rule is counted by that rule, which stands in docs/differences.md;
what differs else is printed."""
import collections
import glob
import os
import re
import subprocess
import sys

# Scripts of these tests tell Zeek not to look at all packets.
LEFT_OUT = ["core.pcap.dynamic-filter", "scripts.base.frameworks.netcontrol.packetfilter",
            "scripts.base.protocols.ftp.gridftp"]
FIELDS = ["conn_state", "history", "duration", "orig_bytes", "resp_bytes", "missed_bytes", "orig_pkts", "orig_ip_bytes",
          "resp_pkts", "resp_ip_bytes"]


def read_log(lines):
    """Rows of a conn.log, in lists by protocol and the two sockets, whoever is the originator."""
    table, names = collections.defaultdict(list), None
    for line in lines:
        words = line.rstrip("\n").split("\t")
        if words[0] == "#fields":
            names = words[1:]
        elif not line.startswith("#") and names and len(words) == len(names):
            row = dict(zip(names, words))
            if not {"id.orig_h", "id.resp_h", "proto", "history"} <= row.keys():
                continue
            ends = sorted([(row["id.orig_h"], row["id.orig_p"]), (row["id.resp_h"], row["id.resp_p"])])
            table[(row["proto"], *ends)].append(row)
    return table


def capture_of(btest, test):
    """The one capture that a test reads, and whether it believes wrong checksums; or None."""
    for script in glob.glob(os.path.join(btest, test.replace(".", "/")) + ".*"):
        text = open(script, errors="replace").read()
        runs = re.findall(r"TEST-EXEC:.*?\bzeek\b(.*)", text)
        traces = set(re.findall(r"-r\s*\$\{?TRACES\}?/(\S+)", "\n".join(runs)))
        if len(traces) == 1 and len([r for r in runs if "TRACES" in r]) == 1:
            return os.path.join(btest, "Traces", traces.pop()), bool(re.search(r"(^|\s)-C", runs[0]))
    return None


def sonde_log(sonde, capture):
    out = subprocess.run([sonde, "flows", "-q", "--like", "zeek", capture], capture_output=True, text=True,
                         errors="replace", timeout=60)
    return read_log(out.stdout.splitlines())


def rule_of_rows(key, rows, mine, carriers):
    """Why there are other rows; or None."""
    if key in carriers or {"2152", "3544", "4754", "4789", "6081"} & {key[1][1], key[2][1]}:
        return "rule: the carrier of a tunnel has no row"
    if key[0] == "unknown_transport":
        return "rule: protocols without ports have no row there"
    if key[0] == "icmp" and not mine and rows[0]["id.orig_p"] == "3":
        return "rule: errors are told with the flow that they quote"
    if len(rows) > len(mine) == 1 and "S" in mine[0]["history"]:
        return "rule: a connection ends with a new SYN, or after silence"
    return None


def rule_of_field(field, a, b, believes_all):
    """Why a figure is another one; or None."""
    if believes_all and "c" in b["history"].lower():
        return "rule: wrong checksums are not believed (Zeek was told to)"
    one_sided = "0" in (b["orig_pkts"], b["resp_pkts"]) or a["history"].lower() != b["history"].lower()
    if one_sided and "g" in b["history"].lower() and field in ("history", "orig_bytes", "resp_bytes", "missed_bytes"):
        return "rule: what was acknowledged and not captured is missing"
    without = [re.sub("[tTxX]", "", row["history"]) for row in (a, b)]
    if field == "history" and without[0] == without[1]:
        return "rule: t is for data that had been seen; X is of Zeek's scripts"
    return None


def carriers_of(rows):
    """Flows that Zeek names as the carrier of another one."""
    parents = set()
    for row in rows:
        parents.update(row.get("tunnel_parents", "-").split(","))
    return parents - {"-", "(empty)"}


def compare(count, test, theirs, ours):
    carriers, believes_all = carriers_of([r for rows in theirs.values() for r in rows]), test.endswith(" -C")
    carriers = {key for key, rows in theirs.items() if rows[0].get("uid") in carriers}
    for key, rows in sorted(theirs.items()):
        name = "%s: %s %s" % (test, key[0], " ".join(":".join(e) for e in key[1:]))
        mine = ours.get(key, [])
        if len(mine) != len(rows):
            rule = rule_of_rows(key, rows, mine, carriers)
            count[rule or "rows differ"] += 1
            if not rule:
                print("%s: Zeek has %d rows, Sonde %d" % (name, len(rows), len(mine)))
            continue
        for a, b in zip(rows, mine):
            if a["id.orig_h"] != b["id.orig_h"] or a["id.orig_p"] != b["id.orig_p"]:
                count["originators differ"] += 1
                print("%s: another originator: Zeek %s, Sonde %s" % (name, a["history"], b["history"]))
                continue
            for field in FIELDS:
                if field not in a or a["orig_pkts"] == "-":
                    continue
                same = a[field] == b[field]
                rule = None if same else rule_of_field(field, a, b, believes_all)
                count["same" if same else rule or field] += 1
                if not same and not rule:
                    print("%s: %s: Zeek has %s, Sonde %s (%s, %s)" %
                          (name, field, a[field], b[field], a["history"], b["history"]))


def main():
    sonde, btest = sys.argv[1:3]
    count = collections.Counter()
    for log in sorted(glob.glob(os.path.join(btest, "Baseline", "*", "conn.log"))):
        test = os.path.basename(os.path.dirname(log))
        found = capture_of(btest, re.sub(r"-\d+$", "", test))
        if not found or not os.path.isfile(found[0]) or test in LEFT_OUT:
            count["tests left out"] += 1
            continue
        count["tests"] += 1
        compare(count, test + (" -C" if found[1] else ""), read_log(open(log, errors="replace")),
                sonde_log(sonde, found[0]))
    for what, n in count.most_common():
        print("%8d %s" % (n, what))


main()
