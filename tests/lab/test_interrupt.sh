#!/bin/sh
# lab: pair
# Ctrl-C while the link address of a next hop is looked up, which nobody has: the run ends at once, and counts nothing
# as sent.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# end_early COMMAND...: interrupt it while it asks for 10.0.0.9: how it ended is in $got, after $took_ms.
end_early() {
	ip neigh flush to 10.0.0.9
	"$@" >"$tmp/out" 2>&1 &
	pid=$!
	await sh -c 'ip neigh show to 10.0.0.9 | grep -q INCOMPLETE'
	from=$(date +%s%N)
	kill -INT $pid
	wait $pid
	got=$?
	took_ms=$((($(date +%s%N) - from) / 1000000))
}

# interrupt NAME COMMAND...: what it said is in $out. A busy machine may come too late, when nobody asks any more.
interrupt() {
	command=$1
	shift
	for try in 1 2 3; do
		end_early "$@"
		[ $got -eq 130 ] && break
	done
	check "$command: is interrupted" test $got -eq 130
	in_time "$command: ends" $took_ms 500
	out=$(cat "$tmp/out")
}

interrupt send sonde send --via link ip dst=10.0.0.9 / icmp type=echo
tells 'send: nothing was sent' '^0 sent, 0 answered$'
interrupt ping sonde ping -c 9 -i 10ms --set 'ip checksum=1' 10.0.0.9
tells 'ping: nothing was sent' '^0 sent, 0 received, 0 lost, [1-9][0-9]* not sent (100 %)'
