#!/bin/sh
# lab: pair
# sonde connect and listen: streams and datagrams, many clients, half-closed, refused, reset and timed-out connections.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

tells() {
	if echo "$out" | grep -q -- "$2"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		echo "$out" | sed 's/^/# /'
	fi
}
listens() { ss -Hlntu "sport = $1" | grep -q .; }

for family in 4 6; do
	check "-$family: a stream comes back" sh -c "echo hello | sonde connect -$family server 7"
	says "-$family: as it went" hello
	check "-$family: a datagram comes back" sh -c "echo hello | sonde connect -$family --udp -W 300ms server 7"
	says "-$family: as it went" hello
	expect 1 "-$family: nobody listens" sonde connect -$family server 8
	tells "-$family: and that is said" 'connection refused: nobody listens there'
	expect 1 "-$family: nobody takes datagrams" sh -c "echo hello | sonde connect -$family --udp -W 300ms server 9"
	tells "-$family: as ICMP tells" 'connection refused'
done
expect 1 'a firewall drops' sonde connect -4 -W 200ms server 81
tells 'and it times out' '10.0.0.2:81: no answer: timed out'
expect 2 'no such host' sonde connect nobody 80
expect 2 'no such service' sonde connect server no-service
expect 2 'no port' sonde connect server

check 'each step is told' sh -c 'echo hi | sonde connect -4 --steps server 7'
for step in 'socket(AF_INET, SOCK_STREAM, 0) = ' 'connect([0-9]*, 10.0.0.2:7)' 'send([0-9]*, 3 bytes) = 3' 'recv([0-9]*, room for [0-9]*) = 3' \
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
for step in 'bind([0-9]*, 0.0.0.0:5000) = 0' 'listen([0-9]*, backlog 128) = 0' 'accept([0-9]*) = ' '<-> 127.0.0.1:'; do
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

sonde listen --udp --echo 5004 &
server=$!
await listens 5004
check 'datagrams are echoed' sh -c 'echo one | sonde connect --udp -W 300ms 127.0.0.1 5004'
says 'as they came' one
kill $server

# 1 GB over the link and back to the same sum; the server of the lab echoes on port 7.
sum='head -c 1000000000 /dev/zero | tr "\0" "x"'
want=$(sh -c "$sum" | cksum)
got=$(sh -c "$sum" | sonde connect server 7 | cksum)
check '1 GB arrives intact' test "$got" = "$want"
