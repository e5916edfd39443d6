#!/bin/sh
# lab: line:1
# sonde ping of TCP and UDP ports: each line names the port and what the answer means; errors say what they know.
. "$LIB"

server=10.0.1.2
ip netns exec r1 nft -f - <<'RULES'
table inet answers {
	chain forward {
		type filter hook forward priority 0;
		tcp dport 81 drop
		meta nfproto ipv4 tcp dport 82 reject with icmp type admin-prohibited
		meta nfproto ipv6 tcp dport 82 reject with icmpv6 type admin-prohibited
		meta nfproto ipv4 udp dport 83 reject with icmp type port-unreachable
		meta nfproto ipv6 udp dport 83 reject with icmpv6 type port-unreachable
	}
}
RULES

for family in 4 6; do
	to=$(getent "ahostsv$family" server | sed -n '1s/ .*//p')
	[ $family = 4 ] && to='10\.0\.1\.2' || to="\\[$to\\]"
	check "-$family: an open port" sonde ping -$family --tcp -p 80 -c 1 server
	tells "-$family: is told as that" "^$to:80 open: seq=1 ttl=63 time=[0-9.]* ms"
	check "-$family: a closed one" sonde ping -$family --tcp -p 8 -c 1 server
	tells "-$family: is told as that" "^$to:8 closed: seq=1 ttl=63 time="
	expect 1 "-$family: a silent one" sonde ping -$family --tcp -p 81 -c 1 -W 100ms server
	tells "-$family: is told as filtered" "^$to:81 filtered: seq=1 no answer: dropped, or lost (rule no-answer)$"
	expect 1 "-$family: one that a router forbids" sonde ping -$family --tcp -p 82 -c 1 -W 100ms server
	tells "-$family: is told with who forbids it" "^From .* about $to:82: seq=1 filtered: .*(rule prohibited)$"
	check "-$family: a UDP port that answers" sonde ping -$family --udp -p 7 -c 1 server
	tells "-$family: is open" "^$to:7 open: seq=1 "
	check "-$family: one without a listener" sonde ping -$family --udp -c 1 server
	tells "-$family: is closed" "^$to:33434 closed: seq=1 "
	expect 1 "-$family: one that a router rejects" sonde ping -$family --udp -p 83 -c 1 -W 100ms server
	tells "-$family: is filtered" "^From .* about $to:83: seq=1 filtered: .*(rule port-unreach-router)$"
done

check 'with -v' sonde ping -v --tcp -c 1 $server
tells 'the reason follows' '^10.0.1.2:80 open: .*: SYN+ACK acknowledges our SYN (rule syn-ack)$'
expect 1 'several ports of hosts' sonde ping --tcp -p 81 -W 100ms 10.0.1.1 $server
tells 'open ones and closed ones' '^10.0.1.1:81 is closed ([0-9.]* ms)$'
tells 'and filtered ones' '^10.0.1.2:81 is filtered: no answer: dropped, or lost (rule no-answer)$'
check 'several rounds' sonde ping --tcp -c 2 -i 20ms 10.0.1.1 $server
tells 'count from 1' '^10.0.1.2:80 : seq=1, open, [0-9.]* ms ('
tells 'to the last' '^10.0.1.1:80 : seq=2, closed, '
check 'JSON' sonde ping --json --tcp -c 1 $server
tells 'has the verdict' '"type":"reply",.*"verdict":"open","rule":"syn-ack",.*"remote":"10.0.1.2:80"'
expect 1 'JSON of silence' sonde ping --json --tcp -p 81 -c 1 -W 100ms $server
tells 'has it, too' '"type":"lost",.*"verdict":"filtered","rule":"no-answer",.*"remote":"10.0.1.2:81"'

# One target for each port of each host, in the order in which they were given.
expect 1 'several ports' sonde ping --tcp -p 80,81,7-9,80 -W 100ms $server
tells 'are a line each' '^10.0.1.2:8 is closed ([0-9.]* ms)$'
tells 'also silent ones' '^10.0.1.2:81 is filtered: no answer'
tells 'each once' '^5 targets, 4 alive, 1 unreachable$'
check 'of several hosts, IPv4 and IPv6, stamped out of one packet' sonde ping --tcp -p http,22,443,1000-1999 -q 10.0.1.1 $server fd00:0:0:1::2
tells 'all of them' '^3009 targets, 3009 alive, 0 unreachable$'
check 'UDP' sonde ping --udp -p u:7,33434 --json $server server
tells 'each with its socket' '"verdict":"open",.*"remote":"10.0.1.2:7"'
tells 'and the closed one' '"verdict":"closed",.*"remote":"10.0.1.2:33434"'
check 'several rounds of ports' sonde ping --tcp -p 7,8 -c 3 -i 20ms $server
tells 'are counted for each port' '^10.0.1.2:8 : 3 sent, 3 received'
expect 2 'ports of the other protocol' sonde ping --tcp -p u:53 $server
tells 'are refused' 'the protocol that is asked'
expect 2 'ports of echoes' sonde ping -p 22,80 $server
tells 'likewise' 'say which of the two'
expect 2 'port 0' sonde ping --tcp -p 0 $server

ip netns exec r1 ip link set eth1 mtu 1300
expect 1 'a narrow link' sonde ping -c 1 -W 200ms -s 1400 --df $server
tells 'is told with its MTU' '^From 10.0.0.2: seq=1 on the way: a link on the way is too narrow.*: 1300 bytes (rule too-big)$'
expect 1 'in JSON' sonde ping --json -c 1 -W 200ms -s 1400 --df $server
tells 'likewise' '"rule":"too-big","mtu":1300,'
if has setpriv; then
	allow_echoes
	tmp=$(mktemp -d) && chmod 755 "$tmp" && install -m 755 "$SONDE" "$tmp/sonde" || exit 1
	expect 1 'without privilege' $unprivileged "$tmp/sonde" ping --json -c 1 -W 200ms -s 1400 --df $server
	tells 'as well' '"rule":"too-big","mtu":1300,'
	rm -rf "$tmp"
else
	skip 'without privilege' 'no setpriv(1)'
fi

has script || { skip 'colours' 'no script(1) to make a terminal'; exit; }
# on_terminal TERM COMMAND: what it prints there.
on_terminal() {
	env TERM="$1" script -qec "$2" /dev/null </dev/null
}
esc=$(printf '\033')
check 'on a terminal' on_terminal xterm "sonde ping --tcp -c 1 $server"
tells 'verdicts have colour' "$esc\\[32mopen$esc\\[0m"
expect 1 'losses' on_terminal xterm "sonde ping --tcp -p 81 -c 1 -W 100ms $server"
tells 'have it, too' "$esc\\[31m1 lost (100 %)$esc\\[0m"
check 'a dumb terminal' on_terminal dumb "sonde ping --tcp -c 1 $server"
check 'has none' sh -c '! echo "$0" | grep -q "$1"' "$out" "$esc"
check 'nor with NO_COLOR' on_terminal xterm "env NO_COLOR=1 sonde ping --tcp -c 1 $server"
check 'neither' sh -c '! echo "$0" | grep -q "$1"' "$out" "$esc"
expect 2 'a dumb terminal for --live' on_terminal dumb "sonde ping --live -c 1 $server"
tells 'is no screen' 'a screen needs more than a dumb terminal'
