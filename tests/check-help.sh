#!/bin/sh
# sonde help fields: every line fits 80 columns; protocols show their example, fields their words, as they are written
# and as other tools say them; what is not there is refused with what is near.
set -u
cd "$(dirname "$0")/.." || exit 1
SONDE=${SONDE:-${BUILD:-build}/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0

complain() {
	echo "$1"
	bad=1
}

# fits NAME...: what is said of it is not nothing, and no line is too long.
fits() {
	"$SONDE" help fields "$@" >"$tmp/out" || complain "help fields $*: exit status $?"
	[ -s "$tmp/out" ] || complain "help fields $*: nothing"
	awk -v name="$*" 'length($0) > 80 { print "help fields " name ": " length($0) " columns: " $0; bad = 1 } END { exit bad }' \
		"$tmp/out" || bad=1
}

fits
protocols=$(awk '/^[a-z]/ { print $1 }' "$tmp/out")
[ "$(echo "$protocols" | wc -l)" -gt 25 ] || complain "there are only: $protocols"
for protocol in $protocols; do
	fits "$protocol"
	for field in $(awk '/^  [a-z_0-9]+ .* [0-9-]+ / { print $1 }' "$tmp/out" | sort -u); do
		[ "$protocol" = frame ] || fits "$protocol.$field"
	done
done

# says NAME TEXT...: what is said of it has these texts, each in a line.
says() {
	name=$1
	shift
	"$SONDE" help fields "$name" >"$tmp/out"
	for text in "$@"; do
		grep -qF -e "$text" "$tmp/out" || complain "help fields $name does not say: $text"
	done
}

says icmp 'ip dst=10.0.0.2 / icmp type=echo / text:ping' 'words: echo-reply 0, unreach 3,' 'type redirect: net 0, host 1,'
says icmp.type '8  echo, echo-request, ping' '11  timxceed, time-exceeded, ttl-exceeded'
says icmp.code 'with type=unreach:' '3  port, port-unreachable'
says arp.op '1  request, who-has' '2  reply, is-at'
says ip.proto '6  tcp' '58  icmp6, ipv6-icmp, icmpv6' '50  esp'
says ether.type '0x0800  ip' '0x88a8  dot1ad, 802.1ad'
says ip.flags '0x0002  DF'
says tcp.flags '0x0010  A'
says tcp 'words: F 0x1, S 0x2, R 0x4'
says tcp.dport '443  https' '53  domain, dns'
says tcp.options 'mss (2)' 'largest segment the sender takes'
says icmp.seq 'there if type is xecho or xecho-reply' 'there if type is echo-reply, echo,'
says frame time wire iface dir link comment
says frame.time 'seconds since 1970'
says eth 'ether: Ethernet'

# refuses NAME MESSAGE
refuses() {
	"$SONDE" help fields "$1" >"$tmp/out" 2>&1
	status=$?
	[ $status = 2 ] || complain "help fields $1: exit status $status"
	[ "$(cat "$tmp/out")" = "sonde help: $2" ] || complain "help fields $1: $(cat "$tmp/out")"
}

refuses tpc "no protocol 'tpc' (did you mean tcp?)"
# Lists in lists: each is unfolded once.
for field in sctp.chunks dhcp.options dhcp6.options tls.extensions icmp6.options; do
	"$SONDE" help fields $field >"$tmp/out" 2>/dev/null || continue
	[ "$(wc -l <"$tmp/out")" -lt 500 ] || complain "help fields $field: $(wc -l <"$tmp/out") lines"
done
says sctp.chunks 'items as of init params above'

refuses quux "no protocol 'quux' (sonde help fields lists them)"
refuses tcp.dprot "tcp has no field 'dprot' (did you mean tcp.dport?)"
refuses tcp.quux "tcp has no field 'quux' (sonde help fields tcp lists them)"
refuses tpc.dport "no protocol 'tpc' (did you mean tcp?)"
refuses frame.tiem "frame has no field 'tiem' (sonde help fields frame lists them)"
exit $bad
