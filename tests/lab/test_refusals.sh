#!/bin/sh
# lab: pair
# Every refusal of the kernel is told with its cause: MTU, firewall rule, no route, interface down, full queue.
. "$LIB"

# refused TITLE PATTERN PACKET...: sending fails, and the message is like this.
refused() {
	title=$1 pattern=$2
	shift 2
	out=$(sonde send "$@" 2>&1)
	got=$?
	if [ $got -ne 0 ] && echo "$out" | grep -q -- "$pattern"; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		echo "# status $got, said: $out"
	fi
}

refused 'a packet over the MTU' '1528 bytes: the interface.s MTU is 1500' ip dst=server / icmp type=echo / zero:1500
refused 'the same over IPv6' '1548 bytes: the interface.s MTU is 1500' ip6 dst=server / icmp6 type=echo / zero:1500
refused 'no route' 'no route to 192.0.2.1' ip dst=192.0.2.1 / icmp type=echo
refused 'no IPv6 route' 'no route to 2001:db8::1' ip6 dst=2001:db8::1 / icmp6 type=echo
expect 1 'a cause that goes on' sonde send -c 3 ip dst=192.0.2.1 / icmp type=echo
tells 'counts all' '^0 sent, 0 answered, 3 not sent$'
check 'and is told once' test "$(echo "$out" | grep -c 'no route')" -eq 1
refused 'a next hop that does not answer' '10.0.0.77' --via link ip dst=10.0.0.77 / icmp type=echo
refused 'no such interface' 'no interface eth9' -I eth9 ip dst=server

# The other end is down, and nobody watches what leaves.
ip netns exec server ip link set eth0 down
await sh -c 'ip link show eth0 | grep -q NO-CARRIER'
refused 'no carrier, and no waiting' 'the interface eth0 has no carrier' --no-wait ip dst=server / icmp type=echo
refused 'nor for frames' 'the interface eth0 has no carrier' --no-wait -I eth0 ether dst=02:00:00:00:00:02 / arp tpa=10.0.0.2
for to in 'ip dst=127.0.0.1 / icmp' 'ip dst=10.0.0.1 / icmp' 'ip6 dst=fd00::1 / icmp6 type=echo'; do
	check "loopback has one: $to" sonde send --no-wait $to
done
ip netns exec server ip link set eth0 up
await sh -c 'ip link show eth0 | grep -q LOWER_UP'
check 'nothing of it stays' sonde send --no-wait ip dst=server / icmp type=echo

expect 1 'a ping of everybody' sonde ping -c 1 10.0.0.255
tells 'names the option that it wants' '(--broadcast allows it if you mean it; see: ip route)'

nft -f - <<'RULES'
table inet refuse {
	chain output {
		type filter hook output priority 0;
		udp dport 99 drop
	}
}
RULES
refused 'a firewall rule' 'firewall' ip dst=server / udp dport=99
nft delete table inet refuse

# A queue of two packets that drains in seconds.
if tc qdisc add dev eth0 root tbf rate 8kbit burst 2000 limit 3000 2>/dev/null; then
	refused 'a full queue' 'queue' --no-wait -c 50 --rate max ip dst=server / udp dport=7 / zero:1400
	tc qdisc del dev eth0 root
	# A queue with room for more than a socket may send, and a way out: no packet is refused, however fast they come,
	# unless this machine itself stands still, which it does not always.
	waited() {
		for try in 1 2 3; do
			sonde send -q --no-wait -c 1000 --rate max ip dst=server / udp dport=9 / zero:1400 && return
		done
		return 1
	}
	tc qdisc add dev eth0 root tbf rate 200mbit burst 20000 limit 10000000
	check 'a full socket is waited for' waited
	tc qdisc del dev eth0 root
else
	skip 'a full queue' 'no tbf here'
	skip 'a full socket is waited for' 'no tbf here'
fi

# link STATE: the peer's; ours has carrier when the peer is up.
link() {
	ip netns exec server ip link set eth0 "$1"
	await grep -q "$([ "$1" = up ] && echo 1 || echo 0)" /sys/class/net/eth0/carrier
}
expect 0 'a neighbour that is known' sonde send ip dst=server / udp dport=7
link down
expect 1 'the other end of the link is down' sonde send -W 200ms ip dst=server / udp dport=1-20
tells 'that is told' 'the interface eth0 has no carrier'
tells 'with each packet that did not leave' ':20/udp  unknown: not sent: the interface is down, or has no carrier (rule link-down)\|^0 sent, 0 answered, 20 not sent'
tells 'and none of them is sent' '^0 sent, 0 answered, 20 never left$\|^0 sent, 0 answered, 20 not sent$\|^0 sent, 0 answered, [0-9]* never left, [0-9]* not sent$'
expect 1 'the same by frames' sonde send --via link -W 200ms ip dst=server / udp dport=7
tells 'is told alike' 'has no carrier\|does not answer ARP'
link up
await sonde send -W 200ms ip dst=server / icmp
ip netns exec server ip link set eth0 mtu 600
expect 1 'a veth whose other end takes less' sonde send -W 200ms ip dst=server / udp dport=7 / zero:1200
tells 'has no queue that could be full' 'the interface eth0 dropped it, and not for a full queue'
tells 'and may have another MTU' 'or its MTU smaller'
expect 1 'by frames as well' sonde send --via link -W 200ms ip dst=server / udp dport=7 / zero:1200
tells 'the same' 'the interface eth0 dropped it, and not for a full queue'
ip netns exec server ip link set eth0 mtu 1500
expect 1 'an address of the link that nobody has' sonde send -W 300ms ip dst=10.0.0.77 / udp dport=1-3
tells 'is not filtered' '10.0.0.77:3/udp  unknown: not sent: the next hop does not tell its link address (rule no-neighbour)'
tells 'and nothing is sent' '^0 sent, 0 answered, 3 never left$'

ip link set eth0 down
refused 'an interface that is down from the start' 'the interface eth0 is down (ip link set eth0 up)' ip dst=server / icmp type=echo
refused 'and chosen' 'the interface eth0 is down' -I eth0 ip dst=server / icmp type=echo
refused 'and for frames' 'down' --no-wait -I eth0 ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x88b5 / text:hello
ip link set eth0 up

if $unprivileged true 2>/dev/null; then
	tmp=$(mktemp -d) && chmod 755 "$tmp" && install -m 755 "$SONDE" "$tmp/sonde" || exit 1
	out=$($unprivileged "$tmp/sonde" send ip dst=10.0.0.2 / icmp type=echo 2>&1)
	got=$?
	if [ $got -eq 3 ] && echo "$out" | grep -q 'CAP_NET_RAW' && echo "$out" | grep -q 'sonde lab run'; then
		echo 'ok - without privilege: what is missing, and the ways to go on'
	else
		echo 'not ok - without privilege: what is missing, and the ways to go on'
		echo "# status $got, said: $out"
	fi
	expect 0 'what needs no privilege works' $unprivileged "$tmp/sonde" send --dry-run ip dst=10.0.0.2 / icmp type=echo
	rm -rf "$tmp"
else
	skip 'without privilege' 'no setpriv here'
fi
