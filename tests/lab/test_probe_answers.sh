#!/bin/sh
# sonde probe through a router that filters: every kind of answer has its verdict, and who gave it.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

cat >"$tmp/net" <<'NET'
host client
router r
host server
link client r
link r server
listen server tcp 22,80
filter r drop tcp dport=23
filter r admin tcp dport=24
filter r reset tcp dport=25
filter r reject tcp dport=26
NET

# probe OPTION...: the objects of a run.
probe() {
	"$SONDE" lab run -t "$tmp/net" "$SONDE" probe --json "$@" >"$tmp/out"
}
# ports: "PORT STATE RULE TYPE/CODE" of each.
ports() {
	sed -n 's/.*"type":"port".*"port":\([0-9]*\),.*"state":"\([^"]*\)","rule":"\([^"]*\)".*/& \1 \2 \3/p' "$tmp/out" |
		sed 's/.*"icmp_type":\([0-9]*\),"icmp_code":\([0-9]*\).*} \(.*\)/\3 \1\/\2/; s/^{.*} //'
}

expect 0 'IPv4' probe -4 server -p 22-27
check 'IPv4: each answer has its verdict' test "$(ports)" = '22 open syn-ack
23 filtered no-answer
24 filtered prohibited 3/13
25 closed rst
26 filtered port-unreach 3/3
27 closed rst'
expect 0 'IPv6' probe -6 server -p 22-27
check 'IPv6: each answer has its verdict' test "$(ports)" = '22 open syn-ack
23 filtered no-answer
24 filtered prohibited 1/1
25 closed rst
26 filtered port-unreach 1/4
27 closed rst'
expect 1 'a run that is cut short' probe -4 --deadline 50ms server -p 23
check 'says that it is not finished' grep -q '"doubt":"unfinished".*' "$tmp/out"
check 'and how many are in doubt' grep -q '"doubtful":1,"doubts":{"unfinished":1}' "$tmp/out"
