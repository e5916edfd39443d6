"""Sockets of each kind and state, and the same set of them from sonde sockets as from ss(8). Prints TAP."""
import json
import os
import re
import socket
import subprocess
import time

SONDE = os.environ["SONDE"]
kept = []


def keep(*sockets):
    kept.extend(sockets)
    return sockets[-1]


def pair(family, at, through=None):
    """Both sides of a connection. through: the client is of this family, instead."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((at, 0))
    listener.listen(4)
    client = socket.socket(through or family, socket.SOCK_STREAM)
    to = at if not through else "127.0.0.1" if through == socket.AF_INET else "::ffff:127.0.0.1"
    client.connect((to, listener.getsockname()[1]))
    keep(listener, client)
    return client, keep(listener.accept()[0])


def make():
    pair(socket.AF_INET, "127.0.0.1")
    pair(socket.AF_INET6, "::1")
    pair(socket.AF_INET6, "::", through=socket.AF_INET)
    pair(socket.AF_INET, "0.0.0.0", through=socket.AF_INET6)
    client, server = pair(socket.AF_INET, "127.0.0.1")
    client.send(b"unread")
    client, server = pair(socket.AF_INET, "127.0.0.1")
    client.close()
    server.close()  # time-wait
    client, server = pair(socket.AF_INET6, "::1")
    client.shutdown(socket.SHUT_WR)  # fin-wait-2, close-wait
    syn = keep(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    syn.setblocking(False)
    syn.connect_ex(("10.0.0.77", 9))  # syn-sent
    for family, at in (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET6, "::"):
        udp = keep(socket.socket(family, socket.SOCK_DGRAM))
        udp.bind((at, 0))
        peer = keep(socket.socket(family, socket.SOCK_DGRAM))
        peer.connect(udp.getsockname()[:2] if at != "::" else ("::1", udp.getsockname()[1]))
        peer.send(b"unread")
    only = keep(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
    only.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    only.bind(("::", 0))
    keep(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
    keep(socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6))
    try:
        keep(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)))
        lo = keep(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0))
        lo.bind(("lo", 0x0806))
    except OSError as e:
        print("# no packet sockets:", e)


def mapped(end):
    return re.sub(r"^\[::ffff:([0-9.]+)\]", r"\1", end)


STATES = {"ESTAB": "established", "UNCONN": "unconnected"}
PROTOS = {"p_raw": "packet", "p_dgr": "packet"}


def of_ss():
    found = []
    for options in "-Htuwanpe", "-H0anpe":
        for line in subprocess.run(["ss", "-O", options], capture_output=True, text=True).stdout.splitlines():
            proto, state, recv_q, send_q, local, remote = line.split()[:6]
            proto = PROTOS.get(proto, proto)
            owners = re.findall(r'\("([^"]*)",pid=(\d+),fd=(\d+)\)', line)
            inode = re.search(r"\bino:(\d+)", line)
            cookie = re.search(r"\bsk:([0-9a-f]+)", line)
            if proto == "raw":  # read from /proc/net, where the kernel has no sock_diag for it: ss tells less
                inode = cookie = None
                local = local.replace("*:", "[::]:") if local.startswith("*") else local
                remote = "*:*"
            found.append((proto, STATES.get(state, state.lower()), int(recv_q), int(send_q),
                          "" if proto == "packet" else mapped(local), "" if proto == "packet" else mapped(remote),
                          int(inode[1]) if inode else 0, int(cookie[1], 16) if cookie else 0,
                          tuple(sorted((name, int(pid), int(fd)) for name, pid, fd in owners))))
    return sorted(found)


def end_of(o, side):
    """As ss writes it: a star for all addresses of both families, the protocol for the port of a raw socket."""
    end = o.get(side, "")
    address, port = end, "*"
    if o.get(side + "_port"):
        address, port = end.rsplit(":", 1)
    if side == "local" and o["proto"] == "raw":
        port = str(o["protocol"])
    if address == "::" or address == "[::]":
        address = "*" if o.get("takes_ip4") else "[::]"
    if not address:
        six = o["local"].startswith("[") or o["local"].startswith("::")
        address = "*" if o.get("takes_ip4") else "[::]" if six else "0.0.0.0"
    return address + ":" + port


def objects(*words):
    run = subprocess.run([SONDE, "sockets", "--json", *words], capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def of_sonde():
    found = []
    for o in objects():
        if o["type"] != "socket" or o["proto"].startswith("icmp") or o["state"] == "bound":
            continue
        one = [o] if "pid" in o else []
        owners = tuple(sorted((w["process"], w["pid"], w["fd"]) for w in o.get("owners", one)))
        ends = ("", "") if o["proto"] == "packet" else (end_of(o, "local"), end_of(o, "remote"))
        inode, cookie = o["inode"], int(o["cookie"])
        if o["proto"] == "raw":
            ends, inode, cookie = (ends[0].replace("*:", "[::]:"), "*:*"), 0, 0
        found.append((o["proto"], o["state"], o["recv_q"], o["send_q"], *ends, inode, cookie, owners))
    return sorted(found)


def both_at_rest():
    """Frames that the kernel sends on its own (neighbour discovery, a SYN again) end in the queue of a packet socket
    between the two readings: read again until what ss says stays."""
    for _ in range(20):
        before, ours, theirs = of_ss(), of_sonde(), of_ss()
        if before == theirs:
            break
    return ours, theirs


def say(good, title, *why):
    print("ok -" if good else "not ok -", title)
    if not good:
        for line in why:
            print("#", line)


def main():
    make()
    child = os.fork()  # what is open has two owners
    if child == 0:
        time.sleep(30)
        os._exit(0)
    ours, theirs = both_at_rest()
    say(ours == theirs and len(ours) > 25, "the same %d sockets as ss, with their queues, cookies and owners" % len(theirs),
        *["only ss: %s" % (s,) for s in theirs if s not in ours], *["only sonde: %s" % (s,) for s in ours if s not in theirs])
    states = {s[1] for s in ours}
    wanted = {"listen", "established", "time-wait", "fin-wait-2", "close-wait", "syn-sent", "unconnected"}
    say(wanted <= states, "states are there", states)
    os.kill(child, 9)
    os.wait()
    bound = keep(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    bound.bind(("127.0.0.1", 0))
    echo = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP))
    echo.bind(("127.0.0.1", 77))
    echoes = objects("proto=icmp")[1:-1]
    say(len(echoes) == 1 and echoes[0]["local"] == "127.0.0.1:77" and echoes[0]["fd"] == echo.fileno(),
        "a socket for echoes", echoes)
    client, server = pair(socket.AF_INET, "127.0.0.1")
    client.send(b"x" * 1000)
    server.recv(1000)
    port = server.getsockname()[1]
    both = objects("state=established", "host=127.0.0.1:%d" % port)[1:-1]
    there = [o for o in both if o.get("remote_port") == port]
    say(len(both) == 2 and len(there) == 1 and there[0]["bytes_acked"] == 1001 and there[0]["rtt_ns"] > 0,
        "what the kernel measures on a connection", both)
    say(len({o["community_id"] for o in both}) == 1, "one Community ID of both sides", both)


main()
