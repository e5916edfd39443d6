#!/bin/sh
# lab: pair
# sonde send between real hosts: each rule's verdict, each way of sending, what is written, and what is refused.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

check 'a SYN to a listener' sonde send ip dst=server / tcp dport=80 flags=S
tells 'is answered: open' '10.0.0.1:[0-9]* <-> 10.0.0.2:80/tcp  open: .* (rule syn-ack)'
check 'a SYN to nobody' sonde send ip dst=server / tcp dport=8 flags=S
tells 'is answered: closed' '10.0.0.2:8/tcp  closed: .* (rule rst)'
expect 1 'a SYN to a firewalled port' sonde send -W 200ms ip dst=server / tcp dport=81 flags=S
tells 'is not: filtered' '10.0.0.2:81/tcp  filtered: .* (rule no-answer)'
check 'silence can be what is expected' sonde send -W 200ms --expect none ip dst=server / tcp dport=81 flags=S
expect 1 'and an answer what is not' sonde send --expect none ip dst=server / tcp dport=80 flags=S
check 'a datagram to the echo port' sonde send ip dst=server / udp dport=7 / text:hello
tells 'comes back' '^< ip .* / udp sport=7 dport=[0-9]* .*text:hello'
check 'a datagram to nobody' sonde send ip dst=server / udp dport=9
tells 'is refused by ICMP, quoted' 'icmp type=unreach code=port / ip .* / udp .* dport=9'
tells 'so the port is closed' 'closed: .* (rule port-unreach)'
check 'the same over IPv6' sonde send ip6 dst=server / udp dport=9
tells 'with its own codes' 'icmp6 type=unreach code=port'
for family in ip ip6; do
	echo=icmp
	[ $family = ip6 ] && echo=icmp6
	check "$family: echo" sonde send $family dst=server / $echo type=echo / text:hello
	tells "$family: up" 'up: .* (rule echo-reply)'
	for via in raw link libnet; do
		check "$family: a SYN --via $via" sonde send --via $via $family dst=server / tcp dport=443 flags=S
	done
	check "$family: to its own address" sonde send $family dst=client / $echo type=echo
	tells "$family: is answered, too" 'echo-reply'
done
check 'loopback' sonde send ip dst=127.0.0.1 / icmp type=echo
check 'ARP' sonde send ether / arp op=request tpa=10.0.0.2
tells 'is answered' 'arp op=reply sha=02:00:00:00:00:02 spa=10.0.0.2'
check 'neighbour discovery' sonde send --broadcast ip6 dst=ff02::1:ff00:2 / icmp6 type=neighbour-solicit target=fd00::2 options=slla:02:00:00:00:00:01
tells 'is answered' 'type=neighbour-advert'
check 'a router alert goes with ICMP timestamps' sonde send ip dst=server options=ra / icmp type=timestamp orig=1
check 'link-local with a zone' sonde send ip6 dst=fe80::ff:fe00:2%eth0 / icmp6 type=echo
check 'its own link-local address' sonde send ip6 dst=fe80::ff:fe00:1%eth0 / icmp6 type=echo

check 'a set of ports' sonde send ip dst=server / tcp dport=22,80,443 flags=S
tells 'is all answered' '^3 sent, 3 answered$'
check 'the same seed' sonde send --seed 7 -o packets --dry-run ip dst=server / tcp dport=80 flags=S
first=$out
check 'again' sonde send --seed 7 -o packets --dry-run ip dst=server / tcp dport=80 flags=S
says 'makes the same packet' "$first"

expect 1 'a wrong checksum is sent as written' sonde send -W 200ms ip dst=server / udp dport=7 checksum=0xdead / text:hello
check 'what a raw socket would change goes by the packet socket' sonde send -v ip dst=server id=0 / icmp type=echo
tells 'and -v says why' 'packet socket: ip id: the kernel would fill in another'
expect 2 'what was asked for and cannot be is refused' sonde send --via raw ip dst=server checksum=0x1234 / icmp type=echo
tells 'with the field and the way out' 'ip checksum: .*--via link carries it'

