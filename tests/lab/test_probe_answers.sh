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

# The router and the server send ten ICMP errors a second each, about different ports, and two ports are silent.
if [ "$(id -u)" -eq 0 ]; then
	cat >>"$tmp/net" <<'NET'
filter r admin udp dport=1001-1020
filter server drop udp dport=1040,1041
NET
	cat >"$tmp/limited" <<'E2'
for host in r server; do
	ip netns exec $host sysctl -qw net.ipv4.icmp_ratelimit=100 net.ipv4.icmp_ratemask=6168 net.ipv6.icmp.ratelimit=100
done
"$SONDE" probe --json "$@" server -p u:1001-1035,1040,1041
E2
	for family in -4 -6; do
		"$SONDE" lab run -t "$tmp/net" sh "$tmp/limited" $family >"$tmp/out"
		check "$family: what two of them limit is proved, and what is silent is so" test "$(ports | awk '
			{ n[$2 " " $3]++ } END { for (i in n) print n[i], i }' | sort)" = '15 closed port-unreach
2 open|filtered no-answer
20 filtered prohibited'
		check "$family: without a doubt" grep -q '"doubtful":0' "$tmp/out"
	done
	expect 1 'a deadline' "$SONDE" lab run -t "$tmp/net" sh "$tmp/limited" -4 --deadline 1500ms
	tells 'leaves doubts that say why' '"doubt":"icmp-limited"'
else
	skip 'limited errors of a router' 'not root'
fi
