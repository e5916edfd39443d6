#!/bin/sh
# lab: pair
# sonde connect and listen: which addresses they take, what --check answers, whom they blame, and that --steps tells
# every call.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# listens PORT N: so many sockets are bound to it.
listens() { test "$(ss -Hlntu "sport = $1" | wc -l)" -eq "$2"; }

# talk ARGUMENT...: send hello in a datagram, and end when something came back.
talk() {
	: >"$tmp/came"
	(echo hello; await test -s "$tmp/came") | sonde connect --udp -W 300ms "$@" >"$tmp/came"
	status=$?
	cat "$tmp/came"
	return $status
}

# Both families.
for datagram in '' --udp; do
	sonde listen $datagram --echo -v 6000 2>"$tmp/said" &
	server=$!
	check "listen $datagram: two sockets" await listens 6000 2
	for address in 127.0.0.1 10.0.0.1 ::1 fd00::1; do
		if [ -n "$datagram" ]; then
			check "listen --udp: $address is served" talk $address 6000
		else
			check "listen: $address is served" sh -c "echo hello | sonde connect $address 6000"
		fi
		says 'and answers' hello
	done
	kill $server
	wait $server
	out=$(cat "$tmp/said")
	tells "listen $datagram: IPv4 is told" 'listens on 0.0.0.0:6000'
	tells "listen $datagram: and IPv6" 'listens on \[::\]:6000'
done
for family in 4 6; do
	sonde listen -$family --echo 600$family &
	server=$!
	await listens 600$family 1
	check "listen -$family: one family" sh -c "echo hello | sonde connect client 600$family"
	check 'is served' sh -c 'echo "$0" | grep -qx hello' "$out"
	expect 1 'the other one is not' sonde connect -$((10 - family)) client 600$family
	kill $server
done
sonde listen -v 0 2>"$tmp/said" &
server=$!
await grep -q 'listens on .*::' "$tmp/said"
kill $server
check 'listen 0: one port for both families' sh -c '
	cat "$0"; test "$(sed -n "/listens on/s/.*://p" "$0" | sort -u | wc -l)" -eq 1' "$tmp/said"

# Datagrams that one address refuses go to the next one.
sonde listen -4 --udp --echo 6010 &
server=$!
await listens 6010 1
check 'a datagram that the first address refuses' talk client 6010
says 'is sent to the next one' 'sonde connect: [fd00::1]:6010: connection refused: nobody listens there (RST, or port unreachable); trying the next address
hello'
check 'all of several datagrams are' sh -c '
	(for i in 1 2 3 4 5; do echo $i; sleep 0.02; done; sleep 0.2) | sonde connect --udp -W 300ms client 6010 2>/dev/null | sort |
		tr "\n" " " | grep -qx "1 2 3 4 5 "'
expect 1 'where all refuse' sh -c 'echo hello | sonde connect --udp client 6011'
tells 'it ends' '10.0.0.1:6011: connection refused: nobody listens there.*, after 6 bytes sent and 0 received$'
kill $server
expect 1 'silence is no refusal' sh -c 'ip netns exec server nft "add table inet u; add chain inet u in { type filter hook input priority 0; }; add rule inet u in ip6 nexthdr udp drop"
	echo hello | sonde connect --udp -W 200ms server 7'
says 'nothing is sent twice' 'sonde connect: [fd00::2]:7: no answer: timed out, after 6 bytes sent and 0 received'
ip netns exec server nft delete table inet u

# Sources, and addresses that are not one host's.
for source in fe80::ff:fe00:1 fe80::ff:fe00:1%eth0; do
	check "a link-local source: $source" sh -c "echo hello | sonde connect --source $source fe80::ff:fe00:2%eth0 7"
	says 'is on the link of the other end' hello
done
check 'the other end is on the link of the source' \
	sh -c 'echo hello | sonde connect --source fe80::ff:fe00:1%eth0 fe80::ff:fe00:2 7'
for address in 1.2.3.4 2001:db8::9; do
	expect 3 'a source that is not here' sonde connect --source $address server 7
	says 'is blamed itself' "sonde connect: --source $address: this machine does not have that address"
