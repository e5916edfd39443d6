#!/bin/sh
# lab: pair
# sonde ping: each kind and family, one target and many, what is counted, and what is refused.
. "$LIB"

for family in 4 6; do
	for kind in '' '--tcp' '--tcp -p 8' '--udp' '--udp -p 7'; do
		check "-$family $kind" sonde ping -$family $kind -c 3 -i 20ms server
		tells "-$family $kind: all answered" '^3 sent, 3 received, 0 lost (0 %)'
	done
	expect 1 "-$family: a firewalled port" sonde ping -$family --tcp -p 81 -c 2 -i 20ms -W 100ms server
	tells "-$family: is lost" '^2 sent, 0 received, 2 lost (100 %)'
	check "-$family: itself" sonde ping -$family -c 2 -i 20ms client
done
check 'loopback' sonde ping -c 2 -i 20ms 127.0.0.1
check 'ARP' sonde ping --arp -c 2 -i 20ms 10.0.0.2
check 'link-local with a zone' sonde ping -c 2 -i 20ms fe80::ff:fe00:2%eth0
tells 'is answered from there' 'from fe80::ff:fe00:2'
check 'the zone may be a number' sonde ping -c 2 -i 20ms "fe80::ff:fe00:2%$(cat /sys/class/net/eth0/ifindex)"
for target in http://server/ server:80; do
	expect 2 "$target" sonde ping --tcp -c 1 $target
	tells 'is told to be no host' "target '$target': a host is wanted"
done
expect 2 'a network without its bits' sonde ping 10.0.0.0/x
tells 'is told' "target '10.0.0.0/x': not a network, such as 10.0.0.0/24"
expect 2 'but one of an interface' sonde ping -c 1 fe80::ff:fe00:2%77
tells 'and told' "no interface '77' here"
check 'its own link-local address' sonde ping -c 2 -i 20ms fe80::ff:fe00:1%eth0
check 'and without a zone' sonde ping -c 2 -i 20ms fe80::ff:fe00:1
expect 2 'ARP for IPv6' sonde ping --arp -6 -c 1 server
tells 'is refused' '^sonde ping: --arp asks for IPv4 addresses, and -6 for IPv6'
check 'without room for a token' sonde ping -s 0 -c 2 -i 20ms server
check 'large packets' sonde ping -s 1400 -c 2 -i 20ms server

check 'sizes in turn' sonde ping -4 -c 4 -i 20ms -s 100-200:50,7 server
tells 'round by round' '^158 bytes from 10.0.0.2: seq=2'
tells 'and part by part' '^15 bytes from 10.0.0.2: seq=4'
expect 2 'a size that is none' sonde ping -s 1300- server
check '--set' sonde ping -4 -c 2 -i 20ms --set 'ip ttl=1 tos=4' server
check '--set, a port of its own' sonde ping --tcp -c 3 -i 20ms --set 'tcp sport=5353' server
tells 'all are told apart' '^3 sent, 3 received, 0 lost'
check '--set, a UDP port' sonde ping --udp -c 3 -i 20ms --set 'udp sport=5353' server
tells 'all are answered' '^3 sent, 3 received, 0 lost'
check '--set, a payload' sonde ping -4 -c 2 -i 20ms --set 'icmp / text:hello' server
tells 'comes back' '^13 bytes from 10.0.0.2: seq=2'
check '--set, a file' sonde ping -4 -c 1 --set 'icmp / file:/etc/hosts' server
check '--set, a name' sonde ping -6 -c 1 --set 'ip6 src=client' server
check '--set, one more header' sonde ping -6 -c 2 -i 20ms --set 'ip6 / dstopts options=padn:4' server
expect 2 '--set, another destination' sonde ping -4 -c 1 --set 'ip dst=10.0.0.9' server
tells 'is refused' 'packets go to the targets'
tells 'and not counted as sent' '^0 sent, 0 received, 0 lost, 1 not sent (100 %)'

check 'the number on the screen is the one on the wire' sh -c 'sonde ping -q -c 2 -i 20ms -w - 10.0.0.2 | sonde read -q -o packets - | grep -c "type=echo .*seq=[12] " | grep -qx 2'
check 'several rounds of several targets' sonde ping -c 2 -i 20ms 10.0.0.1-2
tells 'count from 1' '^10.0.0.2 : seq=1, 64 bytes, '
tells 'to the last' '^10.0.0.2 : seq=2, 64 bytes, '

