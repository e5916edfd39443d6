#!/bin/sh
# What sonde send gets out: a million UDP datagrams through a raw socket, beside a loop that does nothing but send on one
# of the same kind. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
loop=$PWD/$build/tests/bench/loop_send
export tmp LIB loop
. "$LIB"
PATH=$PWD/$build:$PATH
n=1000000 rounds=3
export n rounds

# What arrives is dropped at once: the answer to a closed port costs as much as the datagram.
printf 'host client\nhost server\nlink client server\nfilter server drop ip / udp\n' >"$tmp/net"
cat >"$tmp/race" <<'E2'
. "$LIB"
for round in $(seq $rounds); do
	echo loop $(took "$loop" 10.0.0.1 10.0.0.2 $n 18) $(cut -d' ' -f2 "$tmp/out")
	echo sonde $(took sonde send -q --rate max --no-wait --all -c $n ip src=10.0.0.1 dst=10.0.0.2 / \
		udp sport=5000 dport=5000 / zero:18)
done
E2

sonde lab run -t "$tmp/net" sh "$tmp/race" >"$tmp/runs"
echo "send: $n UDP datagrams, 46 bytes each, medians of $rounds interleaved runs"
for who in sonde loop; do
	awk -v who=$who -v s="$(median "$tmp/runs" $who)" -v n=$n 'BEGIN { printf "  %-12s %6.2f s %9.0f/s\n", who, s, n / s }'
done
short=$(awk -v n=$n '$1 == "loop" && $3 < n' "$tmp/runs" | wc -l)
[ "$short" -eq 0 ] || echo "  the loop did not end in time $short times"
goal "sonde's rate / the loop's" "$(over "$(median "$tmp/runs" loop)" "$(median "$tmp/runs" sonde)")" least 0.9