done
for words in '10.0.0.255 7' '--udp 10.0.0.255 7' '255.255.255.255 7' '--udp 255.255.255.255 7'; do
	expect 2 "broadcast: connect $words" sonde connect $words </dev/null
	tells 'is told' "^sonde connect: [0-9.]*:7: a broadcast address, which has no other end (sonde send --broadcast)$"
done
expect 2 'a host and its port in a word' sonde connect server:80
tells 'is two words' 'HOST and PORT are two words: sonde connect server 80'
for zone in 77 0 nope; do
	expect 2 "the zone $zone" sonde connect fe80::ff:fe00:2%$zone 7
	tells 'is told' "'fe80::ff:fe00:2%$zone': no interface '$zone' here"
done
for words in '224.0.0.1 7' '-6 ff02::1%eth0 7'; do
	expect 2 "multicast: connect $words" sonde connect $words </dev/null
	tells 'is told' ':7: a multicast address, which has no other end (sonde send --broadcast)$'
done

# Every call is told: as strace sees them, where it is here.
check 'each call is told' sh -c 'echo hi | sonde connect -4 --steps --source 10.0.0.1 server 7'
for call in 'socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) = ' \
	'setsockopt([0-9]*, SOL_SOCKET, SO_REUSEADDR, 1) = 0' 'bind([0-9]*, 10.0.0.1:0) = 0'; do
	tells "with its options: $call" "$call"
done
if has strace; then
	echo hi | strace -e trace=%network -o "$tmp/trace" sonde connect --steps --source 10.0.0.1 10.0.0.2 7 2>"$tmp/steps" >&2
	for call in socket setsockopt bind connect getsockopt shutdown; do
		check "$call: as often as strace says" test "$(grep -c "^$call(.*) *=" "$tmp/steps")" -eq \
			"$(grep -v SO_TYPE "$tmp/trace" | grep -c "^$call(.*) *=")"
	done
fi

# --check, as nc -z: is it open?
check 'check: an open port' sonde connect --check 10.0.0.2 80
says 'is told' '10.0.0.2:80 open'
expect 1 'check: a closed port' sonde connect --check 10.0.0.2 8
says 'is told' '10.0.0.2:8 connection refused: nobody listens there (RST, or port unreachable)'
expect 1 'check: a filtered port' sonde connect --check -W 200ms 10.0.0.2 81
says 'is told' '10.0.0.2:81 no answer: timed out'
check 'check: a set of ports, of which some are open' sonde connect --check -W 200ms -6 server 6-8,22,80-81
says 'is told in its order' '[fd00::2]:6 connection refused: nobody listens there (RST, or port unreachable)
[fd00::2]:7 open
[fd00::2]:8 connection refused: nobody listens there (RST, or port unreachable)
[fd00::2]:22 open
[fd00::2]:80 open
[fd00::2]:81 no answer: timed out'
check 'check: quietly' sonde connect --check -q 10.0.0.2 8,80
says 'says nothing' ''
check 'check: 500 ports' sh -c 'sonde connect --check -4 -W 200ms server 1-500 | grep -c open | grep -qx 4'
check 'check: a name with an address that is not served' sh -c '
	sonde listen -4 --echo 6020 & server=$!
	. "$LIB"; await sh -c "ss -Hlnt \"sport = 6020\" | grep -q ."
	sonde connect --check client 6020; status=$?; kill $server; exit $status'
says 'finds the one that is' '10.0.0.1:6020 open'
check 'check: services by name' sonde connect --check 10.0.0.2 ssh,http
says 'are ports' '10.0.0.2:22 open
10.0.0.2:80 open'
check 'check: an echo of datagrams' sonde connect --check --udp 10.0.0.2 7
says 'answers' '10.0.0.2:7 open'
expect 1 'check: a port that takes no datagrams' sonde connect --check --udp 10.0.0.2 9
says 'refuses' '10.0.0.2:9 connection refused: nobody listens there (RST, or port unreachable)'
for ports in 0 65536 7, 9-8 7-x no-service 1-2-3 ''; do
	expect 2 "check: no ports: '$ports'" sonde connect --check server "$ports"
done
expect 2 'a set of ports without --check' sonde connect server 7,8
tells 'names it' "'7,8': .*--check"
expect 3 'check: a source that is not here' sonde connect --check --source 1.2.3.4 server 7
says 'is blamed itself' 'sonde connect: --source 1.2.3.4: this machine does not have that address'
