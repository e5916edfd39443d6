#!/bin/sh
# lab: pair
# sonde probe: the summary's accounts are what the other end's interface counted, but for a few neighbour look-ups.
. "$LIB"
[ "$(id -u)" -eq 0 ] || skip_all 'counters of another host are read by root'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
few=8 # questions and answers of ARP and ND, of both ends

# counted COLUMN: packets of the server's interface so far (3: received, 11: sent).
counted() {
	ip netns exec server sed -n 's/^ *eth0: */eth0 /p' /proc/net/dev | awk -v at="$1" '{ print $at }'
}
# figure NAME: of the summary.
figure() {
	sed -n 's/.*"type":"summary".*"'"$1"'":\([0-9]*\).*/\1/p' "$tmp/out"
}
# within LEAST WHAT: not less, and a few more at most.
within() {
	test "$2" -ge "$1" && test "$2" -le $(($1 + few))
}

for family in -4 -6; do
	for kind in syn ack fin; do
		received=$(counted 3) sent=$(counted 11)
		expect 0 "$family $kind" sh -c 'sonde probe --json $1 --$2 server -p 5000-6999 >"$0"' "$tmp/out" $family $kind
		left=$(($(figure sent) + $(figure kernel_resets)))
		check "$family $kind: $left left" within "$left" $(($(counted 3) - received))
		came=$(($(figure answered) + $(figure duplicates)))
		check "$family $kind: $came came" within "$came" $(($(counted 11) - sent))
	done
done
