#!/bin/sh
# lab: pair
# sonde probe --live: the map of a host and the list of hosts on terminals of several sizes, and what they leave behind.
. "$LIB"
has script || skip_all 'no script(1) to make a terminal'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export TERM=xterm LC_ALL=C.UTF-8

# screen ROWS COLUMNS ARGUMENT...: probe on such a terminal; what it shows is in $tmp/shown, and the modes of the terminal
# before and behind it in $tmp/modes.
screen() {
	run="stty rows $1 cols $2; stty -g >'$tmp/modes'"
	shift 2
	run="$run; sonde probe --live $*; status=\$?; stty -g >>'$tmp/modes'; exit \$status"
	timeout 30 script -qefc "$run" "$tmp/shown" </dev/null >/dev/null
}
shown() {
	check "$1" grep -q -- "$2" "$tmp/shown"
}

expect 2 'without a terminal' sonde probe --live server
for other in --json '-o list' --dry-run '-w -'; do
	expect 2 "with $other" sonde probe --live $other server
	tells 'is refused' 'is a screen of a run: without'
done
expect 2 'more ports than it draws' script -qec 'sonde probe --live -p - 198.18.0.0/23' /dev/null </dev/null
tells 'is refused, with its limit' 'up to 16777216 ports'

expect 0 'a host' screen 24 80 --rate 2000 -p 1-2000 10.0.0.2
shown 'has its name above' 'sonde probe 0:00:00  10\.0\.0\.2'
shown 'has a map of its ports' '211/tcp'
shown 'its open ports by name' '443/tcp https'
shown 'how far it is' 'pass 1: [0-9.]* %, [0-9]* s left'
shown 'and the table behind it' '10\.0\.0\.2: 4 open, 1995 closed, 1 filtered'
check 'the terminal is left as it was' sh -c "[ \$(sort -u '$tmp/modes' | wc -l) = 1 ] && [ \$(wc -l <'$tmp/modes') = 2 ]"
for size in '20 40' '10 40' '6 20' '3 8' '1 1'; do
	expect 0 "a screen of $size" screen $size -p 1-300 10.0.0.2
	expect 0 "a list on $size" screen $size -p 1-30 10.0.0.1-2
done

expect 0 'a run that goes on' sh -c "sonde probe -q --resume '$tmp/state' -p 1-100 10.0.0.2"
expect 0 'shows what was known' screen 24 80 --resume "$tmp/state" -p 1-100 10.0.0.2
shown 'at once' '22/tcp ssh'
expect 0 'without privilege' screen 24 80 --connect -p 1-100 10.0.0.2
shown 'there is a map, too' '22/tcp ssh'

# A terminal whose picture can be read, and whose keys can be pressed.
has tmux || { skip 'keys' 'no tmux(1)' && exit; }
terminal() {
	tmux -S "$tmp/tmux$columns" "$@"
}
# picture PATTERN: the screen has a line like this, ten seconds from now at the latest.
picture() {
	await sh -c "tmux -S '$tmp/tmux$columns' capture-pane -p | grep -q -- '$1'" && return
	terminal capture-pane -p
	return 1
}
for size in '80 24' '40 20'; do
	columns=${size% *}
	terminal -f /dev/null new-session -d -x "$columns" -y "${size#* }" sh
	terminal send-keys 'clear; sonde probe --live --rate 1000 -p 1-9000 10.0.0.1-2' Enter
	check "$size: a host is a row with a strip of its ports" picture '10\.0\.0\.2  *1  *[0-9][0-9.k]* [c·]*o[c·]*$'
	check "$size: those with open ports come first" picture '^> 10\.0\.0\.2 '
	terminal send-keys Enter
	check "$size: Enter shows its ports, those that are open by name" picture '^[0-9]*/tcp [a-z]'
	check "$size: and how many a cell stands for" picture '^[0-9]* ports a cell, Enter: all hosts$'
	terminal send-keys Down
	check "$size: the next host" picture '^sonde probe .* 10\.0\.0\.1'
	terminal send-keys Enter
	check "$size: Enter shows all of them again" picture '^> 10\.0\.0\.1 '
	terminal send-keys C-c
	check "$size: Ctrl-C ends it with the table" picture '^in doubt: [0-9]* unfinished'
	terminal kill-server
done
