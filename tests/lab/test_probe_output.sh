#!/bin/sh
# lab: pair
# sonde probe: what is expected and is not so, and the forms of -o.
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