check 'a target from a file' sh -c 'echo 10.0.0.2 >$0; sonde ping -T $0 -c 1; rm $0' "${TMPDIR:-/tmp}/sonde-targets.$$"
tells 'is named by itself' '^PING 10.0.0.2 (10.0.0.2) 56 data bytes$'
tells 'also at the end' '^--- 10.0.0.2 ping statistics ---$'
check 'several names' sonde ping -4 client server
tells 'are told with their addresses' '^server (10.0.0.2) is alive ('
check 'in JSON' sonde ping --json -4 client server
tells 'likewise' '"type":"reply",.*"target":"10.0.0.2","name":"server",'
expect 1 'a name among others that has no address' sonde ping -4 nosuch.invalid server
tells 'is told' "^sonde ping: target 'nosuch.invalid': "
tells 'and the others are asked' '^server (10.0.0.2) is alive ('
tells 'and it is counted' '^1 targets, 1 alive, 0 unreachable, 1 unresolved$'
expect 1 'in JSON' sonde ping --json -4 nosuch.invalid server
tells 'it is an event' '"type":"not_sent",.*"name":"nosuch.invalid","cause":"unresolved"}'
tells 'and in the sums' '"type":"summary",.*"targets":1,"unresolved":1,'
expect 2 'nothing but such a name' sonde ping nosuch.invalid
expect 2 'such a name to leave out' sonde ping 10.0.0.1-2 --exclude nosuch.invalid
expect 1 'names in a file' sh -c 'echo nosuch.invalid server >$0; sonde ping -4 -T $0; s=$?; rm $0; exit $s' "${TMPDIR:-/tmp}/sonde-targets.$$"
tells 'are told, too' '^server (10.0.0.2) is alive ('

expect 1 'many targets' sonde ping 10.0.0.1-4 -W 200ms
tells 'each has its line' '^10.0.0.2 is alive (0.[0-9]* ms)$'
tells 'the silent ones, too' '^10.0.0.3 is unreachable$'
tells 'and all are counted' '^4 targets, 2 alive, 2 unreachable$'
check 'some left out' sonde ping 10.0.0.0/29 --exclude 10.0.0.3-6
tells 'are not asked' '^2 targets, 2 alive'
check 'targets that are given twice' sonde ping -H 10.0.0.2 10.0.0.1-2 10.0.0.2
tells 'are asked once' '^2 targets, 2 alive'
check 'targets from standard input' sh -c 'echo "10.0.0.1 # us
10.0.0.2" | sonde ping -T -'
tells 'are read' '^2 targets, 2 alive'

check '2000 echoes at an unlimited rate' sonde ping -q -c 2000 --rate max 10.0.0.2
tells 'are all answered' '^2000 sent, 2000 received, 0 lost'
check 'JSON' sonde ping --json -c 1 10.0.0.2
tells 'has the reply' '"type":"reply",.*"target":"10.0.0.2","seq":1,"rtt_ns":[0-9]*,"clock":"kernel frame","ttl":64,"size":64'
tells 'and the target' '"type":"target",.*"sent":1,"received":1,"lost":0'

# A wire that loses: what ping counts is what the firewall dropped.
nft -f - <<'RULES'
table inet lose {
	counter dropped { }
	chain input {
		type filter hook input priority 0;
		icmp type echo-reply numgen random mod 100 < 30 counter name dropped drop
	}
}
RULES
expect 0 'loss' sonde ping -q -c 300 -i 1ms -W 300ms 10.0.0.2
tells 'a drop behind the capture is not seen' '^300 sent, 300 received'
nft delete table inet lose

file=$(mktemp) || exit 1
# How long from the first packet to the last. A busy machine may begin late, but not always.
apart() {
	for try in 1 2 3 4 5 6 7 8; do
		sonde ping -q -c 3 -i 60ms -w "$file" 10.0.0.2 >/dev/null
		sonde read -q --time epoch "$file" | awk '/echo / { n++; at[n] = $1 } END { exit !(n == 3 && at[3] - at[1] > 0.08) }' && return
	done
	return 1
}
check 'rounds are apart from the first on' apart
check 'the file of -w' sonde ping -q -c 2 -i 20ms --seed 7 -w "$file" 10.0.0.2
check 'says what was run, with which seed' grep -aq 'ping -q -c 2 -i 20ms --seed 7 -w .*; seed 7; version' "$file"
check 'and which way it went' grep -aq '10.0.0.2 .*10.0.0.1.* eth0' "$file"
check 'and what each answer means' grep -aq 'up: the reply carries our identifier and sequence number (rule echo-reply)' "$file"
check 'JSON with a file' sonde ping --json -c 2 -i 20ms --tcp -w "$file" 10.0.0.2
tells 'has the sockets' '"seq":2,.*"proto":"tcp","local":"10.0.0.1:61001","remote":"10.0.0.2:80","community_id":"1:'
answer=$(echo "$out" | sed -n 's/.*"seq":2,.*"community_id":"\([^"]*\)".*"frame":\([0-9]*\)}/"n":\2,.*"community_id":"\1".*flags=SA/p')
check 'and the file' sonde read --json "$file"
tells 'has the answer at its number, of the same flow' "${answer:-no number}"
rm -f "$file"

