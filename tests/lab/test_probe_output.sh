#!/bin/sh
# lab: pair
# sonde probe: what is expected and is not so, the forms of -o, what changed, runs that are merged,
# and the verdicts in a capture.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

# --- --expect -------------------------------------------------------------------------------------------------------

expect 0 'as expected' sonde probe server -p 22,80,99,u:53 --expect open=22,80,u:53 --expect closed=rest
tells 'is told' '^not as expected: 0$'
expect 1 'not as expected' sonde probe -q 10.0.0.2 -p 22,80,81,99 --expect open=22,99 --expect closed=rest
says 'has a line for each' "$(cat <<'TEXT'
10.0.0.2 80/tcp: open, expected closed
10.0.0.2 81/tcp: filtered, expected closed
10.0.0.2 99/tcp: closed, expected open
TEXT
)
$(echo "$out" | tail -n 3)"
tells 'and is counted' '^not as expected: 3$'
expect 1 'a host' sonde probe -q --discover 10.0.0.1-3 --expect up=10.0.0.1,10.0.0.3 --expect down=rest
says 'is there or not' "10.0.0.2: up, expected down
10.0.0.3: down, expected up
$(echo "$out" | tail -n 3)"
expect 1 'a host that is down' sonde probe -q 10.0.0.2-3 -p 22 --expect open=22
says 'is told once' "10.0.0.3: down, expected up
$(echo "$out" | tail -n 3)"
expect 0 'a host that may be down' sonde probe -q 10.0.0.2-3 -p 22 --expect open=22 --expect down=10.0.0.3
expect 1 'as JSON' sh -c 'sonde probe --json server -p 22,99 --expect open=rest >"$0"' "$tmp/json"
check 'is a mismatch' grep -q '"type":"mismatch",.*"target":"[^"]*","name":"server","proto":"tcp","port":99,"state":"closed","expected":"open","rule":"rst"}' "$tmp/json"
check 'and in the summary' grep -q '"mismatches":1,.*"exit":1}' "$tmp/json"

# wrong VALUE WHY [--expect VALUE...]: is refused.
wrong() {
	value=$1 why=$2
	shift 2
	expect 2 "--expect $value" sonde probe server -p 22,80 --expect "$value" "$@"
	tells "$value: the message says why" "$why"
}
wrong 'opened=22' 'no state'
wrong 'open' 'STATE=PORTS'
wrong 'open=' 'STATE=PORTS'
wrong 'open=22,99999' "--expect '22,99999': not a port"
wrong 'open=22,443' '443/tcp is not asked'
wrong 'open=22' '22/tcp is expected to be open, too' --expect closed=22
wrong 'open=rest' 'something else, too' --expect closed=rest
wrong 'up=rest' 'something else, too' --expect down=rest
wrong 'up=10.0.0.9' 'no TARGET'
wrong 'up=server' 'expected to be down, too' --expect down=server
expect 2 'hosts have no ports' sonde probe --discover server --expect open=22

# --- Where it is shown ------------------------------------------------------------------------------------------------

expect 0 'as JSON, with a file' sh -c "sonde probe --json -w '$tmp/w' 10.0.0.2 -p 22,81,99,u:53 >'$tmp/json'"
for port in 22 99 53; do
	frame=$(sed -n "s/.*\"port\":$port,.*\"frame\":\([0-9]*\)}.*/\1/p" "$tmp/json")
	check "$port: its frame is the answer" sh -c "sonde read -o packets '$tmp/w' | sed -n '${frame:-x}p' | grep -q 'src=10.0.0.2 .*sport=$port '"
done
check 'silence has none' sh -c "grep '\"port\":81,' '$tmp/json' | grep -qv frame"
for columns in 40 60 80; do
	has script || { skip "$columns columns" 'no script(1) to make a terminal' && continue; }
	TERM=dumb script -qec "stty cols $columns; sonde probe 10.0.0.2 10.0.0.9 -p 7,22,81,99,443,u:53,s:80 --explain 2>/dev/null" /dev/null \
		</dev/null | tr -d '\r' >"$tmp/shown"
	check "$columns columns: the table is there" grep -q '22/tcp  *open .*syn-ack' "$tmp/shown"
	check "$columns columns: and fits" sh -c "! grep -E '^.{$((columns + 1))}' '$tmp/shown'"
done

# --- -o -------------------------------------------------------------------------------------------------------------

