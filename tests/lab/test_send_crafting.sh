#!/bin/sh
# What is crafted comes out as written, or is refused with the reason. Nothing is sent.
. "$LIB"

dry() {
	"$SONDE" send --dry-run -o packets "$@"
}

# repeat N TEXT JOINT
repeat() {
	awk -v n="$1" -v text="$2" -v joint="$3" 'BEGIN { for (; n > 1; n--) printf "%s%s", text, joint; print text }'
}

# --- Computed fields that do not fit

from='src=10.0.0.1 dst=10.0.0.2'
expect 2 "44 bytes of TCP options" dry ip $from / tcp 'options=mss:1,ts:1:2,sack:1-2+3-4+5-6+7-8'
tells "the limit and its source" 'tcp offset: header length in 4-byte words, at most 15 (RFC 9293)'
check "40 bytes of TCP options" dry ip $from / tcp 'options=mss:1,ts:1:2,sack:1-2+3-4+5-6'
check "44 bytes, and a written offset" dry ip $from / tcp offset=1 'options=mss:1,ts:1:2,sack:1-2+3-4+5-6+7-8'
expect 2 "44 bytes of IP options" dry ip $from options=rr:"$(repeat 10 1.1.1.1 +)"
tells "the limit and its source, of IP" 'ip ihl: .*at most 15 (RFC 791)'
expect 2 "130 routing addresses" dry ip6 src=::1 dst=::2 / routing type=source addrs="$(repeat 130 ::3 ,)"
tells "the limit and its source, of a routing header" 'routing length: .*at most 255 (RFC 8200'
expect 2 "an AH of 1100 bytes" dry ip $from / ah spi=1 icv="$(repeat 1088 00 '')"
tells "the limit and its source, of AH" 'ah length: .*at most 255 (RFC 4302)'
expect 2 "2100 bytes of destination options" dry ip6 src=::1 dst=::2 / dstopts \
	options="$(repeat 9 calipso:"$(repeat 231 00 '')" ,)"
tells "the limit and its source, of options" 'dstopts length: .*at most 255 (RFC 8200)'
expect 2 "a quote of 1200 bytes before objects" dry ip $from / icmp type=timxceed objects=mpls:1/0/1/1 / \
	ip src=10.0.0.9 dst=10.0.0.9 / udp / zero:1200
tells "the limit and its source, of a quote" 'icmp length: .*at most 255'
expect 2 "260 routers" dry ip $from / icmp type=router-advert addrs="$(repeat 260 1.1.1.1 ,)"
tells "the limit and its source, of a count" 'icmp naddrs: number of routers, at most 255'
expect 2 "70000 bytes of payload" dry ip $from / udp / zero:70000
tells "the limit and its source, of a length" 'ip length: bytes, header included, at most 65535 (RFC 791)'
check "70000 bytes, and written lengths" dry ip $from length=0 / udp length=0 / zero:70000
check "a jumbogram" dry ip6 src=::1 dst=::2 / hopopts options=jumbo:70016 / udp / zero:70000
expect 2 "an option of 300 bytes" dry ip $from / tcp options=77:"$(repeat 300 00 '')"
tells "the limit and its source, of an option" 'its length is at most 255 (RFC 9293)'
expect 2 "in a set, before the first packet is shown" dry --zip ip $from / udp dport=1,2 / zero:70000
says "nothing but the reason" \
	"sonde send: ip length: bytes, header included, at most 65535 (RFC 791): this packet needs more (length=N goes out as written)"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
check "a packet with written lengths of 0" dry -w "$tmp/a" ip $from length=0 / udp length=0 / zero:70000
out=$("$SONDE" read -o packets "$tmp/a" 2>/dev/null | cut -c1-200)
tells "they are printed: left out, they are refused" '^ip length=0 '

# --- Fragments

check "a written checksum and --fragment" dry --fragment 100 ip $from checksum=0x1234 / udp / zero:200
says_it=$(echo "$out" | grep -c 'checksum=0x1234')
check "it is in each of the three" test "$says_it" -eq 3
expect 2 "padding and --fragment" dry --fragment 100 ip $from / udp / zero:200 / pad hex:aabbccdd
tells "what fragments do not carry" '4 bytes lie behind the ip packet, and no fragment has them'
check "padding of what is not split" dry --fragment 1000 ip $from / udp / zero:200 / pad hex:aabbccdd
tells "it stays" '/ pad hex:aabbccdd'

# --- --set on what is not all there

overlaid() {
	"$SONDE" send --dry-run -w "$tmp/set" -r "$1" --set "$2" >/dev/null 2>&1
	"$SONDE" read -o packets "$tmp/set" 2>/dev/null | sed 's/^frame time=[0-9.]* //'
}
split() {
	"$SONDE" send --dry-run -w "$1" --fragment 100 ip "src=$2" dst=10.0.0.2 id=7 / udp sport=1 dport=2 / \
		text:"$(repeat 20 fragment0 '')" >/dev/null 2>&1
}
split "$tmp/fragments" 10.0.0.1
split "$tmp/wanted" 10.9.9.9
out=$(overlaid "$tmp/fragments" 'ip src=10.9.9.9')
want=$("$SONDE" read -o packets "$tmp/wanted" 2>/dev/null | sed 's/^frame time=[0-9.]* //')
tells "the datagram was in fragments" 'offset=20'
says "the checksum of a first fragment follows --set" "$want"
out=$(overlaid "$tmp/fragments" 'ip src=10.9.9.9 / udp checksum=0x1234')
tells "but not where --set writes it" 'udp .*checksum=0x1234'
"$SONDE" send --dry-run -w "$tmp/cut" frame wire=100 / ip id=7 $from / udp sport=1 dport=2 / text:abc >/dev/null 2>&1
out=$(overlaid "$tmp/cut" 'ip ttl=9')
says "a frame that is cut stays so" "frame wire=100 / ip id=7 ttl=9 $from / udp sport=1 dport=2 / text:abc"

# --- Extended echo

check "an extended echo request" dry -w "$tmp/xecho" ip id=1 $from / icmp type=xecho id=5 seq=7 flags=1 objects=byindex:2
out=$("$SONDE" read -o tree "$tmp/xecho" 2>/dev/null)
tells "its objects lie at byte 28" '^  001c  20  *ext_version 2'
