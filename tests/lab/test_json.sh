#!/bin/sh
# lab: pair
# Every field that --json prints is in the man page of its command, or in sonde(8) where all commands have it. (Those of
# packets' layers are in sonde help fields, those that count by cause are named by the cause.)
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# fields FILE: the names of the fields in lines of JSON.
fields() {
	sed 's/"layers":\[.*\]/"layers":0/; s/"\(not_sent\|never_left\)":{[^}]*}/"\1":0/g' "$1" |
		grep -o '[{,]"[a-z0-9_]*":' | tr -d '{,":' | sort -u
}

# told COMMAND TITLE ARGUMENT...: what it prints is JSON with these fields.
told() {
	page=docs/man/sonde-$1.8 command=$1 what="$1, $2"
	shift 2
	sonde "$command" --json "$@" >"$tmp/out" 2>/dev/null
	check "$what: begins and ends" sh -c 'head -n 1 "$0" | grep -q "\"type\":\"run\"" && tail -n 1 "$0" | grep -q "\"type\":\"summary\""' "$tmp/out"
	grep -hE '^\.(It Cm|(Pq )?(Ql|Va)) ' "$page" docs/man/sonde.8 >"$tmp/words"
	untold=$(fields "$tmp/out" | while read -r field; do grep -qw "$field" "$tmp/words" || echo "$field"; done)
	check "$what: each field is in the page${untold:+, but not }$(echo $untold)" test -z "$untold"
}

told ping 'answers' -c 2 -i 20ms --report 10ms -w "$tmp/w" 10.0.0.2
told ping 'errors and losses' -W 50ms 10.0.0.2 10.0.0.77 192.0.2.1
told ping 'a silent port' --tcp -p 81 -W 50ms -c 1 server
told ping 'sizes' -c 2 -i 20ms -s 10,20 -W 50ms 10.0.0.2
told ping 'a dry run' --dry-run server
told send 'answers, errors and silence' --replies all -W 50ms -w "$tmp/w" ip dst=server / udp dport=7,9,81 / text:x
told send 'what is not sent' ip dst=192.0.2.1 / icmp type=echo
check 'with its cause' grep -q '"type":"error",.*"n":1,"cause":"no-route"' "$tmp/out"
told send 'a capture' -r "$tmp/w" --only orig
told send 'a dry run' --dry-run ip6 dst=server / icmp6 type=echo
told read 'a capture' --coverage "$tmp/w"
told read 'a damaged one' -w "$tmp/again" "$LIB"

# Without privilege ping writes the same events with the same fields, but for what it cannot see: how long a packet waited
# for the address of its next hop, and what connect(2) does not show of the answer.
has setpriv || { skip 'without privilege' 'no setpriv(1)'; exit; }
chmod 755 "$tmp"
install -m 755 "$SONDE" "$tmp/sonde" || exit 1
echo '0 4294967294' >/proc/sys/net/ipv4/ping_group_range
# named FILE: each event with its fields.
named() {
	while read -r line; do
		echo "$line" >"$tmp/line"
		fields "$tmp/line" | sed "s/^/$(echo "$line" | sed 's/.*"type":"\([a-z]*\)".*/\1/') /"
	done <"$1" | sort -u | grep -vx 'reply arp_ns\|target arp_ns\|reply ttl\|reply size'
}
for options in '-c 2 -i 20ms 10.0.0.2' '--tcp -c 1 10.0.0.2' '--tcp -p 81 -W 50ms -c 1 10.0.0.2' '-c 1 192.0.2.1' '-c 1 nosuch.invalid 10.0.0.2'; do
	sonde ping --json $options >"$tmp/with" 2>/dev/null
	setpriv --bounding-set=-all --inh-caps=-all --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/sonde" ping --json $options >"$tmp/without" 2>/dev/null
	named "$tmp/with" >"$tmp/with.names"
	named "$tmp/without" >"$tmp/without.names"
	check "ping $options: what was run is in both" grep -qx 'run argv' "$tmp/without.names"
	check "ping $options: with and without privilege, the same names" diff "$tmp/with.names" "$tmp/without.names"
done
