#!/bin/sh
# Descriptors 0 to 2 may be closed at the start. What is opened then does not take their place.
. "$LIB"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
captures=$(dirname "$LIB")/../../captures

# closed STATUS TITLE COMMAND: the shell command line ends with this status.
closed() {
	expect "$1" "$2" sh -c "$3" sh "$SONDE" "$tmp/out" "$captures/tcp.pcapng"
}

# A server opens sockets, and waits.
"$SONDE" listen 0 <&- >&- 2>&- &
server=$!
# /dev/full is what the C library puts in the place of standard input where a file gives capabilities.
stands_in() {
	readlink "/proc/$server/fd/$1" | grep -x '/dev/null\|/dev/full'
}
for fd in 0 1 2; do
	await stands_in $fd
	check "descriptor $fd is no socket" stands_in $fd
done
libc=$(readlink "/proc/$server/fd/0")
kill $server

closed 3 'a closed stdout that was to carry text' '"$1" read "$3" >&-'
tells 'is told' 'cannot write the output'
closed 3 'or help' '"$1" help >&-'
closed 0 'a closed stdout that nobody needs' '"$1" send -q --dry-run ip dst=10.0.0.2 / udp >&-'
closed 3 'a file beside a closed stdout' '"$1" send --dry-run -w "$2" ip dst=10.0.0.2 / udp dport=7 >&-'
check 'has the packet and no text in it' "$SONDE" read "$tmp/out"
tells 'which is read' '1 read, 1 decoded'
closed 0 'a file beside a closed stderr' '"$1" send --dry-run -w "$2" ip dst=10.0.0.2 / udp >/dev/null 2>&-'
closed 2 'a mistake that nobody can be told of' '"$1" send --dry-run ip dts=10.0.0.2 <&- >&- 2>&-'
closed 0 'a file beside all three' '"$1" send -q --dry-run -w "$2" ip dst=10.0.0.2 / udp <&- >&- 2>&-'
check 'has the packet, too' "$SONDE" read "$tmp/out"
tells 'which is read, too' '1 read, 1 decoded'
if [ "$libc" = /dev/full ]; then
	skip 'a closed stdin that was to be read' 'the C library has put something there that cannot be read'
else
	closed 2 'a closed stdin that was to be read' '"$1" send --dry-run -f - <&-'
	tells 'is empty' 'no packet'
fi
