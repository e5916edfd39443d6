#!/bin/sh
# lab: line:1
# sonde ping without CAP_NET_RAW: echoes by the datagram ICMP socket, TCP by connect(2), and what is refused.
. "$LIB"

has setpriv || skip_all 'no setpriv(1) to give up capabilities'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
install -m 755 "$SONDE" "$tmp/sonde" || exit 1
cd /

ping() {
	expect "$1" "$2" $unprivileged "$tmp/sonde" ping -i 20ms "$3" $4
}

echo '1 0' >/proc/sys/net/ipv4/ping_group_range
ping 3 'a group that may not' -c2 10.0.2.2
tells 'the message says what is missing' 'need CAP_NET_RAW, or a group in net.ipv4.ping_group_range'
allow_echoes

nft -f - <<'RULES'
table inet silence {
	chain input {
		type filter hook input priority 0;
		tcp sport 81 drop
	}
}
RULES
server=$(getent ahostsv4 server | sed -n '1s/ .*//p')
for family in 4 6; do
	ping 0 "-$family: echoes" -c3 "-$family server"
	tells "-$family: what is lost by it, in a line" '^sonde ping: without CAP_NET_RAW, echoes go by the datagram ICMP socket'
	tells "-$family: all answered" '^3 sent, 3 received, 0 lost'
	ping 1 "-$family: errors of routers" -c2 "-$family --ttl 1 server"
	tells "-$family: are told with who sent them" '^From [0-9a-f].*[0-9a-f]: seq=2 .*(rule'
	ping 0 "-$family: connections" -c2 "-$family --tcp server"
	tells "-$family: open" '^.*[:.].*:80 open: seq=2 time='
	ping 0 "-$family: or refused" -c2 "-$family --tcp -p 8 server"
	tells "-$family: are answers" '^2 sent, 2 received'
	ping 1 "-$family: a silent port" -c2 "-$family --tcp -p 81 -W 100ms server"
	tells "-$family: is silent" '^2 sent, 0 received, 2 lost (100 %)'
done
ping 1 'errors about one of several' -c1 '--ttl 1 10.0.0.2 10.0.1.2'
tells 'name it' '^From 10.0.0.2 about 10.0.1.2: seq=1 '
ping 0 'both families at once' -c2 'server 127.0.0.1 ::1'
ping 0 'the times' -c10 "--json $server"
tells 'are the kernel'\''s, of the socket' '"rtt_ns":[0-9]*,"clock":"kernel socket","ttl":63'
ping 0 'of connections' -c1 "--json --tcp $server"
tells 'they are our own' '"clock":"user"'
ip route del default
ping 1 'no route' -c2 203.0.113.1
tells 'is told' 'no route to 203.0.113.1'
ping 1 'and none for connections' -c2 '--tcp 203.0.113.1'
tells 'is told, too' '^not sent: 2 no-route'
ip route add default via 10.0.0.2
expect 0 'many, as fast as it goes' $unprivileged "$tmp/sonde" ping -q --rate max -c 2000 "$server"
tells 'are answered' '^2000 sent, 2000 received, 0 lost'
for refused in "--arp $server" "--udp $server" "-w $tmp/frames $server"; do
	ping 3 "$refused" -c1 "$refused"
	tells 'needs the capability' 'need CAP_NET_RAW'
done
out=$($unprivileged sh -c "$tmp/sonde ping -q -c 300 -i 1ms $server & $tmp/sonde ping -c 300 -q -i 1ms $server; wait")
check 'two at once do not see each other' test "$(echo "$out" | grep -c '^300 sent, 300 received, 0 lost (0 %), time')" = 2
