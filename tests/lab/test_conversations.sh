#!/bin/sh
# lab: pair
# The conversations of docs/conversations.md, mistakes in scripts, and responders of one line.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
here=captures/conversations
on_server() {
	ip netns exec server "$@"
}

# listens HOST: a command there listens to frames.
listens() {
	[ "$(ip netns exec "$1" grep -c . /proc/net/packet)" -gt 1 ]
}

# What is answered by the server's kernel.
for name in handshake half-close reset zero-window retransmission; do
	check "$name" sonde send --as 10.0.0.99 -f "$here/$name.conv"
done
check 'neighbours' sonde send -f "$here/neighbours.conv"
check 'overlapping fragments' sonde send -f "$here/overlapping-fragments.conv"
check 'of which one is not answered' sh -c '! echo "$1" | grep -q "echo-reply.* seq=1"' - "$out"

# What needs somebody at the other end.
sonde send --as 10.0.0.99 -I eth0 -W 10s -f "$here/simultaneous-open.conv" >"$tmp/open" 2>&1 &
opening=$!
await listens client
printf hello | on_server timeout 5 "$SONDE" connect 10.0.0.99 40000 >/dev/null 2>&1
wait $opening
expect 0 'simultaneous open' test $? = 0
out=$(cat "$tmp/open")
tells 'has a SYN from both sides' '^ours: > .*flags=S$'
on_server "$SONDE" send --as 10.0.0.98 -W 10s -f "$here/sctp-server.conv" >"$tmp/server" 2>&1 &
serving=$!
await listens server
check 'SCTP association' sonde send --as 10.0.0.99 -f "$here/sctp.conv"
wait $serving
check 'at its other end, too' grep -q '^4 sent, 5 received' "$tmp/server"

# --- Responders ------------------------------------------------------------------------------------------------------

# responder PATTERN PACKET...: answers one packet at the server.
responder() {
	on_server "$SONDE" send -q --deadline 10 -c 1 -I eth0 --on "$@" >"$tmp/responder" 2>&1 &
	responding=$!
	await listens server
}

responder 'udp dport=53 / dns qr=0' ip src=@.dst dst=@.src / udp sport=53 dport=@.sport / \
	dns id=@.id qr=1 qname=@.qname answers=@.qname:A:192.0.2.7:ttl=60
check 'DNS question' sonde send -f "$here/dns.conv"
tells 'is answered with what was asked' 'answers=www.example.com:A:192.0.2.7:ttl=60'
wait $responding
responder 'arp op=request tpa=10.0.0.77' ether dst=@.arp.sha / arp op=reply spa=10.0.0.77 tha=@.sha tpa=@.spa
check 'an ARP responder' sonde ping --arp -c 1 10.0.0.77
wait $responding
check 'says what it did' grep -q '^1 matched, 1 sent' "$tmp/responder"
responder 'icmp6 type=neighbour-solicit target=fd00::77' ether dst=@.src / ip6 src=fd00::77 dst=@.src hlim=255 / \
	icmp6 type=neighbour-advert s=1 o=1 target=@.target options=tlla:02:00:00:00:00:77
cat >"$tmp/solicit" <<'TALK'
> ip6 dst=ff02::1:ff00:77 hlim=255 / icmp6 type=neighbour-solicit target=fd00::77
< icmp6 type=neighbour-advert target=fd00::77 options=tlla:02:00:00:00:00:77
TALK
check 'an ND responder' sonde send -f "$tmp/solicit"
wait $responding
responder 'udp dport=9' ip src=@.dst dst=@.src / udp sport=@.dport dport=@.sport / @.payload
check 'an echo responder' sonde send --expect 'udp / text:hello' ip dst=server / udp sport=4000 dport=9 / text:hello
wait $responding
responder 'udp dport=10' ip src=@.dst dst=@.src / icmp type=unreach code=host-prohib / \
	ip id=@.ip.id src=@.ip.src dst=@.ip.dst / udp sport=@.sport dport=@.dport
check 'an ICMP responder' sonde send --expect 'icmp type=unreach code=host-prohib / udp dport=10' \
	ip dst=server / udp sport=4000 dport=10
