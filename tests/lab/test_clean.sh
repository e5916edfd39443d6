#!/bin/sh
# However a lab ends, nothing of it is left: no process, and so no namespace, and no mount or file.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Every process of a lab inherits this from the command that makes it. (The numbers of namespaces are used again.)
mark=SONDE_TEST=$$.$(date +%s%N)
run="env --default-signal $mark $SONDE lab run"

# left: there are processes with the mark.
left() {
	grep -qszxF "$mark" /proc/[0-9]*/environ
}

nothing_left() {
	! left
}

# gone TITLE [await]: nothing is left, or will be soon.
gone() {
	check "$1: nothing is left" ${2-} nothing_left
}

check 'a lab has processes with the mark' $run --at server sh -c '
	for process in 1 "$(pgrep -x sonde-server)" $$; do
		grep -qzxF "$0" /proc/$process/environ || exit 1
	done' "$mark"
gone 'an ordinary end'
check 'COMMAND may leave processes behind' $run sh -c 'sleep 1000 & setsid sleep 1000 & exit 0'
gone 'COMMAND left processes behind'
expect 137 'COMMAND may be killed' sh -c "$run sh -c 'kill -KILL \$\$'; exit \$?"
gone 'COMMAND was killed'
expect 125 'a lab may not come up' $run --at nowhere true
gone 'it did not come up'

for signal in INT:130 TERM:143 HUP:129 KILL:137; do
	$run sh -c 'setsid sleep 1000 & : >"$0"; exec sleep 1000' "$tmp/up" 2>/dev/null &
	check "a lab is up" await test -e "$tmp/up"
	check "and has processes" left
	kill -${signal%:*} $!
	wait $! 2>/dev/null
	expect ${signal#*:} "it ends by ${signal%:*}" sh -c "exit $?"
	gone "the lab got ${signal%:*}" "$([ $signal = KILL:137 ] && echo await)"
	rm -f "$tmp/up"
done

check 'twenty labs' sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do $run true || exit 1; done"
gone 'twenty labs'
expect 1 'no mount is left' grep sonde-lab /proc/self/mountinfo
expect 1 'no file is left' test -e /run/sonde
expect 1 'no interface is left' sh -c 'ip -o link | grep 02:00:00:00:00:0'
