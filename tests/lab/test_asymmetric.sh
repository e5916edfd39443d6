#!/bin/sh
# lab: pair
# Answers that come in by another interface than questions leave by are answers (RFC 1122, 3.3.4.2), as the kernel's own
# connections have it.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

ip link add eth1 type veth peer name eth1 netns server
ip addr add 10.1.0.1/24 dev eth1
ip link set eth1 up
ip netns exec server ip link set eth1 up
ip netns exec server ip route add 10.0.0.1/32 dev eth1
sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0
await grep -q up /sys/class/net/eth1/operstate

expect 0 'a ping' sonde ping -4 -c 3 -i 20ms -W 5s -w "$tmp/a.pcapng" server
tells 'is answered' '3 sent, 3 received'
expect 0 'its capture' sonde read "$tmp/a.pcapng"
tells 'has the answers where they came in' 'eth1 in .* echo-reply '
expect 0 'a SYN' sonde send -W 5s ip dst=server / tcp dport=80 flags=S
tells 'is answered' 'open: SYN+ACK'
expect 1 'who chose an interface hears that alone' sonde ping -4 -I eth0 -c 1 -W 300ms server

sonde ping -6 -i 20ms server >"$tmp/out" 2>&1 &
ping=$!
await grep -q seq=3 "$tmp/out"
ip link del eth1
seen=$(grep -c seq= "$tmp/out")
check 'an interface that nothing leaves by may go' await sh -c "test \$(grep -c seq= '$tmp/out') -gt $((seen + 3))"
kill -INT $ping
wait $ping
check 'and that is no error' test $? = 0