expect 0 'a list' sh -c 'sonde probe -o list 10.0.0.2 fd00::2 -p 22,80,99 2>/dev/null | sort'
says 'has the open ports' '10.0.0.2:22
10.0.0.2:80
[fd00::2]:22
[fd00::2]:80'
sonde probe -o list 10.0.0.2 -p 22,81 -W 10s >"$tmp/list" 2>/dev/null &
await grep -qx '10.0.0.2:22' "$tmp/list"
check 'and each as it is found' grep -qx '10.0.0.2:22' "$tmp/list"
check 'while others are waited for' kill -INT $!
wait $!
expect 0 'a list of hosts' sh -c 'sonde probe -o list --discover 10.0.0.0/29 2>/dev/null'
says 'has those that are up' '10.0.0.1
10.0.0.2'
expect 1 'what is not as expected' sh -c 'sonde probe -o list 10.0.0.2 -p 22 --expect closed=22 2>&1 >/dev/null'
tells 'is not in the list' '^10.0.0.2 22/tcp: open, expected closed$'

expect 0 'as nmap -oG' sh -c 'sonde probe -4 -o grepable server -p 22,81,100-150,u:53 2>/dev/null'
tab=$(printf '\t')
check 'has what scripts read' test "$(echo "$out" | sed 's/^# .* as: .*/# begin/; s/^# Sonde done at .* -- \(.*\) scanned in .*/# \1/')" = "# begin
Host: 10.0.0.2 (server)${tab}Status: Up
Host: 10.0.0.2 (server)${tab}Ports: 22/open/tcp//ssh///, 81/filtered/tcp/////, 53/open/udp//domain///${tab}Ignored State: closed (51)
# 1 IP address (1 host up)"
expect 0 'of a host that is down' sh -c 'sonde probe -o grepable 10.0.0.3 -p 22 2>/dev/null'
tells 'that it is' "^Host: 10.0.0.3 ()${tab}Status: Down$"
tells 'that none is up' ' -- 1 IP address (0 hosts up) '
if command -v python3 >/dev/null; then
	expect 0 'as nmap -oX' sh -c 'sonde probe -4 -o xml server -p 22,81,100-150,u:53 -w "$0" 2>/dev/null >"$1"' \
		"$tmp/a<&\"é.pcapng" "$tmp/xml"
	expect 0 'has what scripts read' python3 - "$tmp/xml" <<'PY'
import sys, xml.etree.ElementTree as tree
run = tree.parse(sys.argv[1]).getroot()
assert '/a<&"\ufffd\ufffd.pcapng' in run.get('args')
host = run.find('host')
print(run.tag, host.find('status').get('state'), host.find('address').get('addr'), host.find('address').get('addrtype'),
      host.find('hostnames/hostname').get('name'))
for port in host.findall('ports/port'):
    service, state = port.find('service'), port.find('state')
    print(port.get('protocol'), port.get('portid'), state.get('state'), state.get('reason'), state.get('reason_ttl'),
          '-' if service is None else service.get('name'))
extra = host.find('ports/extraports')
print(extra.get('state'), extra.get('count'))
hosts, finished = run.find('runstats/hosts'), run.find('runstats/finished')
print(hosts.get('up'), hosts.get('down'), hosts.get('total'), finished.get('exit'))
PY
	says 'to the letter' 'nmaprun up 10.0.0.2 ipv4 server
tcp 22 open syn-ack 64 ssh
tcp 81 filtered no-answer 0 -
udp 53 open udp-reply 64 domain
closed 51
1 0 1 success'
else
	skip 'as nmap -oX' 'no python3'
fi
expect 2 'no form' sonde probe -o csv server
expect 2 'two forms' sonde probe -o list --json server

# --- --baseline -----------------------------------------------------------------------------------------------------

