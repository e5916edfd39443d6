#!/bin/sh
# lab: pair
# sonde probe beside a responder that answers in every way that a host, a router or a filter may: each answer has its
# verdict, and the summary counts it.
. "$LIB"
responder=$(dirname "$SONDE")/tests/lab/responder
[ -x "$responder" ] || skip_all "$responder is not built"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"; [ -z "${pid-}" ] || kill "$pid"' EXIT

server() { ip netns exec server "$@"; }
# The kernel of the server is to say nothing about these ports.
server nft -f - <<'NFT'
table inet quiet { chain in { type filter hook input priority 0; tcp dport 1000-2999 drop; udp dport 1000-2999 drop; }; }
NFT
ip netns exec server "$responder" eth0 &
pid=$!
await server awk 'END { exit NR < 2 }' /proc/net/packet

# probe OPTION...: the verdicts of a run, "PORT STATE RULE TYPE/CODE", in $tmp/said.
probe() {
	sonde probe --json -W 300ms --seed 4 "$@" server >"$tmp/json" || return
	sed -n 's/.*"type":"port".*"port":\([0-9]*\),.*"state":"\([^"]*\)","rule":"\([^"]*\)"\(.*\)/\1 \2 \3\4/p' "$tmp/json" |
		sed -e 's/,.*"icmp_type":\([0-9]*\),"icmp_code":\([0-9]*\)}/ \1\/\2/' -e 's/,.*//' -e 's/}$//' >"$tmp/said"
}

# are_verdicts TITLE: the verdicts of the last run are those of standard input.
are_verdicts() {
	cat >"$tmp/wanted"
	check "$1" diff "$tmp/wanted" "$tmp/said"
}

# figure NAME: a figure of the summary.
figure() {
	sed -n 's/.*"type":"summary".*"'"$1"'":\([0-9]*\).*/\1/p' "$tmp/json"
}

# The verdict about every unreachable code is the same from the target as from a router, for TCP; and it is never closed.
unreachable4='00 filtered host-unreach 3/0
01 filtered host-unreach 3/1
02 filtered proto-unreach 3/2
04 filtered too-big 3/4
05 filtered host-unreach 3/5
06 filtered host-unreach 3/6
07 filtered host-unreach 3/7
08 filtered host-unreach 3/8
09 filtered prohibited 3/9
10 filtered prohibited 3/10
11 filtered host-unreach 3/11
12 filtered host-unreach 3/12
13 filtered prohibited 3/13
14 filtered prohibited 3/14
15 filtered prohibited 3/15
16 filtered icmp-other 3/16
99 filtered icmp-other 3/99'
unreachable6='00 filtered host-unreach 1/0
01 filtered prohibited 1/1
02 filtered host-unreach 1/2
03 filtered host-unreach 1/3
05 filtered prohibited 1/5
06 filtered prohibited 1/6
07 filtered host-unreach 1/7
08 filtered icmp-other 1/8
99 filtered icmp-other 1/99'
for from in 10 11; do
	check "IPv4: from ${from}xx, every code" probe -4 -p "${from}00-${from}02,${from}04-${from}16,${from}99"
	echo "$unreachable4" | sed "s/^/$from/" | are_verdicts "IPv4: from ${from}xx, every code has its verdict"
	check "IPv6: from ${from}xx, every code" probe -6 -p "${from}00-${from}03,${from}05-${from}08,${from}99"
	echo "$unreachable6" | sed "s/^/$from/" | are_verdicts "IPv6: from ${from}xx, every code has its verdict"
done
check 'each of those from a router names it' test "$(grep -c '"from":"2001:db8::9"' "$tmp/json")" = 9

check 'IPv4: a port unreachable, and time exceeded' probe -4 -p 1003,1103,1200,1201,1300,1301,u:1003,1103,1300
are_verdicts 'IPv4: closes a UDP port, from the target alone' <<'E2'
1003 filtered port-unreach
1103 filtered port-unreach 3/3
1200 filtered ttl-exceeded 11/0
1201 unfiltered reassembly 11/1
1300 filtered ttl-exceeded 11/0
1301 filtered reassembly 11/1
1003 closed port-unreach
1103 filtered port-unreach-router 3/3
1300 filtered ttl-exceeded 11/0
E2
check 'IPv6: a port unreachable, and time exceeded' probe -6 -p 1004,1104,1200,1201,1300,1301,u:1004,1104,1300
are_verdicts 'IPv6: closes a UDP port, from the target alone' <<'E2'
1004 filtered port-unreach
1104 filtered port-unreach 1/4
1200 filtered ttl-exceeded 3/0
1201 unfiltered reassembly 3/1
1300 filtered ttl-exceeded 3/0
1301 filtered reassembly 3/1
1004 closed port-unreach
1104 filtered port-unreach-router 1/4
1300 filtered ttl-exceeded 3/0
E2

for family in -4 -6; do
	check "odd segments, $family" probe $family -p 2000-2007
	are_verdicts "odd segments, $family: each has its verdict" <<-'E2'
	2000 closed rst
	2001 closed rst
	2002 filtered no-answer
	2003 open syn
	2004 open syn-ack
	2005 filtered no-answer
	2006 open syn-ack
	2007 closed rst
	E2
	check "$family: wrong acknowledgements are rejected" test "$(figure rejected)" -ge 4
	check "$family: more answers to one packet are counted" test "$(figure duplicates)" -ge 2
	check "$family: the target's own answer replaces a router's" test "$(figure revised)" = 2
	check "$family: nothing is in doubt" test "$(figure doubtful)" = 0
	check "$family: this machine resets what opens" test "$(figure kernel_resets)" -ge 5
done
