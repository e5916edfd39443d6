#!/bin/sh
# lab: pair
# What a verdict of sonde send rests on: answers to groups, data that came back altered, questions that nobody had to
# answer.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# answered TITLE FORGED ARGUMENT...: sonde send with these arguments, while the server sends FORGED again and again.
answered() {
	title=$1 forged=$2
	shift 2
	(while :; do ip netns exec server sonde send -q --no-wait --broadcast $forged; sleep 0.05; done) >"$tmp/forged" 2>&1 &
	forger=$!
	check "$title" sonde send -W 5s "$@"
	kill $forger
	wait $forger 2>/dev/null
}

ip netns exec server sysctl -qw net.ipv4.icmp_echo_ignore_all=1
answered 'echo data that comes back altered' 'ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo-reply id=5 seq=6 / text:pong' \
	ip dst=server / icmp id=5 seq=6 / text:ping
tells 'counts as an answer, and is told' 'up: .*; its data came back altered (rule echo-reply)'
answered 'data that comes back short' 'ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo-reply id=5 seq=6 / text:p' \
	--json ip dst=server / icmp id=5 seq=6 / text:ping
tells 'is told in JSON' '"type":"reply",.*"rule":"echo-reply","remark":"its data came back short"'
answered 'a file of it' 'ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo-reply id=5 seq=6 / text:p' \
	-w "$tmp/w.pcapng" ip dst=server / icmp id=5 seq=6 / text:ping
check 'can be read' sonde read "$tmp/w.pcapng"
tells 'and tells it' 'echo-reply), its data came back short'

answered 'a solicitation of routers' 'ip6 hlim=255 src=fe80::ff:fe00:2 dst=ff02::1 / icmp6 type=router-advert' \
	--broadcast ip6 hlim=255 dst=ff02::2 / icmp6 type=router-solicit
tells 'is answered to all nodes' '^< ip6 .*dst=ff02::1 / icmp6 type=router-advert'
answered 'a DHCP discover' '-I eth0 ip src=10.0.0.2 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=reply xid=7 options=message-type:offer,end' \
	--broadcast -I eth0 ip src=0.0.0.0 dst=255.255.255.255 / udp sport=68 dport=67 / dhcp xid=7 options=message-type:discover,end
tells 'is answered to all' 'up: a server offers an address.* (rule dhcp-offer)'

sum="the question's checksum is wrong: hosts drop it"
expect 1 'a checksum that is wrong' sonde send -W 200ms ip dst=server / tcp dport=80 flags=S checksum=1
tells 'is what silence comes from' "filtered: no answer: dropped, or lost; $sum (rule no-answer)"
expect 1 'so in a set' sonde send -W 200ms ip dst=server / tcp dport=1-20 flags=S checksum=1
check 'each' test "$(echo "$out" | grep -c "$sum")" = 20
expect 1 'a checksum for offload' sonde send -W 200ms ip dst=server / udp dport=7 checksum=partial
tells 'is wrong on the wire' "$sum"
expect 1 'in JSON' sonde send --json -W 200ms ip dst=server / tcp dport=80 flags=S checksum=1
tells 'as a remark' "\"type\":\"silence\",.*\"rule\":\"no-answer\",\"remark\":\"$sum\""
expect 1 'a wrong length' sonde send -W 200ms ip dst=server / udp dport=7 length=7
tells 'is told, too' "; a length in the question is wrong: hosts drop it (rule no-answer)"
expect 1 'a wrong version' sonde send -W 200ms ip dst=server version=5 / udp dport=7
tells 'as well' "; the question's IP version is wrong: hosts drop it (rule no-answer)"
expect 1 'no checksum in IPv6' sonde send -W 200ms ip6 dst=server / udp dport=7 checksum=0
tells 'as well' "; the question has no checksum, which IPv6 demands: hosts drop it (rule no-answer)"
expect 1 'a TTL of 1' sonde send -W 200ms ip dst=server ttl=1 / tcp dport=81 flags=S
tells 'as well' "; the question's TTL is 1: no router passes it on (rule no-answer)"
expect 1 'silence about a sound question' sonde send -W 200ms ip dst=server / tcp dport=81 flags=S
tells 'has no remark' 'filtered: no answer: dropped, or lost (rule no-answer)'
check 'an answer, whatever the TTL' sonde send ip dst=server ttl=1 / tcp dport=80 flags=S
tells 'has none either' 'SYN+ACK acknowledges our SYN (rule syn-ack)'

# What is sent to a group in frames of its own, as a source of 0.0.0.0 needs it, has the group's link address.
group() {
	expect 1 "to $1" sonde send --via link --broadcast -I eth0 -W 100ms -w "$tmp/g.pcapng" $3 dst="$1" / udp sport=1 dport=2
	check 'the frame' sonde read -o packets "$tmp/g.pcapng"
	tells "has the address of the group" "ether dst=$2 "
}
group 255.255.255.255 ff:ff:ff:ff:ff:ff ip
group 10.0.0.255 ff:ff:ff:ff:ff:ff ip
group 239.129.2.3 01:00:5e:01:02:03 ip
group ff02::1:2 33:33:00:01:00:02 ip6
