#!/bin/sh
# Labs that stay up: up, list, exec, shell, down; and what is left of one that is killed.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap '{ "$SONDE" lab down two; "$SONDE" lab down lab; } >/dev/null 2>&1; rm -rf "$tmp"' EXIT
trap 'exit 1' TERM INT
XDG_RUNTIME_DIR=$tmp
export XDG_RUNTIME_DIR
mark=SONDE_TEST=$$.$(date +%s%N)
lab() {
	verb=$1
	shift
	env "$mark" "$SONDE" lab "$verb" "$@"
}

# Zombies, which someone else has to bury, have an empty environment.
left() {
	grep -qszxF "$mark" /proc/[0-9]*/environ
}
nothing_left() {
	! left
}
# kill_process LEVELS: kill the process named sonde-lab that is in so many process namespaces: the holder of the lab is
# in one, its process 1 in two.
kill_process() {
	for pid in $(grep -lszxF "$mark" /proc/[0-9]*/environ | cut -d/ -f3); do
		awk -v n="$1" '/^Name:/ { named = $2 == "sonde-lab" } /^NSpid:/ { exit !(named && NF == n + 1) }' \
			"/proc/$pid/status" && kill -KILL "$pid"
	done
}
# A process that was killed gives its memory back first, and its hold on the lab a moment later.
is_told_killed() {
	lab list | grep -q 'killed: '
}

expect 0 'no lab yet' lab list
says 'says nothing' ''
expect 2 'nothing to take down' lab down
says 'is told' 'sonde lab down: no lab is up (sonde lab up)'
expect 125 'nothing to run in' lab exec client true
says 'is told, too' 'sonde lab exec: no lab is up (sonde lab up)'

check 'up' lab up -t line:2 --seed 5
says 'says how to go on' "lab 'lab' is up: sonde lab shell lab client"
expect 2 'up again' lab up
says 'is refused' "sonde lab up: lab 'lab' is up already (sonde lab down lab ends it; --name gives the new one another name)"
check 'list' lab list
tells 'has it' '^lab  *line:2  *5  *up, 4 hosts$'
check 'exec runs on a host' lab exec r2 hostname
says 'the right one' r2
check 'exec with a name' lab exec lab server hostname
says 'too' server
expect 7 'its status passes' lab exec client sh -c 'exit 7'
expect 127 'no such command' lab exec client no-such-command
expect 137 'its death passes' sh -c '"$@"; exit $?' sh "$SONDE" lab exec client sh -c 'kill -KILL $$'
check 'its input passes' sh -c 'echo hello | "$@" | grep -q hello' sh "$SONDE" lab exec client cat
check 'the folder at hand stays' sh -c 'cd /usr && test "$("$@")" = /usr' sh "$SONDE" lab exec client pwd
check 'the network is whole' lab exec client timeout 5 bash -c 'exec 3<>/dev/tcp/server/7 && echo hi >&3 && read -r -t 5 a <&3 && test $a = hi'
check 'sonde is there' lab exec client sh -c 'test "$(readlink -f "$(command -v sonde)")" = "$0"' "$(readlink -f "$SONDE")"
expect 125 'an unknown host' lab exec r9 true
says 'is named, with a suggestion' "sonde lab exec: no host 'r9' in topology 'line:2' (did you mean r1?)"
expect 3 'a shell' sh -c 'echo "hostname; exit 3" | "$@"' sh "$SONDE" lab shell server
says 'is on its host' server

out=$(lab up --name two -t lossy)
says 'the output of up ends with it' "lab 'two' is up: sonde lab shell two client"
expect 125 'with two of them' lab exec client true
says 'the name is wanted' 'sonde lab exec: 2 labs are up: which one? (sonde lab list)'
check 'and helps' lab exec two client true
expect 2 'to take one down, too' lab down
check 'frames pass' lab exec two client sh -c 'echo hello | sonde connect -W 10s 10.0.0.2 7'
check 'list -v' lab list -v
tells 'tells what became of them' '^  client to server: [1-9][0-9]* frames came, [1-9][0-9]* arrived; as configured: [0-9]* lost,'
check 'list --json' sh -c '"$@" >"$0/json"' "$tmp" "$SONDE" lab list --json
if has python3; then
	check 'is JSON, and has all of it' python3 - "$tmp/json" <<'JSON'
