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
