#!/bin/sh
# lab: pair
# Answers that come in fragments: the whole packet is the answer, and a first fragment alone is none (RFC 1122, 3.3.2).
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

server() {
	ip netns exec server "$@"
}

# On the way back only; questions fit.
server ip route change 10.0.0.0/24 dev eth0 mtu lock 600
expect 0 'a reply in fragments is received' sonde ping -4 -c 3 -i 20ms -s 1400 server
tells 'with its whole length' '^1408 bytes from 10.0.0.2: seq=1 '
expect 0 'a datagram in fragments is an answer' sonde send ip dst=server / udp dport=7 / zero:1200
tells 'with all that is in it' '1 sent, 1 answered'
expect 0 'a capture of it' sonde ping -4 -w "$tmp/a.pcapng" -c 1 -s 1400 server
expect 0 'has the fragments' sonde read -o packets "$tmp/a.pcapng"
tells 'as they came' 'flags=MF'

if server nft -f - <<'RULES'
table netdev late {
	chain out {
		type filter hook egress device eth0 priority 0;
		ip frag-off & 0x1fff != 0 counter drop
	}
}
RULES
then
	expect 1 'a first fragment alone is no reply' sonde ping -4 -c 3 -i 20ms -W 300ms -s 1400 server
	tells 'all are lost' '^3 sent, 0 received, 3 lost (100 %)'
	tells 'and it is told that something came' '^packets that came in: 3 of which fragments were missing'
	expect 1 'and no answer to a datagram' sonde send -W 300ms ip dst=server / udp dport=7 / zero:1200
	tells 'but told' '1 not answered, 1 of which fragments were missing'
	expect 1 'in JSON as well' sonde ping -4 --json -c 1 -W 300ms -s 1400 server
	tells 'as incomplete' '"incomplete":1'
else
	skip 'a first fragment alone' 'nft has no egress hook'
fi
