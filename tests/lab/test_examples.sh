#!/bin/sh
# lab: pair
# The programs of examples/ that send: what they print, and their status.
. "$LIB"
examples=$(dirname "$SONDE")/examples
# When they cannot go on, they end as they are.
export ASAN_OPTIONS=detect_leaks=0
[ -x "$examples/ping" ] || skip_all 'the examples are not beside this sonde'

# count TITLE N PATTERN: so many lines of the last command's output are like this, and no others are there.
count() {
	like=$(echo "$out" | grep -c "$3")
	check "$1" test "$like/$(echo "$out" | wc -l)" = "$2/$2"
}

for address in 10.0.0.2 fd00::2 127.0.0.1; do
	check "ping $address" "$examples/ping" $address
	count 'prints five times' 5 '^[0-9.]*[num]*s$'
done
expect 1 'ping of an address that nobody has' "$examples/ping" 10.0.0.77
count 'says so five times' 5 '^no answer$'
expect 2 'ping without an address' "$examples/ping"
tells 'says what it wants' '^usage: ping ADDRESS$'

check 'syn to an open port' "$examples/syn" 10.0.0.2 80
tells 'says what sonde says' '^open: SYN+ACK acknowledges our SYN$'
tells 'and how long it took' '^after [0-9.]*[num]*s$'
expect 1 'syn to a closed port' "$examples/syn" fd00::2 8
tells 'says so' '^closed: RST answers our SYN'
expect 1 'syn to a port behind the firewall' "$examples/syn" 10.0.0.2 81
says 'has no time to tell' 'filtered: no answer: dropped, or lost'
expect 3 'syn to an address that no route leads to' "$examples/syn" 192.0.2.1 80
tells 'names the reason' '^syn: .*no route'
