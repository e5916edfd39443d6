#!/bin/sh
# lab: pair
# What a command on the client of `pair` finds.
. "$LIB"

check 'it knows that it is in a lab' test "$SONDE_LAB" = pair
check 'the host has its name' test "$(hostname)" = client
check 'sonde is this sonde' test "$(readlink -f "$(command -v sonde)")" = "$(readlink -f "$SONDE")"
check 'IPv4 resolves' test "$(getent ahostsv4 server | awk '{ print $1; exit }')" = 10.0.0.2
check 'IPv6 resolves' test "$(getent ahostsv6 server | awk '{ print $1; exit }')" = fd00::2
expect 2 'other names do not' getent hosts example.net
check 'MAC addresses are fixed' grep -q 02:00:00:00:00:01 /sys/class/net/eth0/address
check 'the link-local address follows from it' sh -c 'ip -6 address show dev eth0 | grep -q fe80::ff:fe00:1/64'
expect 1 'no address is tentative' sh -c 'ip address show | grep tentative'
check '/proc shows the processes of the lab' sh -c 'test "$(cat /proc/1/comm)" = sonde-lab'
check 'ip netns knows the hosts' sh -c 'test "$(ip netns list | awk "{ print \$1 }" | sort | tr "\n" " ")" = "client server "'

for address in 192.0.2.1 8.8.8.8 2001:db8::1; do
	expect 2 "there is no way to $address" ip route get $address
done
check 'no interface but loopback and the link' test "$(ls /sys/class/net | tr '\n' ' ')" = 'eth0 lo '
check 'no socket of a name service is in reach' test "$(find /run -type s | wc -l)" = 0

if has ping; then
	for family in 4 6; do
		check "ping -$family server" ping -$family -c 1 -W 2 server
		check "ping -$family to itself" ping -$family -c 1 -W 2 client
	done
else
	skip 'ping server' 'no ping here'
fi