check 'packets are written' sonde send -w "$tmp/w.pcapng" ip dst=server / tcp dport=80 flags=S
check 'and read' sonde read -q --time epoch "$tmp/w.pcapng"
tells 'the question' '10.0.0.1:[0-9]* > 10.0.0.2:80 tcp .*flags=S '
tells 'and the answer' '10.0.0.2:80 > 10.0.0.1:[0-9]* tcp .*flags=SA '
check 'JSON' sonde send --json ip dst=server / tcp dport=80 flags=S
tells 'begins with run' '^{"cmd":"send","type":"run",'
tells 'has the reply' '"type":"reply",.*"verdict":"open","rule":"syn-ack","proto":"tcp","local":"10.0.0.1:[0-9]*","remote":"10.0.0.2:80"'
tells 'ends with the summary' '"type":"summary",.*"sent":1,"answered":1,.*"end":"complete","exit":0}$'

check 'JSON with a file' sonde send --json -w "$tmp/j.pcapng" ip dst=server / tcp dport=80 flags=S
tells 'has a sent packet with its sockets' '"type":"sent",.*"proto":"tcp","local":"10.0.0.1:[0-9]*","remote":"10.0.0.2:80","community_id":"1:'
answer=$(echo "$out" | sed -n 's/.*"type":"reply",.*"community_id":"\([^"]*\)".*"frame":\([0-9]*\).*/"n":\2,.*"orig_h":"10.0.0.1",.*"community_id":"\1".*flags=SA/p')
question=$(echo "$out" | sed -n 's/.*"type":"reply",.*"community_id":"\([^"]*\)","sent_frame":\([0-9]*\).*/"n":\2,.*"orig_h":"10.0.0.1",.*"community_id":"\1".*flags=S"/p')
check 'and the file' sonde read --json "$tmp/j.pcapng"
tells 'has the question at its number, of the same flow' "${question:-no number}"
tells 'and the answer' "${answer:-no number}"
check 'without answers' sonde send --json --no-wait -w "$tmp/j.pcapng" ip dst=server / tcp dport=22,80 flags=S
tells 'the numbers are those of the packets' '"type":"sent",.*"n":2,.*"frame":2}'

cat >"$tmp/three" <<-EOF
	ip dst=10.0.0.2 / tcp dport=80 flags=S
	ip6 dst=fd00::2 / tcp dport=80 flags=S
	ip dst=10.0.0.2 / tcp dport=22 flags=S
	ip dst=127.0.0.1 / icmp type=echo
EOF
check 'where packets went' sonde send -q -i 100ms --seed 5 -w "$tmp/routes.pcapng" -f "$tmp/three"
check 'is in the file' grep -a -o 'sonde send.*-f.*\|route [0-9a-f.:]*.*dev [a-z0-9]*' "$tmp/routes.pcapng"
says 'each route once, the first beside arguments, seed and version' "sonde send -q -i 100ms --seed 5 -w $tmp/routes.pcapng -f $tmp/three; seed 5; version $(sonde --version | cut -d ' ' -f 2)
route 10.0.0.2 src 10.0.0.1 dev eth0
route fd00::2 src fd00::1 dev eth0
route local 127.0.0.1 src 127.0.0.1 dev lo"

check 'names are resolved on demand' sonde send --names ip dst=server / tcp dport=80 flags=S
tells 'in the line of the sockets' '^  client:[0-9]* <-> server:80/tcp  open: '
tells 'and not in the notation' '^> ip .*src=10.0.0.1 dst=10.0.0.2 '
check 'both families have them' sonde send --names ip6 dst=server / icmp6 type=echo
tells 'without a port where there is none' '^  client <-> server icmp6  up: '
check 'names in captures' sonde read --names "$tmp/w.pcapng"
tells 'are those of this machine' 'client:[0-9]* > server:80 tcp .*flags=S '
check 'the notation' sonde read -q --names -o packets "$tmp/w.pcapng"
packets=$out
check 'has numbers' sonde read -q -o packets "$tmp/w.pcapng"
says 'whatever is asked for' "$packets"
check 'JSON has numbers, too' sonde read --names --json "$tmp/w.pcapng"
[ "${out#*server}" = "$out" ] && echo 'ok - no name in it' || echo 'not ok - no name in it'
check 'a capture is sent again' sonde send -r "$tmp/w.pcapng" --rate original --loop 2
tells 'frame by frame, twice' '^> ether .* / tcp .*dport=80 .*flags=S'
check 'with fields laid over' sonde send -r "$tmp/w.pcapng" --dry-run -o packets --set 'ip ttl=9 / tcp dport=8'
tells 'where they belong' 'ttl=9 .* dport=8 '
check 'sets of them' sonde send -r "$tmp/w.pcapng" --dry-run -o packets --set 'ip ttl=9,10'
tells 'from the first value' ' ttl=9 '
tells 'frame by frame' ' ttl=10 '
check 'a capture' sonde send -r captures/arp.pcapng --loop 2 --dry-run -o packets
twice=$out
check 'from a pipe' sh -c 'cat captures/arp.pcapng | sonde send -r - --loop 2 --dry-run -o packets'
says 'is sent the same' "$twice"
expect 2 'JSON of a run that cannot begin' sonde send --json -I nope ip dst=server / icmp type=echo
tells 'ends with a summary' '"type":"summary".*"sent":0,.*"end":"error","exit":2'
check 'a layer that some lack' sonde send -r captures/arp.pcapng --dry-run -o packets --set 'ip ttl=9'
tells 'is worth a word' "--set 'ip ttl=9': there are packets without a layer ip"

