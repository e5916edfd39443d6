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
n=${PACKETS:-4000000} flows=${FLOWS:-170000} rounds=${ROUNDS:-5}

"$build/tests/bench/make_capture" "$tmp/capture" $n $flows 1 || exit 1
"$build/tests/bench/make_capture" "$tmp/tenth" $((n / 10)) $((flows / 10)) 1 || exit 1
quietly() {
	"$@" >/dev/null 2>&1
}
# peer NAME COMMAND...: time it, if it is installed, on a tenth: tcptrace waits for ever with a file over 2 GiB.
peer() {
	name=$1
	shift
	command -v "$1" >/dev/null && echo "$name" $(cpu quietly timeout 120 "$@")
}
# both NAME COMMAND...: what it computes, and how long it takes.
both() {
	name=$1
	shift
	echo "$name" $(cpu quietly "$@")
	echo "wall-$name" $(took quietly "$@")
}
mkdir "$tmp/nfcapd"
for round in $(seq $rounds); do
	both flows sonde flows --top 10 "$tmp/capture"
	both one sonde flows --threads 1 --top 10 "$tmp/capture"
	both tcpdump tcpdump -r "$tmp/capture" --count
	echo flows-json $(cpu quietly sonde flows --json "$tmp/capture")
	echo read $(cpu quietly sonde read --count "$tmp/capture")
	[ "$round" = 1 ] || continue
	peer tcptrace tcptrace "$tmp/tenth"
	peer argus argus -r "$tmp/tenth" -w "$tmp/argus"
	peer nfpcapd nfpcapd -r "$tmp/tenth" -l "$tmp/nfcapd"
	peer tshark tshark -r "$tmp/tenth" -q -z conv,tcp -z conv,udp
done >"$tmp/runs"

echo "flows: $n packets of $flows flows, CPU a packet, medians of $rounds interleaved runs (other tools: one run)"
# row TEXT NAME [PACKETS]
row() {
	grep -q "^$2 " "$tmp/runs" || return
	awk -v what="$1" -v s="$(median "$tmp/runs" "$2")" -v n="${3:-$n}" 'BEGIN { printf "  %-40s %7.0f ns\n", what, s * 1e9 / n }'
}
row 'sonde flows --top 10' flows
row 'sonde flows --threads 1 --top 10' one
row 'sonde flows --json' flows-json
row 'sonde read --count' read
row 'tcpdump --count' tcpdump
for tool in tcptrace argus nfpcapd tshark; do
	row "$tool, of a tenth" $tool $((n / 10))
done
ratio() {
	over "$(median "$tmp/runs" "$1")" "$(median "$tmp/runs" "$2")"
}
goal 'flows / tcpdump --count, time' "$(ratio wall-flows wall-tcpdump)" most 1
goal 'flows --threads 1 / tcpdump --count, time' "$(ratio wall-one wall-tcpdump)"
goal 'flows --threads 1 / tcpdump --count, CPU' "$(ratio one tcpdump)" most 1.3
rm -rf "$tmp/capture" "$tmp/tenth" "$tmp/nfcapd" "$tmp/argus"

# What a flow takes: how much more memory twice the flows need.
memory() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)' "$@"
}
# worst NAME: the time for twice the packets of a case, over that for the packets. The cases are written as notation.
cases='one flow with all segments out of order
flows of one packet
fragments that overlap
half-open connections
connections that were acknowledged'
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
			else if (which == 4)
				printf "ip src=%s dst=10.255.0.2 / tcp sport=%d dport=80 flags=S\n", a, i % 60000 + 1
			else {
				printf "ip src=%s dst=10.255.0.2 / tcp sport=%d dport=80 flags=S seq=1\n", a, i % 60000 + 1
				printf "ip dst=%s src=10.255.0.2 / tcp dport=%d sport=80 flags=A seq=1 ack=2\n", a, i % 60000 + 1
			}
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
	bytes=$(over $(($(memory sonde flows --top 1 "$tmp/case2") - $(memory sonde flows --top 1 "$tmp/case1"))) $half)
	case $i in
	2) goal 'bytes of a UDP flow' "$bytes" most 160 ;;
	4) goal 'bytes of a half-open connection' "$bytes" ;;
	5) goal 'bytes of a TCP flow' "$bytes" most 320 ;;
	esac
done
