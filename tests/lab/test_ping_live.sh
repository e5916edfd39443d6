#!/bin/sh
# lab: pair
# sonde ping --live: the screen on terminals of several sizes, its end, and where there is none.
. "$LIB"
has script || skip_all 'no script(1) to make a terminal'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
mkfifo "$tmp/keys"
export TERM=xterm LC_ALL=C.UTF-8

# screen ROWS COLUMNS OPTION...: ping on such a terminal, whose keyboard is our stdin; what it shows is in $tmp/shown.
screen() {
	size="stty rows $1 cols $2"
	shift 2
	timeout 30 script -qefc "$size; exec sonde ping --live -i 20ms $*" "$tmp/shown" >/dev/null
}
shown() {
	check "$1" grep -q -- "$2" "$tmp/shown"
}

expect 2 'without a terminal' sonde ping --live -c 1 server
expect 2 'with JSON' sonde ping --live --json -c 1 server
# curses leaks what it began when it does not know the terminal.
expect 2 'a terminal that nobody knows' env TERM=nosuch ASAN_OPTIONS=detect_leaks=0 script -qec 'sonde ping --live -c 1 server' /dev/null </dev/null

expect 0 'three rounds' screen 24 80 -c 3 10.0.0.1 10.0.0.2 </dev/null
shown 'each target has its row' '10\.0\.0\.2'
shown 'with a strip' '▁'
shown 'the summary follows' '^10.0.0.2 : 3 sent, 3 received'
expect 1 'losses' screen 24 80 --tcp -p 81 -W 20ms -c 5 server </dev/null
check 'are marked' sh -c "sed 's/max//g' $tmp/shown | grep x"
for size in '10 40' '3 20' '2 8' '1 1'; do
	expect 0 "a screen of $size" screen $size -c 3 10.0.0.2 </dev/null
done

(
	exec 3>"$tmp/keys"
	await grep -q '10\.0\.0\.2' "$tmp/shown"
	printf q >&3
	sleep 5
) &
rm -f "$tmp/shown"
expect 0 'q ends it' screen 24 80 10.0.0.2 <"$tmp/keys"
shown 'with the summary' 'sent, .* received'
