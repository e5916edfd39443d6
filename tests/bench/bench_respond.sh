#!/bin/sh
# How many packets a second sonde send --on answers: UDP datagrams at a pace that rises until some are not answered.
# BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
export tmp LIB
. "$LIB"
PATH=$PWD/$build:$PATH:/usr/sbin
seconds=4
export seconds

cat >"$tmp/race" <<'E2'
for rate in 30000 40000 50000 60000 80000; do
	n=$((rate * seconds))
	ip netns exec server sonde send -q --deadline $((seconds + 3)) -c $n -I eth0 --on 'udp dport=5000' \
		ip src=@.dst dst=@.src / udp sport=@.dport dport=@.sport / @.payload >"$tmp/said" 2>&1 &
	while [ "$(ip netns exec server grep -c . /proc/net/packet)" -lt 2 ]; do sleep 0.05; done
	sonde send -q --rate $rate --no-wait --all -c $n ip dst=10.0.0.2 / udp sport=5000 dport=5000 / zero:18 >"$tmp/sent"
	wait $!
	echo $rate $n $(sed -n 's/.* \([0-9]*\) packets a second.*/\1/p' "$tmp/sent") \
		$(sed -n 's/.*matched, \([0-9]*\) sent.*/\1/p' "$tmp/said")
done
E2
printf 'host client\nhost server\nlink client server\n' >"$tmp/net"
sonde lab run -t "$tmp/net" sh "$tmp/race" >"$tmp/runs"
echo "send --on: datagrams of 46 bytes, all of them answered at so many a second"
awk '{ printf "  %9d/s asked for, %9.0f/s came, %6.2f %% answered\n", $1, $3, 100 * $4 / $2 }' "$tmp/runs"
most=$(awk '$4 == $2 { most = $3 } END { print most + 0 }' "$tmp/runs")
goal 'answers a second, all answered / 50,000' "$(over "$most" 50000)" least 1