import json, sys
run, one, two, summary = [json.loads(line) for line in open(sys.argv[1])]
assert [o["type"] for o in (run, one, two, summary)] == ["run", "lab", "lab", "summary"]
assert one["name"] == "lab" and one["state"] == "up" and one["seed"] == 5 and one["topology"] == "line:2"
assert one["hosts"][0] == {"host": "client", "addresses": ["10.0.0.1", "fd00::1"]} and "links" not in one
assert two["links"][0]["from"] == "client" and two["links"][0]["came"] > 0 and two["links"][1]["arrived"] > 0
assert summary["labs"] == 2 and summary["exit"] == 0
JSON
else
	skip 'list --json' 'no python3 here'
fi
check 'down -v' lab down -v two
tells 'tells what became of all frames' '^sonde lab down: server to client: [1-9][0-9]* frames came, '
check 'the other one stays' lab exec client true
check 'down, the last' lab down
expect 0 'list is empty' lab list
says 'again' ''
check 'no process is left' nothing_left
check 'no file is left' sh -c 'test -z "$(ls -A "$0/sonde")"' "$tmp"

# A capture of all links can be read while the lab is up, and is whole when it is down.
check 'up with a capture' lab up -q -t line:1 -w "$tmp/capture"
check 'frames pass' lab exec client sh -c 'echo hello | sonde connect -4 server 7'
frames() {
	test "$("$SONDE" read -q -o packets "$tmp/capture" | grep -c 'text:"*hello')" -eq "$1"
}
check 'they are in the file of a lab that is up' await frames 4
expect 2 'the same again' lab up -w "$tmp/capture"
check 'does not spoil it' frames 4
check 'more frames pass' lab exec client sh -c 'echo hello | sonde connect -6 server 7'
check 'down' lab down
check 'all are in the file' frames 8
expect 2 'standard output' lab up -w -
says 'is no file' 'sonde lab up: -w -: a lab that stays writes to a file'
expect 3 'a full disk' lab up -w /dev/full
tells 'is told' '^sonde lab up: cannot write /dev/full: No space left on device$'
check 'no file is left' sh -c 'test -z "$(ls -A "$0/sonde")"' "$tmp"

# The holder is the parent of all.
check 'up, to be killed' lab up -q
kill_process 1
check 'all processes go with the holder' await nothing_left
check 'the lab is let go' await is_told_killed
check 'list' lab list
tells 'tells of it' '^lab  *pair  *-  *killed: sonde lab down lab removes what is left$'
expect 125 'exec' lab exec lab client true
says 'tells of it' "sonde lab exec: lab 'lab' was killed (sonde lab down lab removes what is left)"
check 'down' lab down
expect 0 'removes it' lab list
says 'and all of it' ''
check 'no file is left' sh -c 'test -z "$(ls -A "$0/sonde")"' "$tmp"
check 'up, to be killed once more' lab up -q
kill_process 1
await is_told_killed
check 'the name can be used again' lab up -q
kill_process 2
check 'a lab whose process 1 is killed ends' await nothing_left
expect 0 'list is empty' lab list
says 'too' ''

expect 2 'a name that is none' lab up --name ../x
says 'is refused' "sonde lab up: '../x' is no name for a lab (letters, digits, dashes)"
expect 2 'an unknown lab' lab down x
says 'is told' "sonde lab down: no lab 'x' (sonde lab list)"
expect 2 'an unknown topology' lab up -t par
printf 'host a 10.0.0.1/24\nhost b\nlink a b\nroute a 192.0.2.0/24 via 198.51.100.1\n' >"$tmp/net"
expect 3 'a lab that cannot come up' lab up -t "$tmp/net"
tells 'says why' '^sonde lab up: ip failed: .*gateway'
expect 0 'and leaves nothing' lab list
says 'at all' ''
chmod 755 "$tmp/sonde"
expect 3 'a folder that others can look into' lab list
says 'is refused' "sonde lab list: $tmp/sonde is not yours alone (names of labs are kept there; have it removed)"
