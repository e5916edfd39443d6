#!/bin/sh
# What sonde read computes for each packet of a capture, beside tcpdump. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
. "$LIB"
PATH=$PWD/$build:$PATH
TZ=UTC
export TZ
n=400000 rounds=3

"$build/tests/bench/make_capture" "$tmp/capture" $n 17000 1 || exit 1
# tcpdump's time grows with the number of addresses: a capture of 50 is the fair one.
"$build/tests/bench/make_capture" "$tmp/few" $n 25 1 || exit 1
# Text goes where it costs nothing.
quietly() {
	"$@" >/dev/null 2>&1
}
for round in $(seq $rounds); do
	echo count $(cpu quietly sonde read --count "$tmp/capture")
	echo tcpdump-count $(cpu quietly tcpdump -r "$tmp/capture" --count)
	echo line $(cpu quietly sonde read -o line "$tmp/capture")
	echo tcpdump-line $(cpu quietly tcpdump -nn -S -r "$tmp/capture")
	echo line-few $(cpu quietly sonde read -o line "$tmp/few")
	echo tcpdump-line-few $(cpu quietly tcpdump -nn -S -r "$tmp/few")
	echo packets $(cpu quietly sonde read -o packets "$tmp/capture")
	echo json $(cpu quietly sonde read --json "$tmp/capture")
done >"$tmp/runs"

echo "read: $n packets of 17,000 flows, CPU a packet, medians of $rounds interleaved runs"
row() {
	awk -v what="$1" -v s="$(median "$tmp/runs" "$2")" -v n=$n 'BEGIN { printf "  %-40s %7.0f ns\n", what, s * 1e9 / n }'
}
row 'sonde read --count' count
row 'tcpdump --count' tcpdump-count
row 'sonde read -o line' line
row 'tcpdump -nn -S' tcpdump-line
row 'sonde read -o line, 50 addresses' line-few
row 'tcpdump -nn -S, 50 addresses' tcpdump-line-few
row 'sonde read -o packets' packets
row 'sonde read --json' json
ratio() {
	goal "$1" "$(over "$(median "$tmp/runs" "$2")" "$(median "$tmp/runs" "$3")")"
}
goal 'read --count / tcpdump --count' "$(over "$(median "$tmp/runs" count)" "$(median "$tmp/runs" tcpdump-count)")" most 0.45
ratio 'read -o line / tcpdump -nn -S' line tcpdump-line
goal 'the same, 50 addresses' "$(over "$(median "$tmp/runs" line-few)" "$(median "$tmp/runs" tcpdump-line-few)")" most 0.5
ratio 'read --json / tcpdump -nn -S' json tcpdump-line
# us a packet.
for what in line:1 packets:2 json:3.5; do
	goal "${what%:*}, us a packet" "$(over "$(median "$tmp/runs" ${what%:*})" "$(over $n 1000000)")" most ${what#*:}
done
