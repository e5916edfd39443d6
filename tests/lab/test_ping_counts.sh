#!/bin/sh
# lab: pair
# What sonde ping counts and how it tells it: shares with a denominator, what is still awaited at the end, totals.
. "$LIB"
has script && terminal=yes

expect 1 'a host that nobody is' sonde ping -c 2 -i 20ms -W 200ms 10.0.0.77
tells 'none left, and none is called lost' '^0 sent, 0 received, 0 lost, 2 never left (100 %), time'
expect 1 'a host that is silent' sonde ping --tcp -p 81 -i 50ms --deadline 220ms -W 5s 10.0.0.2
tells 'what is awaited at the end is pending' '^5 sent, 0 received, 0 lost, 5 pending, time'
expect 1 'in JSON' sonde ping --json --tcp -p 81 -i 50ms --deadline 220ms -W 5s 10.0.0.2
tells 'likewise' '"type":"target",.*"sent":5,"received":0,"lost":0,"pending":5,'
expect 1 'several targets' sonde ping --tcp -p 81 --deadline 200ms -W 5s 10.0.0.2 10.0.0.77
tells 'which are pending, and which unreachable' '^2 targets, 0 alive, 1 unreachable, 1 pending$'

expect 1 'several targets with -q' sonde ping -q -c 3 -i 20ms -W 200ms 10.0.0.1-2 10.0.0.77
tells 'have their sums, with times' '^all: 6 sent, 6 received, 0 lost (0 %), 3 never left (33.3 %), min/avg/max = [0-9.]*/[0-9.]*/[0-9.]* ms$'
expect 1 'and in JSON' sonde ping -q --json -c 3 -i 20ms -W 200ms 10.0.0.1-2 10.0.0.77
tells 'likewise' '"type":"summary",.*"sent":6,"received":6,"lost":0,"pending":0,.*"dropped":3,"min_ns":[1-9][0-9]*,"avg_ns":[1-9]'
expect 1 'a silent port' sonde ping --tcp -p 81 -c 2 -i 20ms -W 50ms 10.0.0.2
tells 'is lost' '^2 sent, 0 received, 2 lost (100 %), time'
check 'without frames that were missed, none of it is said to be our fault' sh -c '! echo "$0" | grep -q "our own fault"' "$out"

ip netns exec server nft -f - <<'RULES'
table inet narrow {
	chain input {
		type filter hook input priority 0;
		icmp type echo-request ip length > 1300 drop
	}
}
RULES
expect 0 'a set of sizes' sonde ping -c 4 -i 20ms -W 200ms -s 100,1400 10.0.0.2
tells 'has the counts and times of each' '^-s 100: 2 sent, 2 received, 0 lost (0 %), min/avg/max = [0-9.]*/[0-9.]*/[0-9.]* ms$'
tells 'loss, too' '^-s 1400: 2 sent, 0 received, 2 lost (100 %)$'
expect 0 'in JSON' sonde ping --json -c 4 -i 20ms -W 200ms -s 100,1400 10.0.0.2
tells 'likewise' '"type":"size",.*"payload":1400,"sent":2,"received":0,"lost":2,'
expect 1 'sizes that never leave' sonde ping -c 2 -i 20ms -W 100ms -s 10,20 10.0.0.77
tells 'are told so' '^-s 20: 0 sent, 0 received, 0 lost, 1 never left (100 %)$'
expect 0 'and one that is not sent' sonde ping --df -c 2 -i 20ms -W 100ms -s 10,3000 10.0.0.2
tells 'as well' '^-s 3000: 0 sent, 0 received, 0 lost, 1 not sent (100 %)$'
expect 0 'one size' sonde ping -c 1 -s 100 10.0.0.2
check 'is not told apart' sh -c '! echo "$0" | grep -q "^-s"' "$out"

if [ -n "$terminal" ]; then
	export TERM=xterm
	expect 1 'on a screen' timeout 30 script -qec \
		'stty rows 24 cols 100; exec sonde ping --live -c 1 -W 300ms 10.0.0.77' /dev/null </dev/null
	tells 'what did not leave has its share' '100%'
	tells 'and its number' '1 unsent'
else
	skip 'on a screen' 'no script(1) to make a terminal'
fi
