#!/bin/sh
# lab: wide
# Many targets, and routes of their own for some of them: each packet has the source that the kernel would give it, though
# one answer of the kernel serves all addresses of a route.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# from SOURCE TARGETS...: how many echo requests to these have this source.
from() {
	sonde read -q -o packets "$tmp/w.pcapng" | grep 'icmp type=echo ' | grep -c " src=$1 dst=$2 "
}

ip address add 10.0.0.77/24 dev eth0
ip address add 10.0.0.78/24 dev eth0
ip route add 198.18.0.8/30 via 10.0.0.2 src 10.0.0.77
check 'a route inside another' sonde ping -q -w "$tmp/w.pcapng" 198.18.0.1-30
check 'gives its addresses their source' test "$(from 10.0.0.77 '198\.18\.0\.\(8\|9\|10\|11\)')" = 4
check 'and no other' test "$(from 10.0.0.77 '198\.18\.0\.[0-9]*') $(from 10.0.0.1 '198\.18\.0\.[0-9]*')" = '4 26'

ip route add 198.18.0.0/16 via 10.0.0.2 src 10.0.0.78 table 100
ip rule add to 198.18.0.20/30 lookup 100
check 'a policy rule' sonde ping -q -w "$tmp/w.pcapng" 198.18.0.1-30
check 'gives its addresses theirs' test "$(from 10.0.0.78 '198\.18\.0\.2[0-3]')" = 4
check 'and no other, too' test "$(from 10.0.0.78 '198\.18\.0\.[0-9]*') $(from 10.0.0.77 '198\.18\.0\.[0-9]*')" = '4 4'
