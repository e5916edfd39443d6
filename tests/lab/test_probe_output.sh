#!/bin/sh
# lab: pair
# sonde probe: what is expected and is not so.
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
