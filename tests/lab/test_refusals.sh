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

ip link set eth0 down
refused 'an interface that is down' 'down\|no route' -I eth0 ip dst=server / icmp type=echo
refused 'and for frames' 'down' --no-wait -I eth0 ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x88b5 / text:hello
ip link set eth0 up

if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	out=$(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all sonde send ip dst=10.0.0.2 / icmp type=echo 2>&1)
	got=$?
	if [ $got -eq 3 ] && echo "$out" | grep -q 'CAP_NET_RAW' && echo "$out" | grep -q 'sonde lab run'; then
		echo 'ok - without privilege: what is missing, and the ways to go on'
	else
		echo 'not ok - without privilege: what is missing, and the ways to go on'
		echo "# status $got, said: $out"
	fi
	expect 0 'what needs no privilege works' setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
		sonde send --dry-run ip dst=10.0.0.2 / icmp type=echo
else
	skip 'without privilege' 'no setpriv here'
fi
