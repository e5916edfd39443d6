#!/bin/sh
# lab: pair
# sonde connect and listen: streams and datagrams, many clients, half-closed, refused, reset and timed-out connections.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

listens() { ss -Hlntu "sport = $1" | grep -q .; }

# talk FAMILY HOST PORT TEXT: say it in a datagram, and end when something came back.
talk() {
	: >"$tmp/came"
	(echo "$4"; await test -s "$tmp/came") | sonde connect "$1" --udp -W 10ms "$2" "$3" >"$tmp/came"
	status=$?
	cat "$tmp/came"
	return $status
}

for family in 4 6; do
	check "-$family: a stream comes back" sh -c "echo hello | sonde connect -$family server 7"
	says "-$family: as it went" hello
	check "-$family: a datagram comes back" talk -$family server 7 hello
	says "-$family: as it went" hello
	expect 1 "-$family: nobody listens" sonde connect -$family server 8
	tells "-$family: and that is said" 'connection refused: nobody listens there'
	expect 1 "-$family: nobody takes datagrams" sh -c "echo hello | sonde connect -$family --udp -W 300ms server 9"
	tells "-$family: as ICMP tells" 'connection refused'
done
expect 1 'a firewall drops' sonde connect -4 -W 200ms server 81
tells 'and it times out' '10.0.0.2:81: no answer: timed out'
ip netns exec server nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in udp dport 81 drop'
expect 1 'a datagram that nobody answers' sh -c 'echo hello | sonde connect -4 --udp -W 200ms server 81'
tells 'is told, too' '10.0.0.2:81: no answer: timed out, after 6 bytes sent'
expect 2 'no such host' sonde connect nobody 80
tells 'is told' "^sonde connect: 'nobody': no such host"
expect 2 'no such service' sonde connect server no-service
says 'is told' "sonde connect: 'no-service': neither a port nor the name of a service"
for port in 65536 99999999999999999999 '' 8080,; do
	expect 2 "no port: '$port'" sonde listen "$port"
done
expect 2 'no port for a client' sonde connect server 0
expect 2 'no port at all' sonde connect server
expect 2 'no address of that family' sonde connect -6 10.0.0.2 7
says 'is told' "sonde connect: '10.0.0.2' has no IPv6 address"
expect 2 'a link-local address of no link' sonde connect fe80::ff:fe00:2 7
tells 'is told' 'name the interface (fe80::ff:fe00:2%eth0)'
check 'and of one' sonde connect fe80::ff:fe00:2%eth0 7 </dev/null
expect 3 'an address of somebody else' sonde connect --source 10.0.0.9 server 7

check 'each step is told' sh -c 'echo hi | sonde connect -4 --steps server 7'
for step in 'socket(AF_INET, SOCK_STREAM .*, 0) = ' 'connect([0-9]*, 10.0.0.2:7)' 'send([0-9]*, 3 bytes, .*) = 3' \
	'recv([0-9]*, room for [0-9]*, 0) = 3' 'getsockopt([0-9]*, SOL_SOCKET, SO_ERROR: none) = 0' \
	'shutdown([0-9]*, SHUT_WR) = 0' 'close([0-9]*) = 0' '(tcp, 10.0.0.1:[0-9]*, process [0-9]*) <-> 10.0.0.2:7'; do
	tells "with its result: $step" "$step"
done

sonde listen --once --steps 5000 </dev/null >"$tmp/got" 2>"$tmp/steps" &
await listens 5000
check 'a server takes one connection' sh -c 'printf "to the server" | sonde connect 127.0.0.1 5000'
wait $!
check 'and ends' test $? = 0
out=$(cat "$tmp/got")
says 'it prints what came' 'to the server'
out=$(cat "$tmp/steps")
for step in 'bind([0-9]*, 0.0.0.0:5000) = 0' 'listen([0-9]*, backlog 128) = 0' 'accept4([0-9]*, SOCK_NONBLOCK | SOCK_CLOEXEC) = ' '<-> 127.0.0.1:'; do
	tells "its steps: $step" "$step"
done

printf 'to the client' | sonde listen 5001 >"$tmp/got" &
await listens 5001
check 'half-closed: the client has nothing to say, and hears all' sonde connect 127.0.0.1 5001
says 'what the server said' 'to the client'
wait $!
check 'the server ends when its client has left' test $? = 0

