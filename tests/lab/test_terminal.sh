#!/bin/sh
# The terminal belongs to COMMAND: it reads from it, its Ctrl-C reaches it once, and a shell may take it and give it back.
. "$LIB"
has script || skip_all 'no script(1) to make a terminal'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
run="$SONDE lab run"

# on_terminal COMMAND: run a shell's command on a terminal whose keyboard is our stdin.
on_terminal() {
	timeout 20 script -qec "$1" /dev/null
}

check 'stdin and stdout are the terminal' on_terminal "$run sh -c 'test -t 0 && test -t 1'" </dev/null
check 'the processes of COMMAND are in the foreground' on_terminal "$run bash -c '
	read -r _ _ _ _ group _ _ foreground _ </proc/self/stat; test \$group = \$foreground'" </dev/null

# Ctrl-C once it is up. COMMAND counts the signals that it gets.
mkfifo "$tmp/keys"
(
	exec 3>"$tmp/keys"
	await test -e "$tmp/up"
	printf '\003' >&3
	await test -e "$tmp/done"
) &
expect 1 'Ctrl-C reaches COMMAND, and once' on_terminal "$run bash -c '
	n=0; trap \"n=\$((n + 1)); echo got >>$tmp/got\" INT; : >$tmp/up
	for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05; test -e $tmp/got && break; done
	sleep 0.2; : >$tmp/done; exit \$(wc -l <$tmp/got)'" <"$tmp/keys"
wait

# An interactive shell makes process groups of its own and leaves the last one in the foreground.
check 'the terminal comes back from a shell' on_terminal "bash -c '
	echo exit 0 | $run bash -mic \"sleep 0\" >/dev/null 2>&1
	$run bash --norc -mic \"(sleep 0; true)\"
	read -r _ _ _ _ group _ _ foreground _ </proc/self/stat; test \$group = \$foreground'" </dev/null