sonde probe -4 --json server 10.0.0.3 -p 22,80,98,99,u:53 >"$tmp/then"
expect 0 'nothing changed' sonde probe -4 -q server 10.0.0.3 -p 22,80,98,99,u:53 --baseline "$tmp/then"
tells 'is told' '^changed: 0; ports asked only now: 0, only then: 0$'
sed '/"port":22,/s/open/filtered/; /"port":53,/s/open/closed/; /"down":true/s/true/false/' "$tmp/then" >"$tmp/other"
expect 1 'what changed' sonde probe -4 server 10.0.0.3 -p 22,80,99,100,101,u:53 --baseline "$tmp/other"
says 'is a line each' "server (10.0.0.2) 22/tcp: open, was filtered
server (10.0.0.2) 53/udp: open, was closed
10.0.0.3: down, was up
$(echo "$out" | tail -n 3)"
tells 'and what only one asked is a number' '^changed: 3; ports asked only now: 2, only then: 1$'
expect 1 'as JSON' sh -c 'sonde probe -4 --json server 10.0.0.3 -p 22,99 --baseline "$0" >"$1"' "$tmp/other" "$tmp/json"
check 'the port has both states' grep -q '"port":22,.*"state":"open",.*"was":"filtered","is":"open"}' "$tmp/json"
check 'and the host' grep -q '"type":"target",.*"target":"10.0.0.3","was":"up","is":"down"}' "$tmp/json"
check 'nothing else is there' test "$(wc -l <"$tmp/json")" = 4
check 'but the summary' grep -q '"changed":2,"only_now":0,"only_then":3,' "$tmp/json"
expect 0 'another kind of probe' sonde probe -4 -q --fin server -p 99 --baseline "$tmp/then"
head -n 3 "$tmp/then" >"$tmp/cut"
expect 2 'a run that did not end' sonde probe server -p 22 --baseline "$tmp/cut"
tells 'is told' 'has no summary'
(cat "$tmp/then" && echo '{"cmd":') >"$tmp/bad"
expect 2 'a damaged line' sonde probe server -p 22 --baseline "$tmp/bad"
tells 'is told with its number' "/bad:$(wc -l <"$tmp/bad"): not an object"
check 'and nothing was sent' test "$(echo "$out" | wc -l)" = 1
expect 2 'no run' sonde probe server -p 22 --baseline "$0"
expect 3 'no file' sonde probe server -p 22 --baseline "$tmp/nosuch"

# --- --merge --------------------------------------------------------------------------------------------------------

# plain: text without what differs from run to run: round trips, and the lines of packets.
plain() {
	sed -E 's/ +([0-9.]+ ms|-)$//; /sent in|: sandbox: /d'
}
for shard in 1 2 3; do
	sonde probe -4 --json --seed 5 --shard $shard/3 server 10.0.0.3 -p 1-200,u:53,54 >"$tmp/shard$shard"
done
for option in --open --explain -v -q; do
	sonde probe -4 $option server 10.0.0.3 -p 1-200,u:53,54 | plain >"$tmp/whole"
	expect 0 "shards, $option" sh -c 'sonde probe --merge "$1" "$2" "$3" $0' $option "$tmp/shard1" "$tmp/shard2" "$tmp/shard3"
	echo "$out" | plain >"$tmp/merged"
	check "$option: are the whole" diff "$tmp/whole" "$tmp/merged"
done
check 'and are not empty' grep -q '^2 hosts, 202 ports: 4 open, 197 closed, 1 filtered' "$tmp/merged"
expect 0 'as a list' sh -c 'cat "$@" | sonde probe --merge - -o list -q >"$0" 2>&1; sonde probe --merge "$@" -o list 2>/dev/null' "$tmp/q" "$tmp"/shard?
check 'of open ports' test "$(echo "$out" | sort | tr '\n' ' ')" = '10.0.0.2:22 10.0.0.2:53 10.0.0.2:7 10.0.0.2:80 '
check 'of a pipe, too' grep -q '2 hosts, 202 ports' "$tmp/q"
expect 0 'as JSON' sh -c 'sonde probe --merge --json "$@" >"$0"' "$tmp/json" "$tmp"/shard?
check 'has each port once' test "$(grep -c '"type":"port"' "$tmp/json")" = 202
total=$(sed -n 's/.*"summary".*"sent":\([0-9]*\).*/\1/p' "$tmp"/shard? | awk '{ n += $1 } END { print n }')
check 'and the sums' grep -q "\"summary\".*\"probes\":202,\"sent\":$total,.*\"down\":1,.*\"end\":\"complete\",\"exit\":0}" "$tmp/json"
expect 0 'merged once more' sonde probe --merge "$tmp/json" -q
tells 'it is the same' '^2 hosts, 202 ports: 4 open, 197 closed, 1 filtered$'

sed '/"port":22,/s/"open","rule":"syn-ack"/"filtered","rule":"no-answer"/' "$tmp/json" >"$tmp/silent"
for files in "$tmp/json $tmp/silent" "$tmp/silent $tmp/json"; do
	expect 0 'of two runs' sh -c 'sonde probe --merge $0' "$files"
	tells 'an answer beats silence' '22/tcp *open'
done
sed '/"port":22,/s/"open","rule":"syn-ack"/"closed","rule":"rst"/' "$tmp/json" >"$tmp/later"
expect 0 'of two runs that were answered' sonde probe --merge "$tmp/json" "$tmp/later" -v
tells 'the later one holds' '22/tcp *closed'

