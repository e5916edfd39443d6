#!/bin/sh
# lab: pair
# sonde ping while things go wrong on this machine: each cause is told once and counted, and the run goes on, or ends as
# the man page says.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# begin OPTION...: a ping that runs on; its text is in $tmp/out, what it says of faults in $tmp/said.
begin() {
	: >"$tmp/out" >"$tmp/said"
	sonde ping -i 20ms "$@" 10.0.0.2 >"$tmp/out" 2>"$tmp/said" &
	ping=$!
	await grep -q 'seq=3' "$tmp/out"
}
said() {
	check "$1" await grep -q -- "$2" "$tmp/said"
}
# Answers come again: five more than there are.
answers_again() {
	n=$(($(grep -c 'bytes from' "$tmp/out") + 5))
	check "$1" await sh -c "test \$(grep -c 'bytes from' $tmp/out) -ge $n"
}
# end STATUS TITLE: Ctrl-C, and the summary in $out.
end() {
	kill -INT $ping 2>/dev/null
	wait $ping
	expect 0 "$2" test $? = "$1"
	out=$(cat "$tmp/out")
}
told_once() {
	check "$1 is told once" test "$(grep -c -- "$2" "$tmp/said")" = 1
}

# Before the interface goes down, and its IPv6 address with it.
ip -6 neigh flush dev eth0
check 'the wait for a neighbour, IPv6' sonde ping --json -c 1 fd00::2
tells 'is in JSON' '"type":"reply".*"clock":"kernel frame","arp_ns":[1-9]'
# From now on nobody speaks but who is asked: what IPv6 says by itself would fill the queues below, and a question of the
# server would tell its address before it is asked for.
echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
ip netns exec server ip neigh replace 10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01 nud permanent

begin
ip link set eth0 down
said 'an interface that is down' 'the interface eth0 is down'
sleep 0.2
ip link set eth0 up
answers_again 'goes on when it is up'
end 0 'status 0: there were answers'
tells 'the rounds between are counted' '^not sent: [1-9][0-9]* interface-down'
told_once 'an interface that is down' 'is down'

begin
ip address del 10.0.0.1/24 dev eth0
said 'an address that is removed' '10.0.0.1 is no longer an address of this machine'
ip address add 10.0.0.1/24 dev eth0
answers_again 'goes on when it is back'
end 0 'status 0'
tells 'the rounds between are counted' '^not sent: [1-9][0-9]* no-address'

begin
ip route del 10.0.0.0/24
said 'no route' 'no route to'
ip route add 10.0.0.0/24 dev eth0
answers_again 'goes on when there is one'
end 0 'status 0'
tells 'the rounds between are counted' '^not sent: [1-9][0-9]* no-route'

begin
nft -f - <<'RULES'
table inet fault {
	chain output {
		type filter hook output priority 0;
		icmp type echo-request drop
	}
}
RULES
said 'a firewall rule' 'a firewall rule of this machine dropped it'
sleep 0.2
nft delete table inet fault
answers_again 'goes on without it'
end 0 'status 0'
tells 'the rounds between are counted' '^not sent: [1-9][0-9]* firewall'
told_once 'a firewall rule' 'firewall rule'

# Packets go to the kernel many at a time: it refuses one of them, and the others go.
nft -f - <<'RULES'
table inet fault {
	chain output {
		type filter hook output priority 0;
		ip daddr 127.0.0.7 drop
	}
}
RULES
expect 1 'one refused among twenty' sonde ping -c 3 -i 10ms --rate max -W 500ms 127.0.0.1-20
tells 'the others are answered' '^20 targets, 19 alive'
tells 'all of its rounds are counted' '^not sent: 3 firewall'
tells 'and none of the others is lost' '^127.0.0.8 : 3 sent, 3 received'
nft delete table inet fault

# A queue with room, and hardly any way out of it: the kernel takes the packets, and keeps them.
if tc qdisc add dev eth0 root tbf rate 1kbit burst 1600 limit 100000 2>/dev/null; then
	expect 0 'packets that the kernel keeps' sonde ping -c 4 -i 20ms -s 1400 -W 200ms 10.0.0.2
	tells 'are known not to have left' '^1 sent, 1 received, 0 lost (0 %), 3 never left'
	tc qdisc del dev eth0 root
else
	skip 'packets that the kernel keeps' 'no tbf here'
fi

ip neigh flush dev eth0
expect 1 'a neighbour that is not there' sonde ping -c 3 -i 20ms -W 100ms 10.0.0.77
tells 'is told' '10.0.0.77: the next hop does not tell its link address'
tells 'and counted' '^never left: 3 no-neighbour'
expect 1 'which the kernel asked for before' sonde ping -W 100ms 10.0.0.2 10.0.0.77
tells 'is counted as that' '^never left: 1 no-neighbour'
ip neigh flush dev eth0
check 'the wait for a neighbour' sonde ping -c 2 -i 20ms 10.0.0.2
tells 'is told apart, beside the first reply' '^64 bytes from 10.0.0.2: seq=1 .* (arp [0-9.]* ms before)$'
tells 'and in the summary' '^arp = [0-9.]* ms'

# A queue of two packets that drains in seconds.
if tc qdisc add dev eth0 root tbf rate 8kbit burst 2000 limit 3000 2>/dev/null; then
	expect 0 'a full queue' sonde ping -q -c 50 -i 1ms -s 1000 -W 500ms 10.0.0.2
	tells 'is told once' 'the queue of the interface is full'
	tells 'and counted' '^not sent: [1-9][0-9]* queue-full'
	tc qdisc del dev eth0 root
else
	skip 'a full queue' 'no tbf here'
fi

ip link set eth0 mtu 1000
expect 1 'more than the MTU' sonde ping -c 2 -i 20ms --df -s 1200 10.0.0.2
tells 'is counted' '^not sent: 2 mtu'
ip link set eth0 mtu 1500

expect 1 'no route from the start' sonde ping -c 2 -i 20ms 192.0.2.1
tells 'is counted' '^not sent: 2 no-route'

begin
ip link del eth0
wait $ping
expect 0 'a deleted interface ends the run: status 3' test $? = 3
said 'with its name' 'the interface eth0 is gone'
check 'and the summary' grep -q '^[0-9]* sent, [1-9][0-9]* received' "$tmp/out"