wait $responding
expect 1 'nothing to answer' sonde send -I eth0 --deadline 200ms --on 'tcp dport=1' ip dst=@.src / icmp
expect 2 'no interface to listen at' sonde send --on 'tcp dport=1' ip dst=@.src / icmp
tells 'is asked for' 'Say -I NAME'
expect 2 'a name where there is one packet' sonde send -I eth0 --on tcp ip dst=@other.src / icmp
tells 'is refused' '@other: the only other packet is the one that matches'

# --- An address that nobody has -------------------------------------------------------------------------------------

check 'a question from another address' sonde send --as 10.0.0.99 ip dst=server / icmp type=echo
tells 'is answered there' '^< ip .*dst=10.0.0.99 / icmp type=echo-reply'
check 'so with IPv6' sonde send --as fd00::99 ip6 dst=server / icmp6 type=echo
expect 2 'an address that the kernel has' sonde send --as 10.0.0.1 ip dst=server / icmp type=echo
tells 'is its own to answer for' 'this machine has it (eth0)'
expect 2 'loopback' sonde send --as 127.0.0.9 ip dst=127.0.0.1 / icmp type=echo
tells 'has no other addresses' 'on loopback all addresses are'

# --- Transcripts ----------------------------------------------------------------------------------------------------

sonde send -o packets --as 10.0.0.99 -f "$here/handshake.conv" >"$tmp/transcript" 2>/dev/null
check 'a transcript runs again' sonde send --as 10.0.0.99 -f "$tmp/transcript"
check 'and has what passed in comments' grep -q '^syn: > ip / tcp flags=S .*  # ip .*src=10.0.0.99' "$tmp/transcript"
sonde send -o packets ip dst=server / icmp type=echo / text:hi >"$tmp/transcript" 2>/dev/null
check 'so does one of packets' sonde send -f "$tmp/transcript"
tells 'with its answer' '^1 sent, 1 received$'

# --- Mistakes -------------------------------------------------------------------------------------------------------

# refused TITLE LINE WHY: the script on standard input is refused before anything is sent.
refused() {
	cat >"$tmp/script"
	expect 2 "$1" sonde send -f "$tmp/script"
	tells "$1: is told with its line" "script, line $2: .*$3"
}

refused 'a reference to nothing' 1 '@.: no line before this one waits for a packet' <<'TALK'
> ip dst=server / tcp ack=@.end
TALK
refused 'a reference to a later line' 1 '@b: no line before this one has that name' <<'TALK'
a: > ip dst=server / icmp type=echo id=@b.id
b: > ip dst=server / icmp type=echo id=@a.id
TALK
refused 'a reference to itself' 1 '@a: no line before this one has that name' <<'TALK'
a: > ip dst=server / icmp type=echo id=@a.id
TALK
refused 'a field that no layer has' 2 'no such field' <<'TALK'
a: > ip dst=server / icmp type=echo
> ip dst=server / icmp type=echo id=@a.icmp.ident5
TALK
refused 'a pattern to be sent' 2 'a pattern matches packets' <<'TALK'
wait 1ms
> ip dst=server / tcp dport=80-
TALK
refused 'what can never come' 2 'this can never match' <<'TALK'
> ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo
< ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo-reply
TALK
refused 'a name given twice' 2 'line 1 has that name already' <<'TALK'
a: > ip dst=server / icmp type=echo
a: < ip / icmp type=echo-reply
TALK
cat >"$tmp/script" <<'TALK'
> ip dst=server / tcp dport=9 flags=S
< ip / tcp flags=SA
> ip dst=server / tcp dport=9 flags=A
TALK
expect 1 'another answer' sonde send -W 200ms -f "$tmp/script"
tells 'is told beside what was wanted' 'line 2: wanted ip / tcp flags=SA, got ip .*flags=RA'
tells 'and ends it' '^1 sent, 0 received, 1 not asked for$'
cat >"$tmp/script" <<'TALK'
> ip dst=10.0.0.66 / icmp type=echo
< ip / icmp type=echo-reply
TALK
expect 2 'an option for packets' sonde send -c 3 -f "$tmp/script"
tells 'is refused' '^sonde send: -c is for packets, and .*script is a conversation'
expect 2 'an option for conversations' sonde send --retries 3 ip dst=server / icmp type=echo
tells 'is refused, too' '^sonde send: --retries is for conversations'
expect 1 'no answer' sonde send -W 200ms -f "$tmp/script"
tells 'is told' 'line 2: wanted ip / icmp type=echo-reply, got nothing in 200ms'