(cat "$tmp/shard1" && echo '{"cmd":"probe","type":"port","target":"10.0.0.2"}' && sed 2d "$tmp/shard2") >"$tmp/bad"
expect 1 'a damaged line' sonde probe --merge "$tmp/bad" "$tmp/shard3" -q
tells 'is told with file and line' "/bad:$(($(wc -l <"$tmp/shard1") + 1)): not an object"
tells 'and the rest is there' '^2 hosts, 201 ports'
head -n 2 "$tmp/shard2" >"$tmp/cut"
expect 1 'a run that did not end' sonde probe --merge "$tmp/shard1" "$tmp/cut" "$tmp/shard3"
tells 'is told' '/cut: a run in it has no summary'
printf '{"cmd":"probe","type":"run"}\n{"cmd":"probe","type":"target","target":"10.0.0.9","name":"a\\u001b[2Jb","down":true,"ports":1}\n' >"$tmp/hostile"
expect 1 'a hostile name' sonde probe --merge "$tmp/hostile"
tells 'is not shown' '^10.0.0.9: down'
expect 2 'no run' sonde probe --merge "$0"
expect 2 'ports' sonde probe --merge "$tmp/json" -p 22
expect 3 'no file' sonde probe --merge "$tmp/nosuch"

# --- -w -------------------------------------------------------------------------------------------------------------

expect 0 'every frame is kept' sonde probe -4 -q -w "$tmp/w.pcapng" server -p t:22,99,u:53,54
expect 0 'and read again' sonde read "$tmp/w.pcapng"
tells 'an open port says why' '10.0.0.2:22 > .*# open: .* (rule syn-ack)$'
tells 'a closed one' '10.0.0.2:99 > .*# closed: .* (rule rst)$'
tells 'a datagram' '10.0.0.2:53 > .*# open: .* (rule udp-reply)$'
tells 'an ICMP error' '10.0.0.2:54 .*# closed: .* (rule port-unreach)$'
expect 0 'hosts' sonde probe -4 -q -w "$tmp/w.pcapng" --discover server
expect 0 'and read' sonde read "$tmp/w.pcapng"
tells 'an echo reply' 'echo-reply .*# up: .* (rule echo-reply)$'
tells 'an RST for an ACK' '10.0.0.2:80 > .*# unfiltered: .* (rule ack-rst)$'

# --- Progress -------------------------------------------------------------------------------------------------------

sonde probe -4 --json --rate 10 server -p 101-400 >"$tmp/out" 2>"$tmp/err" &
await grep -q '"type":"run"' "$tmp/out"
await sh -c 'kill -QUIT "$0" && grep -q " left" "$1"' $! "$tmp/err"
check 'a progress line says when the pass is sent' \
	grep -qE '^pass 1: [0-9.]+ %, (2[0-9]|30) s left, [0-9]+ answered, 10 a second, [0-9]+ sent$' "$tmp/err"
kill -INT $!
wait $!
check 'a run that is interrupted is unfinished' test $? = 1

# --- Kinds of probes ----------------------------------------------------------------------------------------------
sonde probe -4 --json server -p 22,99 >"$tmp/syn"
sonde probe -4 --json --ack server -p 22,99 >"$tmp/ack"
sonde probe -4 --json --connect server -p 22,99 >"$tmp/connect"
check 'JSON says by which probe' sh -c 'grep -q "\"probe\":\"syn\"" "$0" && grep -q "\"probe\":\"ack\"" "$1"' \
	"$tmp/syn" "$tmp/ack"
expect 0 'a SYN and an ACK' sonde probe --merge "$tmp/syn" "$tmp/ack"
tells 'are merged side by side' '^1 host, 4 ports: 1 open, 1 closed, 2 unfiltered$'
expect 0 'a SYN and connect(2)' sonde probe --merge "$tmp/syn" "$tmp/connect"
tells 'are one' '^1 host, 2 ports: 1 open, 1 closed$'
expect 0 'what ACKs found' sonde probe -4 server -p 22,99 --baseline "$tmp/ack"
tells 'is not compared with SYNs' '^changed: 0; ports asked only now: 2, only then: 2$'
expect 0 'what connect(2) found' sonde probe -4 server -p 22,99 --baseline "$tmp/connect"
tells 'is compared with them' '^changed: 0; ports asked only now: 0, only then: 0$'
check 'a few packets have a rate, too' grep -q '"type":"summary".*"rate_pps":[1-9]' "$tmp/syn"
