#!/bin/sh
# lab: pair
# sonde ping --arp, whose answers name no question: one that is lost spoils no other; other runs have their own answers.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# lose N: the server's N-th reply from now on does not leave, counted from 0.
lose() {
	ip netns exec server nft -f - <<RULES
table arp lose
delete table arp lose
table arp lose {
	chain output {
		type filter hook output priority 0;
		arp operation reply numgen inc mod 1000 $1 drop
	}
}
RULES
}
# The longest time of $out, in ms.
longest() {
	echo "$out" | sed -n 's/.* time=\([0-9]*\)\..*/\1/p' | sort -n | tail -n 1
}
for pace in '-i 1' '-i 300ms' '-i 50ms -W 100ms'; do
	if ! lose 2 2>/dev/null; then
		skip 'one lost reply' 'no nftables for ARP here'
		break
	fi
	check "$pace: one lost reply" sonde ping --arp -c 7 $pace 10.0.0.2
	tells "$pace: is one lost round" '^7 sent, 6 received, 1 lost'
	tells "$pace: the one that it was" '^no answer: seq=3$'
	check "$pace: no other has its time" test "$(longest)" -lt 50
	check "$pace: none is told twice" sh -c '! echo "$0" | grep -q "duplicates\|late"' "$out"
done
check 'JSON' sonde ping --json --arp -c 4 -i 20ms 10.0.0.2
tells 'has the times' '"type":"reply",.*"seq":4,"rtt_ns":[0-9]*,"clock":"kernel frame",'
lose 1 2>/dev/null && out=$(sonde ping --json --arp -c 4 -i 20ms 10.0.0.2) &&
	tells 'but not that of which the question is not known' '"type":"reply",.*"seq":3,"ambiguous":true,"from"'

# two OPTION...: two runs at once, whose counts are in $out.
two() {
	sonde ping -q "$@" 10.0.0.2 >"$tmp/one" &
	sonde ping -q "$@" 10.0.0.2 >"$tmp/two"
	wait
	out=$(cat "$tmp/one" "$tmp/two")
}
ip netns exec server nft delete table arp lose 2>/dev/null
two --arp -c 20 -i 10ms
check 'two at once by ARP: each has its own' test "$(echo "$out" | grep -c '^20 sent, 20 received, 0 lost (0 %), time')" = 2
two -c 20 -i 10ms --seed 5
check 'two with one seed: each has its own' test "$(echo "$out" | grep -c '^20 sent, 20 received, 0 lost (0 %), time')" = 2
two --tcp -c 20 -i 10ms --seed 5
check 'by TCP, too' test "$(echo "$out" | grep -c '^20 sent, 20 received, 0 lost (0 %), time')" = 2
