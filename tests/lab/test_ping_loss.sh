#!/bin/sh
# sonde ping over wires that lose, double, reorder and delay: what it counts is what the wire counted.
. "$LIB"
tmp=$(mktemp -d) || exit 1
lab="env XDG_RUNTIME_DIR=$tmp $SONDE lab"
trap '{ $lab down loss; } >/dev/null 2>&1; rm -rf "$tmp"' EXIT
trap 'exit 1' TERM INT

# up OPTION...: two hosts whose link has these options, and nothing on the wire but what the test sends.
up() {
	printf 'host client\nhost server\nlink client server %s\n' "$*" >"$tmp/net"
	$lab up -t "$tmp/net" --name loss >/dev/null 2>&1
	for host in client:2 server:1; do
		$lab exec loss ${host%:*} sh -c "
			echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
			ip neigh replace 10.0.0.${host#*:} dev eth0 nud permanent lladdr 02:00:00:00:00:0${host#*:}"
	done
	await is_quiet
}
down() {
	$lab down loss >/dev/null 2>&1
}
# count FIELD: of both directions of the wire, "there back".
count() {
	$lab list --json | tr '{' '\n' | sed -n "s/.*\"from\":.*\"$1\":\([0-9]*\).*/\1/p" | tr '\n' ' '
}
is_quiet() {
	before=$(count came)
	sleep 0.1
	test "$(count came)" = "$before"
}
# since FIELD BEFORE: what the wire counted since then, there and back.
since() {
	set -- $(count "$1") $2
	echo "$(($1 - $3)) $(($2 - $4))"
}
# said WORD: the number before it in ping's count of $told; 0 without it.
said() {
	n=$(echo "$told" | sed -n "s/.*[^0-9]\([0-9][0-9]*\) $1.*/\1/p;s/^\([0-9][0-9]*\) $1.*/\1/p" | head -n 1)
	echo "${n:-0}"
}

for loss in 1 10 50 100; do
	up loss $loss% delay 100us
	lost=$(count lost) over=$(count overload)
	want=0
	[ $loss = 100 ] && want=1
	expect $want "a loss of $loss %" $lab exec loss client "$SONDE" ping -q -c 500 -i 1ms -W 2s 10.0.0.2
	told=$out
	set -- $(since lost "$lost") $(since overload "$over")
	check "$loss %: as many are lost as the wire lost" test "$(said lost)" = "$(($1 + $2 + ${3:-0} + ${4:-0}))"
	check "$loss %: all were sent, the rest was received" test "$(said sent)" = 500 -a "$(said received)" = "$((500 - $(said lost)))"
	check "$loss %: none of it is our own fault" sh -c '! echo "$0" | grep -q "missing answers"' "$told"
	down
done

up delay 100ms
check 'the last answer ends the run, however long it was to be waited for' \
	timeout 20 $lab exec loss client "$SONDE" ping -c 1 -W 60s 10.0.0.2
down

up duplicate 100% delay 100us
arrived=$(count arrived)
expect 0 'duplicates' $lab exec loss client "$SONDE" ping -q -c 50 -i 5ms 10.0.0.2
told=$out
# The last ones come after the first answer, with which the run ends.
set -- $(since arrived "$arrived")
check 'have a count of their own, and are none of the answers' test "$(said received)" = 50 -a "$(said lost)" = 0
check 'all but those of the end are counted' test "$(said duplicates)" -ge 140 -a "$(said duplicates)" -le "$(($2 - 50))"
down

up reorder 30% delay 5ms
expect 0 'reordered packets' $lab exec loss client "$SONDE" ping -c 200 -i 1ms -W 2s 10.0.0.2
told=$out
check 'come in another order' sh -c 'echo "$0" | sed -n "s/.*: seq=\([0-9]*\) .*/\1/p" | sort -nc 2>/dev/null; test $? = 1' "$told"
check 'and each is matched with its own' test "$(said sent) $(said received) $(said lost) $(said late) $(said duplicates)" = '200 200 0 0 0'
# There and back takes 10 ms, or 5 ms more for each way on which a packet is late; the wire's own clock has 100 us each way.
least_us=$(echo "$told" | sed -n 's/^rtt .* = \([0-9]*\)\.\([0-9]*\)\/.*/\1\2/p')
check 'no time is too short' test "$least_us" -ge 9800
down

up delay 200ms
expect 1 'late answers' $lab exec loss client "$SONDE" ping -c 20 -i 50ms -W 100ms 10.0.0.2
told=$out
check 'are lost all the same' test "$(said received) $(said lost)" = '0 20'
check 'and have a count of their own' test "$(said late)" -ge 5
# There and back takes 400 ms, and what a busy machine adds.
check 'each with its time' sh -c 'echo "$0" | grep -q "seq=[0-9]* .* time=\([4-9]\|1[0-9]\)[0-9][0-9]\.[0-9]* ms (late)"' "$told"
down
