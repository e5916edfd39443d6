#!/bin/sh
# lab: pair
# What is no answer to a ping is not taken for one: the server is silent, and sends forged answers and in the end the true
# one. Two pings at once do not see each other's answers.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

server() {
	ip netns exec server "$@"
}
# forge PACKET...: the server sends it.
forge() {
	server sonde send -q --no-wait ip src=10.0.0.2 dst=10.0.0.1 / "$@" >"$tmp/forged" 2>&1 && return
	echo "not ok - forging $*"
	sed 's/^/# /' "$tmp/forged"
}
# ask COUNTER OPTION...: a ping of one packet whose tokens are known, waited for until the server has it.
ask() {
	counter=$1 before=$($1)
	shift
	sonde ping -c 1 -W 20s --seed 7 "$@" 10.0.0.2 >"$tmp/out" 2>&1 &
	ping=$!
	await arrived "$counter" "$before"
}
arrived() {
	test "$($1)" -gt "$2"
}
told() {
	wait $ping
	expect "$1" "$2" test $? = "$1"
	out=$(cat "$tmp/out")
}
# What the server has received so far.
echoes() {
	server awk '/^Icmp:/ && n++ { print $10 }' /proc/net/snmp
}
# The server's firewall drops tcp 81 before TCP counts it: the rule counts.
segments() {
	server nft list table inet watch | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# What a packet carries follows from the seed.
sonde ping -q -c 1 --seed 7 -w "$tmp/frames" 10.0.0.2 >/dev/null
echo=$(sonde read -q -o packets "$tmp/frames" | grep 'type=echo ')
id=$(echo "$echo" | sed -n 's/.*icmp .* id=\([0-9]*\) .*/\1/p')
payload=hex:${echo##*hex:}
wrong=hex:00$(echo "${payload#hex:}" | cut -c3-)
check 'the token of a seed is known' test -n "$id" -a "${#payload}" = 116

server sh -c 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'
ask echoes
reply="icmp type=echo-reply code=0 id=$id seq=1"
forge $reply / $wrong
forge $reply / hex:ffffffffffffff7fffffffffffffff7f / zero:40
forge $reply / hex:00000000000000800000000000000080 / zero:40
forge $reply
forge $reply / hex:00
forge $reply checksum=0x1234 / $payload
forge icmp type=echo-reply code=0 id=$((id ^ 1)) seq=1 / $payload
forge icmp type=echo-reply code=0 id=$id seq=2 / $payload
quote="ip src=10.0.0.1 dst=10.0.0.2"
forge icmp type=unreach code=1 / $quote / icmp type=echo id=$id seq=1 / $wrong
forge icmp type=unreach code=1 / $quote / icmp type=echo id=$((id ^ 1)) seq=1 / $payload
forge icmp type=unreach code=1 / $quote length=65535 / icmp type=echo id=$((id ^ 1)) seq=1
forge icmp type=unreach code=1 / $quote ihl=15 / icmp type=echo id=$id seq=1
forge icmp type=unreach code=1 / $quote / udp sport=$id dport=0
forge icmp type=timxceed code=0 / hex:45
forge icmp type=unreach code=1
check 'ping goes on' kill -0 $ping
forge $reply / $payload
told 0 'the true answer ends it'
tells 'it is the only one' '^1 sent, 1 received, 0 lost (0 %), time'
tells 'wrong tokens, extreme and short ones, and a lying quote are counted' '^rejected: 6 wrong token, 1 wrong checksum$'

# Byte 48 of the payload, and the last eight.
digits=${payload#hex:}
ask echoes
forge $reply / hex:$(echo "$digits" | cut -c1-96)ff$(echo "$digits" | cut -c99-)
told 0 'altered data is an answer'
tells 'and the first wrong byte is told' '^64 bytes from 10.0.0.2: seq=1 .*, wrong data byte #48 was 0xff should be 0x30'
tells 'and counted' '^1 sent, 1 received, 0 lost (0 %), 1 altered, time'
ask echoes --json
forge $reply / hex:$(echo "$digits" | cut -c1-96)ff$(echo "$digits" | cut -c99-)
told 0 'in JSON'
tells 'likewise' '"type":"reply",.*"wrong_byte":48,"was":255,"should_be":48,'
ask echoes --json
forge $reply / hex:$(echo "$digits" | cut -c1-96)
told 0 'short data is an answer'
tells 'of which is told how much came back' '"type":"reply",.*"echoed":48,'
tells 'and it is counted' '"type":"target",.*"altered":1,'

ask echoes
forge icmp type=unreach code=1 / $quote / icmp type=echo id=$id seq=1
await grep -q '^From' "$tmp/out"
forge $reply / $payload
told 0 'an error that quotes eight bytes of ours is one'
tells 'and is told with its rule' '^From 10.0.0.2: seq=1 .*(rule host-unreach)'
server sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_all'

server nft -f - <<'RULES'
table inet watch {
	chain first {
		type filter hook prerouting priority -300;
		tcp dport 81 counter
	}
}
RULES
sonde ping -q --tcp -p 81 -c 1 -W 50ms --seed 7 -w "$tmp/frames" 10.0.0.2 >/dev/null
seq=$(sonde read -q -o packets "$tmp/frames" | sed -n 's/.*dport=81 seq=\([0-9]*\) .*/\1/p')
check 'the sequence number of a seed is known' test -n "$seq"
ask segments --tcp -p 81
forge tcp sport=81 dport=61000 flags=SA seq=1 ack=$((seq + 2))
forge tcp sport=81 dport=61000 flags=SA seq=1 ack=0
forge tcp sport=81 dport=61000 flags=RA ack=$((seq + 1000))
forge tcp sport=80 dport=61000 flags=SA seq=1 ack=$((seq + 1))
forge tcp sport=81 dport=61000 flags=SA seq=1 ack=$((seq + 1)) checksum=0x1234
check 'ping goes on' kill -0 $ping
forge tcp sport=81 dport=61000 flags=SA seq=1 ack=$((seq + 1))
told 0 'the true segment ends it'
tells 'it is the only one' '^1 sent, 1 received, 0 lost (0 %), time'
tells 'segments that acknowledge nothing of ours are counted' '^rejected: 3 wrong token, 1 wrong checksum$'

sonde ping -q -c 300 -i 2ms -W 5s 10.0.0.2 >"$tmp/one" &
sonde ping -q -c 300 -i 2ms -W 5s 10.0.0.2 >"$tmp/two" &
wait
for out in "$(cat "$tmp/one")" "$(cat "$tmp/two")"; do
	tells 'two at once do not see each other' '^300 sent, 300 received, 0 lost (0 %), time'
done