expect 2 'a pattern that is wrong' sonde send --expect 'tcp flags=SX' ip dst=server / tcp flags=S
tells 'is refused for what is wrong with it' '--expect: layer 1: tcp flags=SX'
check 'an answer as expected' sonde send --expect 'tcp flags=+SA' ip dst=server / tcp dport=80 flags=S
tells 'counts' '^1 sent, 1 answered$'
expect 1 'another answer than expected' sonde send -W 0.2 --expect 'tcp flags=+SA' ip dst=server / tcp dport=9 flags=S
tells 'is told' '^1 sent, 0 answered, 1 answered otherwise than expected$'
expect 2 'a pattern as a packet' sonde send ip dst=server / tcp dport=80-
tells 'is refused with what to write' 'tcp dport: a pattern .*a set with both ends'
expect 2 'an address is no packet' sonde send 10.0.0.2
tells 'but tells which' 'try sonde send ip dst=10.0.0.2 / icmp type=echo'
expect 2 'loops are those of a capture' sonde send --loop 3 ip dst=server / icmp type=echo
tells 'packets are counted' 'repeated with -c N'
expect 2 'so is a pace of its own' sonde send --rate 2x ip dst=server / icmp type=echo
expect 2 'a zone that is not there' sonde send ip6 dst=fe80::1%nope / icmp6 type=echo
tells 'is what is named' "send: layer 1: ip6 dst=fe80::1%nope: no interface 'nope' here"
expect 1 'the zone of another interface' sonde send ip6 dst=fe80::ff:fe00:2%1 / icmp6 type=echo
tells 'has a name' 'send: no route to fe80::ff:fe00:2%1 by the interface lo '
expect 2 'the other family' sonde send -4 ip6 dst=server / icmp6 type=echo
tells 'does not pass -4' 'an IPv6 packet, and -4'
expect 2 'a broadcast of the subnet without a word' sonde send ip dst=10.0.0.255 / icmp type=echo
tells 'asks for it' 'say --broadcast'
expect 2 'nowhere to go' sonde send hex:00
tells 'is a question of the interface' 'write ip dst=ADDRESS in front of it, or choose the interface'
expect 2 'more than a length can say' sonde send --fragment 1500 ip dst=server / zero:70000
tells 'is said' 'ip length: .* at most 65535 (RFC 791)'
expect 2 'a line of a file' sh -c 'printf "ip dst=10.0.0.2\n# ip\nip / tpc\n" | sonde send -f -'
tells 'is named' 'standard input, line 3: layer 2: .*did you mean .tcp'
check 'SIGQUIT asks how it stands' sh -c 'sonde send -q -i 100ms -W 10s --expect none -c 300 ip dst=server / tcp dport=81 flags=S 2>"$0" &
	for i in $(seq 500); do test -e "$0" && break; sleep 0.02; done
	for i in $(seq 100); do
		kill -QUIT $!
		sleep 0.05
		grep -q "waiting for" "$0" && break
	done
	kill -INT $!
	wait $!
	[ $? = 130 ]; cat "$0"' "$tmp/quit"
tells 'and is told' 'sonde send: [0-9]* sent, 0 answered, 0 not answered, 0 not sent, waiting for [0-9]*'
check 'ten thousand, of which none is answered' sonde send -q --rate max -c 10000 -W 200ms --expect none ip dst=server / tcp dport=81 flags=S

