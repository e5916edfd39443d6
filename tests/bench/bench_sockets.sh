#!/bin/sh
# How long it takes to list 20,000 sockets, against ss(8), in a network namespace of its own: 10,000 connections over
# loopback, both ends of which are in as few processes as may have that many descriptors. The least of ROUNDS runs of each, in turn. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
rounds=${ROUNDS:-7}
PATH=$PWD/$build:$PATH:/usr/sbin
export tmp LIB rounds
. "$LIB"

cat >"$tmp/open" <<'PYTHON'
import os, resource, signal, socket, subprocess, sys

pairs = 10000
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
each = min(pairs, (most - 100) // 2)


def connect(n):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1)
    kept = [listener]
    for i in range(n):
        client = socket.socket()
        client.connect(listener.getsockname())
        kept += [client, listener.accept()[0]]
    return kept


children = []
for first in range(0, pairs, each):
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(300)
        kept = connect(min(each, pairs - first))
        os.close(done)
        signal.pause()
    os.close(done)
    os.read(ready, 1)
    children.append(child)
status = subprocess.run(sys.argv[1:]).returncode
for child in children:
    os.kill(child, signal.SIGKILL)
sys.exit(status)
PYTHON

cat >"$tmp/list" <<'E2'
. "$LIB"
for round in $(seq "$rounds"); do
	echo "ss $(took ss -tuwanp)"
	echo "sonde $(took sonde sockets)"
	wc -l <"$tmp/out" | sed 's/^/rows /'
	echo "sonde-json $(took sonde sockets --json)"
done
E2
unshare -n sh -c 'ip link set lo up && python3 "$tmp/open" sh "$tmp/list"' >"$tmp/runs" || exit 1
least() {
	awk -v who="$1" '$1 == who && (least == "" || $2 < least) { least = $2 } END { print least + 0 }' "$tmp/runs"
}
echo "sonde sockets, $(least rows) lines: the least of $rounds runs of each, in seconds"
goal "sockets / ss -tuwanp ($(least sonde) s, $(least ss) s)" "$(over "$(least sonde)" "$(least ss)")" most 1.0
goal "sockets --json ($(least sonde-json) s) / ss" "$(over "$(least sonde-json)" "$(least ss)")"
