#!/bin/sh
# However a lab ends, nothing of it is left: no process, no namespace, no file.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
before=$(ls /run/netns 2>/dev/null; cat /proc/self/mountinfo; ip -o link show)

# spaces FILE: a command for a lab that writes its namespaces to FILE once it runs.
spaces='readlink /proc/self/ns/pid /proc/self/ns/net /proc/self/ns/mnt >"$0.part"; mv "$0.part" "$0"'

# nobody_in FILE: no process is in one of the namespaces named there.
nobody_in() {
	for ns in pid net mnt; do
		readlink /proc/[0-9]*/ns/$ns
	done 2>/dev/null | grep -qFxf "$1" && return 1
	return 0
}

# gone TITLE FILE [await]: the lab was up, and is no more; or will be no more soon.
gone() {
	check "$1: it was up" test -s "$2"
	check "$1: nothing is left" ${3-} nobody_in "$2"
	rm -f "$2"
}

"$SONDE" lab run sh -c "$spaces" "$tmp/a"
gone 'ordinary end' "$tmp/a"
"$SONDE" lab run sh -c "sleep 1000 & setsid sleep 1000 & $spaces" "$tmp/a"
gone 'COMMAND leaves processes behind' "$tmp/a"
"$SONDE" lab run sh -c "$spaces; kill -KILL \$\$" "$tmp/a" 2>/dev/null
gone 'COMMAND is killed' "$tmp/a"

# A shell has SIGINT ignored for what it starts in the background.
for signal in INT:130 TERM:143 HUP:129 KILL:137; do
	env --default-signal "$SONDE" lab run sh -c "setsid sleep 1000 & $spaces; exec sleep 1000" "$tmp/a" 2>/dev/null &
	await test -s "$tmp/a"
	kill -${signal%:*} $!
	wait $! 2>/dev/null
	expect ${signal#*:} "the lab ends by ${signal%:*}" sh -c "exit $?"
	gone "the lab gets ${signal%:*}" "$tmp/a" "$([ $signal = KILL:137 ] && echo await)"
done

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	"$SONDE" lab run sh -c "$spaces" "$tmp/$i" || break
done
cat "$tmp"/[0-9]* >"$tmp/a"
check 'twenty labs ran' test "$(wc -l <"$tmp/a")" = 60
gone 'twenty labs' "$tmp/a"
check 'files, mounts and links are as before' test "$before" = "$(ls /run/netns 2>/dev/null; cat /proc/self/mountinfo; ip -o link show)"
