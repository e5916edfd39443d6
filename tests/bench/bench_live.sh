#!/bin/sh
# What sonde read -I writes of 500,000 small frames a second over a veth, on one core, beside tcpdump with a buffer of the
# same size. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
loop=$PWD/$build/tests/bench/loop_frames
PATH=$PWD/$build:$PATH
n=1500000 rate=500000
export tmp LIB loop n rate
. "$LIB"

cat >"$tmp/race" <<'E2'
ip link add b0 type veth peer name b1
ip link set b0 up
ip link set b1 up

# capture NAME WORD COMMAND...: run it on the first core while frames flow from the second, and print NAME, the seconds
# that it computed, and how many frames it had and lost. WORD: what it says when it listens.
capture() {
	name=$1 word=$2
	shift 2
	(
		sh -c 'echo $$ >"$tmp/pid"; exec taskset -c 0 "$@"' sh "$@" >/dev/null 2>"$tmp/said"
		times
	) >"$tmp/times" &
	for try in $(seq 250); do
		grep -q "$word" "$tmp/said" 2>/dev/null && break
		sleep 0.02
	done
	taskset -c "$(($(nproc) > 1))" "$loop" b0 "$n" "$rate" >"$tmp/sent"
	sleep 0.1
	kill -INT "$(cat "$tmp/pid")"
	wait
	rm -f "$tmp"/out.*
	echo "$name" "$(awk 'NR == 2 { split($1 "m" $2, t, "m"); print t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$tmp/times")" \
		"$(sed -n 's/^\([0-9]*\) read$/\1/p; s/^\([0-9]*\) packets captured$/\1/p' "$tmp/said")" \
		"$(sed -n 's/.* \([0-9]*\) dropped by the kernel.*/\1/p; s/^\([0-9]*\) packets dropped by kernel$/\1/p' "$tmp/said")" \
		"$(cat "$tmp/sent")"
}
for round in 1 2 3; do
	capture sonde sandbox: sonde read -v -I b1 -w "$tmp/out.pcapng"
	capture sonde.lz4 sandbox: sonde read -v -I b1 -w "$tmp/out.pcapng.lz4"
	capture sonde.zst sandbox: sonde read -v -I b1 -w "$tmp/out.pcapng.zst"
	capture tcpdump listening tcpdump -i b1 -n -B 65536 -w "$tmp/out.pcap"
done
E2

sonde lab run sh "$tmp/race" >"$tmp/runs"
echo "read -I into -w: $n frames of 60 bytes offered at $rate a second, 3 interleaved runs, CPU a frame as median"
awk -v n=$n '
	{ if (!($1 in runs)) order[++k] = $1; cpu[$1, ++runs[$1]] = $2; had[$1] += $3; lost[$1] += $4; sent[$1] += $6; s[$1] += $5 }
	END {
		for (i = 1; i <= k; i++) {
			who = order[i]
			a = cpu[who, 1]; b = cpu[who, 2]; c = cpu[who, 3]
			middle = a > b ? (b > c ? b : a > c ? c : a) : (a > c ? a : b > c ? c : b)
			printf "  %-10s %5.0f ns  %8.0f/s offered  %8d sent  %8d in the file  %7d dropped\n", who, middle * 1e9 / n, sent[who] / s[who], sent[who], had[who], lost[who]
		}
	}' "$tmp/runs"
awk '$1 == "sonde" { lost += $4; left += $6 - $3 - $4 }
	function tell(what, count) {
		printf "  %-40s %7d   at most 0   %s\n", what, count, (count > 0 ? "MISSED" : "reached")
	}
	END {
		tell("frames that sonde dropped", lost)
		tell("frames that nobody counted", (left > 0 ? left : 0))
	}' "$tmp/runs"
