#!/bin/sh
# lab: pair
# The servers of `pair`: who answers, who refuses, who is silent, and that what is sent comes back whole.
. "$LIB"

# bash speaks tcp and udp by itself. The host's name gives both addresses, of which the IPv6 one is tried first.
talk='exec 3<>/dev/$1/$2/$3 && echo "hello $1 $3" >&3 && answer=$(timeout 5 head -n 1 <&3) && test "$answer" = "hello $1 $3"'

for address in 10.0.0.2 fd00::2; do
	for port in 7 22 80 443; do
		check "$address tcp $port echoes" bash -c "$talk" bash tcp $address $port
	done
	for port in 7 53; do
		check "$address udp $port echoes" bash -c "$talk" bash udp $address $port
	done
	expect 1 "$address tcp 8 is closed" timeout 5 bash -c 'exec 3<>/dev/tcp/$0/8' $address
	check 'and refuses' sh -c 'case $0 in *refused*) ;; *) exit 1 ;; esac' "$out"
	expect 1 "$address udp 9 is closed" timeout 5 bash -c 'exec 3<>/dev/udp/$0/9; echo >&3; read -r <&3' $address
	expect 124 "$address tcp 81 is silent" timeout 0.3 bash -c 'exec 3<>/dev/tcp/$0/81' $address
done
check 'the name serves as well' bash -c "$talk" bash tcp server 80

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
head -c 8000000 /dev/urandom >"$tmp/sent"
check '8 MB come back as they were sent' bash -c '
	exec 3<>/dev/tcp/server/7
	cat "$0" >&3 &
	head -c 8000000 <&3 | cmp - "$0"' "$tmp/sent"
# Processor time in ticks of the server.
ticks='ticks() { awk "{ print \$14 + \$15 }" /proc/"$(pgrep -x sonde-server)"/stat; }'
check 'a client that does not read costs nothing' bash -c "$ticks"'
	exec 3<>/dev/tcp/server/7
	timeout 0.5 cat "$0" >&3
	before=$(ticks)
	timeout 0.5 cat "$0" >&3
	test $(($(ticks) - before)) -lt 10' "$tmp/sent"
check 'and harms no other' bash -c '
	exec 3<>/dev/tcp/server/7
	timeout 0.5 cat "$0" >&3
	exec 4<>/dev/tcp/server/7
	echo hello >&4
	read -r -t 5 answer <&4 && test "$answer" = hello' "$tmp/sent"
check '500 clients at once' bash -c '
	ulimit -n 1024
	fds=()
	for ((i = 0; i < 500; i++)); do exec {fd}<>/dev/tcp/server/80 || exit 1; fds+=($fd); done
	for fd in ${fds[@]}; do echo "I am $fd" >&$fd; done
	for fd in ${fds[@]}; do read -r -t 5 answer <&$fd && test "$answer" = "I am $fd" || exit 1; done'

# Two servers that answer everything would answer each other for ever.
from_port='use Socket; alarm 5;
	socket(S, AF_INET, SOCK_DGRAM, 0) && bind(S, sockaddr_in($ARGV[0], INADDR_ANY)) or exit 3;
	send(S, "hello", 0, sockaddr_in(7, inet_aton("10.0.0.2")));
	vec($set, fileno(S), 1) = 1;
	exit(select($set, undef, undef, $ARGV[1]) ? 0 : 1)'
if has perl; then
	expect 0 'a datagram from port 5353 is answered' perl -e "$from_port" 5353 5
	expect 1 'one from port 53 is not' perl -e "$from_port" 53 0.3
else
	skip 'a datagram from port 53 is not answered' 'no perl here'
fi
