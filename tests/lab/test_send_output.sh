#!/bin/sh
# lab: pair
# What sonde send prints: the fields that make a packet what it is; less with -q, in JSON as well; colours on a terminal.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
esc=$(printf '\033')

# lacks TITLE PATTERN: no line of the last command's output is like this.
lacks() {
	echo "$out" | grep -q -- "$2" && echo "not ok - $1" || echo "ok - $1"
}

check 'an echo of nothing written' sonde send ip dst=server / icmp
tells 'shows type and code' '^> ip .* / icmp type=echo code=0 id='
check 'a datagram' sonde send ip dst=server / udp
tells 'shows its ports' '^> ip .* / udp sport=[0-9]* dport=0$'
check 'a segment' sonde send ip dst=server / tcp
tells 'shows its flags' '^> ip .* / tcp sport=[0-9]* dport=0 seq=[0-9]* flags=0$'
check 'packets for a file' sonde send --dry-run -o packets ip dst=10.0.0.2 / icmp
tells 'have them as well' ' / icmp type=echo code=0 id='
check 'JSON' sonde send --json ip dst=server / icmp
tells 'too' '"type":"sent",.*"packet":"[^"]* / icmp type=echo code=0 id='
check 'a dry run without a route' unshare -n sonde send --dry-run -o packets ip dst=192.0.2.1 / udp dport=9
lacks 'leaves the source open' 'src='

expect 1 'verdicts alone' sonde send -q -W 200ms ip dst=server / tcp dport=80,8,81 flags=S
tells 'have the sockets and the rule' '^  10.0.0.1:[0-9]* <-> 10.0.0.2:80/tcp  open: .* (rule syn-ack)'
tells 'also in silence' '10.0.0.2:81/tcp  filtered: '
lacks 'no packet' '^[<>]'
tells 'and the totals time and rate' '^3 sent, 2 answered, 1 not answered; 0\.[0-9]* s, [0-9]* packets a second$'
check 'one line a port, and one more' test "$(echo "$out" | wc -l)" = 4
check 'many ports' sonde send -q --rate 1000 ip dst=server / tcp dport=1000-1999 flags=S
rate=$(echo "$out" | sed -n 's/^1000 sent, 1000 answered; .* s, \([0-9]*\) packets a second/\1/p')
check "go at the rate asked for: ${rate:-none}" test "${rate:-0}" -gt 500 -a "${rate:-0}" -le 1010
expect 1 'nothing at all' sonde send -qq -W 200ms ip dst=server / tcp dport=80,81 flags=S
says 'is printed with -qq' ''
expect 1 'JSON' sonde send -q --json -W 200ms ip dst=server / tcp dport=80,81 flags=S
tells 'has the verdicts' '"type":"reply",.*"verdict":"open"'
tells 'and silence' '"type":"silence",.*"verdict":"filtered"'
lacks 'no packets' '"type":"sent"\|"packet":\|"hex":'
check 'a dry run' sonde send -q --dry-run --json ip dst=10.0.0.2 / icmp
lacks 'has none either' '"type":"sent"'

has script || { skip 'colours' 'no script(1) to make a terminal'; exit; }
# shown ENVIRONMENT...: the verdicts on such a terminal.
shown() {
	env -u NO_COLOR TERM=xterm "$@" script -qec 'sonde send -q -W 100ms ip dst=10.0.0.2 / tcp dport=80,8,81 flags=S' /dev/null </dev/null
}
expect 1 'a terminal' shown
tells 'has open in green' "$esc\[32mopen$esc\[0m: "
tells 'closed in red' "$esc\[31mclosed$esc\[0m: "
tells 'filtered in yellow' "$esc\[33mfiltered$esc\[0m: "
expect 1 'with NO_COLOR' shown NO_COLOR=1
lacks 'it has none' "$esc"
expect 1 'a dumb one' shown TERM=dumb
lacks 'has none' "$esc"
expect 1 'a pipe' sonde send -q -W 100ms ip dst=server / tcp dport=80,8,81 flags=S
lacks 'has none' "$esc"