# in_order COMMAND...: the events of its JSON have times that do not fall.
in_order() {
	"$@" | sed -n 's/.*"type":"[a-z]*","time":"\([0-9.]*\)".*/\1/p' | LC_ALL=C sort -c
}
check 'a packet is sent before its answer comes' in_order sonde send --json ip dst=server / tcp dport=80 flags=S

cat >"$tmp/sides" <<-EOF
	ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / arp op=request tpa=10.0.0.2
	ether dst=02:00:00:00:00:01 src=02:00:00:00:00:02 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=5000 seq=1 flags=SA
	ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=5000 dport=80 seq=2 flags=A
EOF
check 'a capture of both sides' sonde send -q --dry-run -w "$tmp/sides.pcapng" -f "$tmp/sides"
check 'only the originator' sonde send -r "$tmp/sides.pcapng" --only orig
tells 'sends one frame' '^1 sent'
tells 'its own' '^> ether .* / tcp .*dport=80 .*flags=A'
tells 'and says what it leaves out' 'left out 1 frames of the responders and 1 without a 5-tuple'
check 'only the responder' sonde send --json -r "$tmp/sides.pcapng" --loop 2 --only resp
tells 'sends the other, twice' '"type":"summary",.*"sent":2,.*"left_out":2,"no_5_tuple":2,'
# The capture's first frame cannot be sent, and the second can.
cat >"$tmp/big" <<-EOF
	ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=5 dport=9 / zero:1500
	ip src=10.0.0.1 dst=10.0.0.2 id=2 / udp sport=5 dport=7 / text:x
EOF
check 'a capture of raw packets' sonde send -q --dry-run -w "$tmp/big.pcapng" -f "$tmp/big"
expect 1 'a first frame over the MTU' sonde send --replies 1 -r "$tmp/big.pcapng"
tells 'is told with its cause' '1528 bytes: the interface.s MTU is 1500'
tells 'counted, and the next frame is sent' '^1 sent, 1 answered, 1 not sent$'
expect 1 'so with a file' sonde send -f "$tmp/big"
tells 'of packets' '^1 sent, 1 answered, 1 not sent$'
expect 2 'where none can be sent' sonde send -r "$tmp/big.pcapng" -c 1
tells 'that is a mistake' '^0 sent, 1 not sent$'
if nft -f - <<'RULES'
table inet drop9 {
	chain output {
		type filter hook output priority 0;
		udp dport 9 drop
	}
}
RULES
then
	sed 's/zero:1500/text:y/' "$tmp/big" >"$tmp/dropped"
	check 'a capture' sonde send -q --dry-run -w "$tmp/dropped.pcapng" -f "$tmp/dropped"
	expect 1 'a first frame that a firewall rule drops' sonde send --replies 1 -r "$tmp/dropped.pcapng"
	tells 'is told with its cause' 'a firewall rule of this machine dropped it'
	tells 'counted, and the next frame is sent' '^1 sent, 1 answered, 1 not sent$'
	expect 1 'without answers' sonde send -r "$tmp/dropped.pcapng"
	tells 'so, too' '^1 sent, 1 not sent$'
	expect 3 'where none may be sent' sonde send -r "$tmp/dropped.pcapng" -c 1
	tells 'the system refuses' '^0 sent, 1 not sent$'
	nft delete table inet drop9
else
	skip 'a first frame that a firewall rule drops' 'no nft here'
fi
expect 2 'another side' sonde send -r "$tmp/sides.pcapng" --only client
tells 'is none' 'one of orig, resp'
expect 2 'sides are those of a capture' sonde send --only orig ip dst=server / icmp type=echo
tells 'and of nothing else' 'for the frames of a capture'

for family in ip ip6; do
	echo=icmp
	[ $family = ip6 ] && echo=icmp6
	check "$family: a packet over the MTU goes in fragments" sonde send --fragment 1280 $family dst=server / $echo type=echo / random:4000
	tells "$family: and is answered" '(rule echo-reply)'
done
check 'fragments can be looked at' sonde send --dry-run -o packets --fragment 76 ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=5 dport=7 / zero:100
tells 'the first has the header' '^ip id=7 flags=MF src=10.0.0.1 dst=10.0.0.2 / udp sport=5 dport=7'
tells 'the last has the rest' '^ip id=7 offset=7 .*proto=udp'
expect 2 'DF is obeyed' sonde send --fragment 76 ip dst=server flags=DF / udp dport=7 / zero:100
