#!/bin/sh
# What sonde ping takes and how exact it is, in labs, beside a loop that does nothing but send and count, fping and ping.
# BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
loop=$PWD/$build/tests/bench/loop_ping
export tmp LIB loop
. "$LIB"

cat >"$tmp/network" <<'E2'
. "$LIB"
for round in 1 2 3 4 5; do
	echo sonde $(took sonde ping -q --rate max -c 1 198.18.0.0/16) $(sed -n 's/.* targets, \([0-9]*\) alive.*/\1/p' "$tmp/out")
	echo loop $(took "$loop" eth0 10.0.0.1 198.18.0.1 65534) $(cut -d' ' -f2 "$tmp/out")
	echo fping $(took fping -q -c1 -i0.001 -g 198.18.0.0/16) $(grep -c ' = 1/1/0%' "$tmp/out")
done
E2

cat >"$tmp/one" <<'E2'
. "$LIB"
echo $(took sonde ping -q --rate max -c 100000 10.0.0.2) "$(grep sent, "$tmp/out")"
E2

# exact COMMAND...: "seq rtt_us" lines of a pinger beside the stamps of tcpdump's capture: what each differs, sorted.
cat >"$tmp/exact" <<'E2'
tcpdump -Z root -U --immediate-mode -s 256 -B 16384 -i eth0 --time-stamp-precision=nano -w "$tmp/frames" icmp 2>"$tmp/said" &
capture=$!
tries=100
until grep -q listening "$tmp/said" || [ $((tries -= 1)) -le 0 ]; do sleep 0.02; done
"$@" >"$tmp/out" 2>&1
sleep 0.2
kill -INT $capture
wait $capture
sonde read -q -o packets "$tmp/frames" |
	sed -n 's/.*time=\([0-9]*\)\.\([0-9]*\) .*icmp type=\(echo[a-z-]*\) .* seq=\([0-9]*\).*/\1 \2 \3 \4/p' |
	awk '$3 == "echo" { s[$4] = $1; n[$4] = $2 } $3 == "echo-reply" { printf "%d %.3f\n", $4, ($1 - s[$4]) * 1e6 + ($2 - n[$4]) / 1000 }' >"$tmp/stamps"
sed -n -e 's/.*"type":"reply",.*"seq":\([0-9]*\),"rtt_ns":\([0-9]*\),.*/\1 \2 sonde/p' \
	-e 's/.*icmp_seq=\([0-9]*\) .*time=\([0-9.]*\) ms.*/\1 \2 ping/p' \
	-e 's/.*: \[\([0-9]*\)\], .*bytes, \([0-9.]*\) ms.*/\1 \2 fping/p' "$tmp/out" |
	awk 'NR == FNR { at[$1] = $2; next }
		{ seq = $3 == "sonde" ? $1 - 1 : $1; us = $3 == "sonde" ? $2 / 1000 : $2 * 1000
		  d = us - at[seq]; print d < 0 ? -d : d }' "$tmp/stamps" - | sort -n >"$tmp/errors"
awk -v n="$(wc -l <"$tmp/errors")" 'NR == int((n + 1) / 2) { p50 = $1 } NR == int(n * 0.99 + 0.5) { p99 = $1 } END { printf "%d echoes: p50 %.3f us, p99 %.3f us, max %.3f us\n", n, p50, p99, $1 }' "$tmp/errors"
E2

cat >"$tmp/exactness" <<'E2'
for load in no both; do
	hogs=
	[ $load = both ] && for core in 1 2; do timeout 60 sh -c 'while :; do :; done' & hogs="$hogs $!"; done
	echo "  $load cores busy"
	printf '    sonde ping  '; sh "$tmp/exact" sonde ping --json -c 300 -i 5ms 10.0.0.2
	printf '    ping        '; sh "$tmp/exact" ping -n -c 300 -i 0.005 10.0.0.2
	printf '    fping       '; sh "$tmp/exact" fping -c 300 -p 5 10.0.0.2
	[ -n "$hogs" ] && kill $hogs
done
wait
E2

PATH=$PWD/$build:$PATH
echo 'ping: all 65,534 hosts of a /16, in the lab wide, medians of 5 interleaved runs'
sonde lab run -t wide sh "$tmp/network" >"$tmp/runs"
for who in sonde loop fping; do
	awk -v who=$who -v s="$(median "$tmp/runs" $who)" '$1 == who { n = n == "" || $3 < n ? $3 : n }
		END { printf "  %-6s %.2f s, at least %d answered\n", who, s, n }' "$tmp/runs"
done
goal 'sonde / the bare loop' "$(over "$(median "$tmp/runs" sonde)" "$(median "$tmp/runs" loop)")" most 1.15
goal 'sonde / fping' "$(over "$(median "$tmp/runs" sonde)" "$(median "$tmp/runs" fping)")"

echo 'ping: 100,000 echoes to one host, unlimited'
sonde lab run sh "$tmp/one" | awk '{ printf "  %.2f s:", $1; $1 = ""; print }'

echo "ping: how far the times told are from the frames' stamps in tcpdump's capture, over a veth"
sonde lab run sh "$tmp/exactness"
