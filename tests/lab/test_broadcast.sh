#!/bin/sh
# A broadcast address is known by the prefix of an interface (RFC 1122, 3.2.1.3), not by its last byte.
. "$LIB"

[ "${1-}" = inside ] || { unshare -n true 2>/dev/null || skip_all 'no network namespace of its own'; exec unshare -n "$0" inside; }
ip link add v0 type veth peer name v1 && ip link set v1 up && ip link set v0 up || skip_all "no pair of interfaces"
ip addr add 10.0.0.1/23 dev v0
ip addr add 10.0.4.1/25 dev v0
unset SONDE_LAB

expect 2 "the broadcast address of 25 bits without a word" "$SONDE" send -W 10ms ip dst=10.0.4.127 / icmp type=echo
tells "asks for it" '10.0.4.127: a broadcast or multicast address: .* say --broadcast'
expect 2 "and of ping, too" "$SONDE" ping -c 1 -W 10ms 10.0.4.127
tells "asks for it, too" 'say --broadcast'
expect 2 "the broadcast address of 23 bits" "$SONDE" send -W 10ms ip dst=10.0.1.255 / icmp type=echo
tells "asks for it as well" 'say --broadcast'
expect 0 "a host whose address ends in 255" "$SONDE" send --no-wait ip dst=10.0.0.255 / icmp type=echo
expect 0 "a broadcast with the word" "$SONDE" send --broadcast --no-wait ip dst=10.0.4.127 / icmp type=echo