sonde listen --echo 5002 2>"$tmp/lost" &
server=$!
await listens 5002
expect 3 'a port that is taken' sonde listen 5002
tells 'is told' 'address in use'
for i in 1 2 3 4 5 6 7 8; do
	# Each stays until the others have come, so that all are served at once.
	(echo "client $i"; await test -e "$tmp/go") | sonde connect 127.0.0.1 5002 >"$tmp/client.$i" &
done
await sh -c "cat $tmp/client.* 2>/dev/null | grep -c client | grep -qx 8"
check 'eight clients at once hear their own' sh -c "for i in 1 2 3 4 5 6 7 8; do grep -qx \"client \$i\" $tmp/client.\$i || exit 1; done"
touch "$tmp/go"
kill $server
wait $server
check 'a signal ends a server' test $? = 0

# The other side goes away with data unread: RST.
if has python3; then
	python3 -c '
import socket, struct
s = socket.create_server(("127.0.0.1", 5003))
c, _ = s.accept()
c.recv(1)
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()' &
	await listens 5003
	expect 1 'a reset connection' sh -c '(echo hello; sleep 0.2; echo more) | sonde connect 127.0.0.1 5003'
	tells 'says so' 'reset by the other side (RST), after [0-9]* bytes sent and 0 received'
else
	skip 'a reset connection' 'no python3 here'
fi

sonde listen --udp --echo --steps 127.0.0.1 5004 2>"$tmp/steps" &
server=$!
await listens 5004
check 'datagrams are echoed' talk -4 127.0.0.1 5004 one
says 'as they came' one
expect 3 'a second server does not take the port away' sonde listen --udp 127.0.0.1 5004
kill $server
out=$(cat "$tmp/steps")
for step in 'socket(AF_INET, SOCK_DGRAM .*, 0) = ' 'recvfrom([0-9]*, room for [0-9]*, 0, from 127.0.0.1:[0-9]*) = 4' \
	'sendto([0-9]*, 4 bytes, MSG_NOSIGNAL, to 127.0.0.1:[0-9]*) = 4' '(udp, 127.0.0.1:5004, process [0-9]*)'; do
	tells "its steps: $step" "$step"
done

sonde listen -4 --echo 5005,5006 &
server=$!
await listens 5006
check 'several ports' sh -c 'echo first | sonde connect 127.0.0.1 5005; echo second | sonde connect 127.0.0.1 5006'
says 'are served by one' 'first
second'
check 'the address of a name that answers is found' sh -c 'echo hello | sonde connect client 5005'
says 'and the other one told' 'sonde connect: [fd00::1]:5005: connection refused: nobody listens there (RST, or port unreachable); trying the next address
hello'
kill $server

# The server has nothing more to say at once; what it is told comes all the same.
sonde listen 5007 </dev/null >"$tmp/got" &
await listens 5007
check 'half-closed by the other side' sh -c '
	mkfifo "$0/keys"
	sonde connect 127.0.0.1 5007 <"$0/keys" 2>"$0/said" &
	exec 3>"$0/keys"
	i=500
	until grep -q half-closed "$0/said" || [ $((i -= 1)) -eq 0 ]; do sleep 0.02; done
	echo "still heard" >&3
	exec 3>&-
	wait $!' "$tmp"
out=$(cat "$tmp/said")
tells 'is told' '127.0.0.1:5007 sends no more, and still receives (half-closed)'
wait
out=$(cat "$tmp/got")
says 'and the open direction carries' 'still heard'

# A connection whose other side goes out of reach ends in time when the kernel gives up soon.
echo 1 >/proc/sys/net/ipv4/tcp_retries2
check 'a connection that times out' bash -c '
	coproc k { sonde connect -4 server 7 2>&1; echo "status $?"; }
	echo hello >&${k[1]}
	read -r -t 5 answer <&${k[0]}
	test "$answer" = hello || exit 1
	nft "add table inet cut; add chain inet cut out { type filter hook output priority 0; }; add rule inet cut out tcp dport 7 drop"
	echo hello >&${k[1]}
	read -r -t 30 answer <&${k[0]} && echo "$answer" && read -r -t 5 answer <&${k[0]} && echo "$answer"'
says 'is told' 'sonde connect: 10.0.0.2:7: no answer: timed out, after 12 bytes sent and 6 received
status 1'
nft delete table inet cut

# 1 GB over the link and back to the same sum; the server of the lab echoes on port 7.
sum='head -c 1000000000 /dev/zero | tr "\0" "x"'
want=$(sh -c "$sum" | cksum)
got=$(sh -c "$sum" | sonde connect server 7 | cksum)
check '1 GB arrives intact' test "$got" = "$want"
