#!/bin/sh
# Record captures/conversations/NAME.pcapng anew: each conversation as it runs in a lab, at our end. Needs root.
set -u
cd "$(dirname "$0")/.." || exit 1
SONDE=${SONDE:-$PWD/${BUILD:-build}/sonde}
here=captures/conversations
name=record-conversations
trap '"$SONDE" lab down -q "$name" 2>/dev/null' EXIT

up() {
	"$SONDE" lab down -q "$name" 2>/dev/null
	"$SONDE" lab up -q -t "$1" --name "$name" || exit 1
}

at() {
	"$SONDE" lab exec "$name" "$@"
}

# record NAME [OPTION...]
record() {
	conversation=$1
	shift
	at client "$SONDE" send -q --seed 1 -w "$here/$conversation.pcapng" "$@" -f "$here/$conversation.conv" ||
		echo "$conversation: not as it should be"
}

# Until a command at this host listens to frames.
await() {
	for _ in $(seq 100); do
		[ "$(at "$1" grep -c . /proc/net/packet)" -gt 1 ] && return
		sleep 0.05
	done
}

up pair
for conversation in handshake half-close reset zero-window retransmission; do
	record "$conversation" --as 10.0.0.99
done
record neighbours
record overlapping-fragments
record simultaneous-open --as 10.0.0.99 -I eth0 -W 5s &
await client
printf hello | at server timeout 5 "$SONDE" connect 10.0.0.99 40000 >/dev/null 2>&1
wait $!
at server "$SONDE" send -q --as 10.0.0.98 -W 5s -f "$here/sctp-server.conv" &
await server
record sctp --as 10.0.0.99
wait $!
at server "$SONDE" send -q -c 1 --deadline 5 -I eth0 --on 'udp dport=53 / dns qr=0' ip src=@.dst dst=@.src / \
	udp sport=53 dport=@.sport / dns id=@.id qr=1 qname=@.qname answers=@.qname:A:192.0.2.7:ttl=60 &
await server
record dns
wait $!
up "$here/narrow.topology"
record path-mtu
record record-route