# All but sending: without a route, and the packets that a run with this seed sends.
check 'a dry run' sonde ping --dry-run -c 2 --seed 7 --tcp 192.0.2.1
tells 'shows its packets' '^> ip .*dst=192.0.2.1 / tcp sport=61001 dport=80 seq=[0-9]* flags=S$'
check 'in JSON' sonde ping --dry-run --json 192.0.2.1-3 2001:db8::1
tells 'each of them' '"type":"sent",.*"target":"2001:db8::1","seq":1,"packet":"ip6 .*icmp6 .*"proto":"icmp6",'
tells 'and how many' '"type":"summary",.*"targets":4,"packets":4,"end":"complete","exit":0}'
built=$(sonde ping --dry-run -q -c 2 --seed 9 -w - 10.0.0.2 | sonde read -q -o packets - | grep -o 'icmp .*')
sonde ping -q -c 2 -i 20ms --seed 9 -w "$file" 10.0.0.2 >"$file.out"
check 'with the same seed' test "$built" = "$(sonde read -q -o packets "$file" | grep -o 'icmp type=echo .*')" -a -n "$built"
rm -f "$file" "$file.out"

check 'JSON of several' sonde ping --json -c 3 -i 20ms 10.0.0.1 10.0.0.2
tells 'has the quantiles of each' '"type":"target",.*"target":"10.0.0.2","sent":3,.*"p50_ns":[1-9][0-9]*,"p90_ns":[1-9][0-9]*,"p99_ns":[1-9]'

# Who is asked in a group answers from an address of its own.
check 'all nodes of a link' sonde ping --broadcast -c 2 -i 20ms ff02::1%eth0
tells 'one of them answers' '^64 bytes from fe80::ff:fe00:2: seq=2'
ip netns exec server sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts'
check 'a broadcast' sonde ping --broadcast -c 2 -i 20ms 10.0.0.255
tells 'is answered, too' '^64 bytes from 10.0.0.2: seq=2'

expect 2 'a port of no protocol' sonde ping -p 80 server
tells 'is refused' '-p is a port of --tcp or --udp'
expect 2 'a bare number' sonde ping 5
tells 'is no target' 'a bare number is no address'
expect 2 'broadcast' env -u SONDE_LAB sonde ping 10.0.0.255 224.0.0.1
tells 'needs a word' 'say --broadcast'
expect 2 'many addresses of others' env -u SONDE_LAB sonde ping 203.0.0.0/16
tells 'need a word, too' 'say --authorised'
expect 1 'no route' sonde ping -c 1 192.0.2.1
tells 'is told' 'no route to 192.0.2.1'
expect 2 'no such interface' sonde ping -I eth9 server

# Ctrl-C: the summary, and the status by what came.
sonde ping -i 50ms 10.0.0.2 >"${TMPDIR:-/tmp}/sonde-ping.$$" &
ping=$!
await grep -q 'seq=3' "${TMPDIR:-/tmp}/sonde-ping.$$"
kill -INT $ping
wait $ping
check 'interrupted, answered' test $? = 0
check 'with its summary' grep -q 'sent, .* received' "${TMPDIR:-/tmp}/sonde-ping.$$"
rm -f "${TMPDIR:-/tmp}/sonde-ping.$$"

# Another program's capture of the same frames has the same times between them, to the nanosecond.
if captures; then
	tmp=$(mktemp -d) || exit 1
	tcpdump -Z root -U --immediate-mode -s 256 -B 16384 -i eth0 --time-stamp-precision=nano -w "$tmp/frames" icmp 2>"$tmp/said" &
	capture=$!
	await grep -q listening "$tmp/said"
	sonde ping --json -c 20 -i 5ms 10.0.0.2 | sed -n 's/.*"type":"reply",.*"seq":\([0-9]*\),"rtt_ns":\([0-9]*\),.*/\1 \2/p' >"$tmp/ours"
	await sh -c "sonde read -q --count $tmp/frames | grep -qx 40"
	kill -INT $capture
	wait $capture
	# seconds and nanoseconds apart, for together they are longer than awk's numbers.
	sonde read -q -o packets "$tmp/frames" |
		sed -n 's/.*time=\([0-9]*\)\.\([0-9]*\) .*icmp type=\(echo[a-z-]*\) .* seq=\([0-9]*\).*/\1 \2 \3 \4/p' |
		awk '$3 == "echo" { s[$4] = $1; n[$4] = $2 } $3 == "echo-reply" { print $4, ($1 - s[$4]) * 1e9 + $2 - n[$4] }' >"$tmp/theirs"
	check 'twenty round trips were told' test "$(wc -l <"$tmp/ours")" = 20
	check 'and each is the difference of the two stamps' cmp "$tmp/ours" "$tmp/theirs"
	rm -rf "$tmp"
else
	skip 'the times of another capture' 'tcpdump cannot capture here'
fi
