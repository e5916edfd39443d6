#!/bin/sh
# The terminal belongs to COMMAND: it reads from it, its Ctrl-C reaches it once, and a shell may take it and give it back.
. "$LIB"
has script || skip_all 'no script(1) to make a terminal'
has perl || skip_all 'no perl(1) to count signals'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
run="$SONDE lab run"

# on_terminal COMMAND: run a shell's command on a terminal whose keyboard is our stdin. Which shell is the user's affair;
# it makes room for the command, for a shell that stayed would get the Ctrl-C too, and some die of it.
on_terminal() {
	timeout 20 script -qec "exec $1" /dev/null
}

check 'stdin and stdout are the terminal' on_terminal "$run sh -c 'test -t 0 && test -t 1'" </dev/null
check 'the processes of COMMAND are in the foreground' on_terminal "$run bash -c '
	read -r _ _ _ _ group _ _ foreground _ </proc/self/stat; test \$group = \$foreground'" </dev/null

# Ctrl-C once it is up. COMMAND waits for the first signal, then for a second that must not come, and counts.
mkfifo "$tmp/keys"
(
	exec 3>"$tmp/keys"
	await test -e "$tmp/up"
	printf '\003' >&3
	await test -e "$tmp/done"
) &
expect 1 'Ctrl-C reaches COMMAND, and once' on_terminal "$run perl -e '
	\$SIG{INT} = sub { \$n++ }; open F, q(>), q($tmp/up);
	select undef, undef, undef, 10;
	select undef, undef, undef, 0.2;
	open F, q(>), q($tmp/done); exit \$n'" <"$tmp/keys"
wait

# An interactive shell makes process groups of its own and leaves the last one in the foreground.
check 'the terminal comes back from a shell' on_terminal "bash -c '
	echo exit 0 | $run bash -mic \"sleep 0\" >/dev/null 2>&1
	$run bash --norc -mic \"(sleep 0; true)\"
	read -r _ _ _ _ group _ _ foreground _ </proc/self/stat; test \$group = \$foreground'" </dev/null
