#!/bin/sh
# What sonde flows computes for a capture, beside tcpdump's counting and the tools that people use for flows; how much
# memory a flow takes; and that twice the packets take about twice the time, in the worst cases. BUILD is the build's
# folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
. "$LIB"
PATH=$PWD/$build:$PATH:/usr/sbin
TZ=UTC
export TZ
n=${PACKETS:-1000000} flows=${FLOWS:-42500} rounds=3

"$build/tests/bench/make_capture" "$tmp/capture" $n $flows 1 || exit 1
quietly() {
	"$@" >/dev/null 2>&1
}
# peer NAME COMMAND...: time it, if it is installed.
peer() {
	name=$1
	shift
	command -v "$1" >/dev/null && echo "$name" $(cpu quietly "$@")
}
mkdir "$tmp/nfcapd"
for round in $(seq $rounds); do
	echo flows $(cpu quietly sonde flows --top 10 "$tmp/capture")
	echo wall-flows $(took quietly sonde flows --top 10 "$tmp/capture")
	echo two $(cpu quietly sonde flows --threads 2 --top 10 "$tmp/capture")
	echo wall-two $(took quietly sonde flows --threads 2 --top 10 "$tmp/capture")
	echo flows-json $(cpu quietly sonde flows --json "$tmp/capture")
	echo read $(cpu quietly sonde read --count "$tmp/capture")
	peer tcpdump tcpdump -r "$tmp/capture" --count
	echo wall-tcpdump $(took quietly tcpdump -r "$tmp/capture" --count)
	[ "$round" = 1 ] || continue
	peer tcptrace tcptrace "$tmp/capture"
	peer argus argus -r "$tmp/capture" -w "$tmp/argus"
	peer nfpcapd nfpcapd -r "$tmp/capture" -l "$tmp/nfcapd"
done >"$tmp/runs"

echo "flows: $n packets of $flows flows, CPU a packet, medians of $rounds interleaved runs (peers but tcpdump: one run)"
row() {
	grep -q "^$2 " "$tmp/runs" || return
	awk -v what="$1" -v s="$(median "$tmp/runs" "$2")" -v n="$n" 'BEGIN { printf "  %-40s %7.0f ns\n", what, s * 1e9 / n }'
}
row 'sonde flows --top 10' flows
row 'sonde flows --threads 2 --top 10' two
row 'sonde flows --json' flows-json
row 'sonde read --count' read
for tool in tcpdump tcptrace argus nfpcapd; do
	row "$tool" $tool
done
goal 'flows / tcpdump --count, CPU' "$(over "$(median "$tmp/runs" flows)" "$(median "$tmp/runs" tcpdump)")" most 1.3
goal 'flows --threads 2 / tcpdump --count' "$(over "$(median "$tmp/runs" wall-two)" "$(median "$tmp/runs" wall-tcpdump)")"
goal 'flows / tcpdump --count' "$(over "$(median "$tmp/runs" wall-flows)" "$(median "$tmp/runs" wall-tcpdump)")" most 1

# worst NAME: the time for twice the packets of a case, over that for the packets. The cases are written as notation.
cases='one flow with all segments out of order
flows of one packet
fragments that overlap
half-open connections'
make_case() {
	awk -v which="$1" -v n="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			a = "10." int(i / 65536) % 256 "." int(i / 256) % 256 "." i % 256
			if (which == 1)
				printf "ip src=10.0.0.1 dst=10.0.0.2 id=%d / tcp sport=1000 dport=80 seq=%d ack=1 flags=A / text:abcdefgh\n", i % 65535 + 1, (i % 2 ? i - 1 : i + 1) * 16 + 1
			else if (which == 2)
				printf "ip src=%s dst=10.255.0.2 / udp sport=%d dport=53\n", a, i % 60000 + 1
			else if (which == 3)
				printf "ip src=10.0.0.1 dst=10.0.0.2 id=7 flags=MF offset=%d proto=17 / text:abcdefghabcdefgh\n", i % 8000
			else
				printf "ip src=%s dst=10.255.0.2 / tcp sport=%d dport=80 flags=S\n", a, i % 60000 + 1
		}
	}'
}
half=100000
i=0
echo "$cases" | while read -r name; do
	i=$((i + 1))
	for part in 1 2; do
		make_case $i $((half * part)) | sonde send --dry-run -q -w "$tmp/case$part" -f - || exit 1
	done
	for round in $(seq $rounds); do
		echo one $(cpu quietly sonde flows --top 1 "$tmp/case1")
		echo two $(cpu quietly sonde flows --top 1 "$tmp/case2")
	done >"$tmp/runs"
	goal "twice: $name" "$(over "$(median "$tmp/runs" two)" "$(median "$tmp/runs" one)")" most 2.2
done
