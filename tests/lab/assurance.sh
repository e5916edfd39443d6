#!/bin/sh
# lab: pair
# What the kernel says of each kind of process while it waits for the network, as the table of SECURITY.md. `make
# assurance` prints it; test_sandbox.sh compares.
PATH=$PATH:/usr/sbin:/sbin
sonde=${SONDE:-build/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

field() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$2/status" | tr '\t' ' ' | sed 's/ *$//'
}

# names MASK: the capabilities of a hexadecimal mask.
names() {
	[ "$1" = 0000000000000000 ] && { echo none; return; }
	capsh --decode="$1" | sed 's/.*=//; s/cap_//g; s/,/, /g'
}

# row NAME PID: one line of the table.
row() {
	sets=$(for set in CapInh CapPrm CapEff CapBnd CapAmb; do field $set "$2"; done | sort -u)
	[ "$(echo "$sets" | wc -l)" -eq 1 ] || sets=$(for set in CapPrm CapEff CapBnd; do field $set "$2"; done | sort -u)
	calls=$("$sonde" help sandbox "$1" 2>/dev/null | tr -s ' \n' '\n\n' | sed 1d | wc -l)
	filter=$(field Seccomp "$2")
	[ "$filter" = 2 ] && filter="$calls system calls" || filter=no
	groups=$(field Groups "$2")
	printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$(field Uid "$2" | cut -d' ' -f2)" "${groups:-none}" \
		"$(names "$sets")" "$([ "$(field NoNewPrivs "$2")" = 1 ] && echo yes || echo no)" "$filter"
}

# child PID NAME: the process of that name that PID has started.
child() {
	for task in $(cat "/proc/$1/task/$1/children"); do
		[ "$(cat "/proc/$task/comm")" = "$2" ] && echo "$task"
	done
}

# wait_for PID: until it has a filter, five seconds at most.
wait_for() {
	n=0
	while [ "$(field Seccomp "$1" 2>/dev/null)" != 2 ] && [ $((n += 1)) -lt 250 ]; do sleep 0.02; done
}

# show NAME COMMAND...: start it, print its row and those of the processes beside it, and end it.
show() {
	name=$1
	shift
	"$@" <"$tmp/nothing" >/dev/null 2>&1 &
	pid=$!
	wait_for $pid
	row "$name" $pid
	if [ "$name" = ping ]; then
		row broker "$(child $pid sonde-broker)"
		row resolver "$(child $pid sonde-resolver)"
	fi
	kill $pid
	wait $pid 2>/dev/null
}

mkfifo "$tmp/nothing"
sleep 60 >"$tmp/nothing" &
sleeper=$!
echo '| process | user | groups | capabilities | no_new_privs | seccomp |'
echo '| --- | --- | --- | --- | --- | --- |'
show ping "$sonde" ping --names -i 5s 10.0.0.77
show send "$sonde" send --replies all -W 20s ip dst=server / icmp type=echo
show probe "$sonde" probe -W 20s 10.0.0.77 server -p 81
show read "$sonde" read -
show connect "$sonde" connect server 7
show listen "$sonde" listen 6011
kill $sleeper
