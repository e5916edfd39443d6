#!/bin/sh
# What sonde send computes for each SYN while many are outstanding, half of which are never answered. It is to take no
# longer for each when there are more of them. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
export tmp LIB
. "$LIB"
PATH=$PWD/$build:$PATH

# As the lab wide, and one port of which nothing is heard.
cat >"$tmp/net" <<'E2'
host client
host server
link client server
route client 198.18.0.0/16 via 10.0.0.2
route server 198.18.0.0/16 local
filter server drop ip / tcp dport=82
E2
# Two ports of each address. The wait has to be longer than the sending, for all silent ones to be outstanding together:
# whether it was is told.
cat >"$tmp/runs" <<'E2'
. "$LIB"
while read -r bits wait; do
	n=$((2 << (32 - bits)))
	start=$(date +%s)
	seconds=$(cpu timeout 180 sonde send -W ${wait}s --rate max ip dst=198.18.0.0/$bits / tcp dport=81,82 flags=S)
	# The last one waits as long as the first: what the run took beyond that, the sending took.
	sending=$(($(date +%s) - start - wait))
	echo $n $seconds $([ $sending -lt $wait ] && echo together || echo NOT-together) $(tail -1 "$tmp/out")
done <<'E3'
21 5
19 10
17 60
E3
E2

echo 'exchange: SYNs to two ports of many addresses, one of them silent'
sonde lab run -t "$tmp/net" sh "$tmp/runs" >"$tmp/told"
awk '{ printf "  %6d SYNs %8.2f s of CPU %8.1f us each   ", $1, $2, $2 * 1e6 / $1
	for (i = 4; i <= NF; i++) printf "%s ", $i; print "(outstanding " $3 ")" }' "$tmp/told"
each() {
	awk -v n="$1" '$1 == n { print $2 / $1 }' "$tmp/told"
}
goal 'each of 16,384 / each of 4,096' "$(over "$(each 16384)" "$(each 4096)")" most 1.5
goal 'each of 65,536 / each of 4,096' "$(over "$(each 65536)" "$(each 4096)")" most 1.5
