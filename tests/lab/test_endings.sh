#!/bin/bash
# lab: pair
# Runs that somebody ends: what was captured is on disk, what was printed is out, and the summary is there.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
listens() { ss -Hlnt "sport = $1" | grep -q .; }

# count_at_least N FILE: the capture has so many packets, all of them whole.
count_at_least() { test "$("$SONDE" read -q --count "$2")" -ge "$1"; }

# killed NAME N COMMAND...: -w of the command has N packets while it runs, and all are whole when it is killed.
killed() {
	name=$1 n=$2
	shift 2
	"$@" -w "$tmp/live" >/dev/null 2>&1 &
	pid=$!
	check "$name: the file grows while it runs" await count_at_least "$n" "$tmp/live"
	kill -KILL $pid
	wait $pid 2>/dev/null
	check "$name: and is whole when it is killed" count_at_least "$n" "$tmp/live"
	rm -f "$tmp/live"
}
killed 'ping, then idle' 2 "$SONDE" ping -i 1h server
killed 'ping' 12 "$SONDE" ping -i 50ms server
killed 'send, then idle' 1 "$SONDE" send -W 1h ip dst=server / tcp dport=81 flags=S
killed 'send without waiting' 5 "$SONDE" send --no-wait --rate 20 -c 1000 ip dst=server / udp dport=9
check 'with a full disk, the error comes once' sh -c "timeout 5 '$SONDE' ping -q -i 50ms -w /dev/full server 2>&1 >/dev/null | grep -c ."
says 'and ends the run' 1

# ended SIGNAL NAME STATUS PATTERN COMMAND...: the signal ends the command, which waits for ever, with that status. By
# then it has said the pattern, or "ready" told so.
ended() {
	signal=$1 name="$2: $1" status=$3 ready=$4
	shift 4
	cat <"$tmp/outlet" >"$tmp/out" &
	cat=$!
	"$@" <&0 >"$tmp/outlet" 2>&1 &
	pid=$!
	await sh -c "$ready"
	kill -"$signal" $pid
	wait $pid 2>/dev/null
	got=$?
	wait $cat
	check "$name ends it with status $status" test $got -eq "$status"
	out=$(cat "$tmp/out")
}
export pid
has_line() { echo "grep -q '$1' '$tmp/out'"; }
head -c 600 captures/tcp.pcapng >"$tmp/cut"
mkfifo "$tmp/pipe" "$tmp/outlet"
for signal in INT TERM HUP; do
	ended $signal ping 0 "$(has_line seq=2)" "$SONDE" ping -i 50ms server
	tells "ping: $signal: with its summary" ' 0 lost '
	ended $signal send 130 "$(has_line dport=81)" "$SONDE" send -W 1h ip dst=server / tcp dport=81 flags=S
	tells "send: $signal: with its summary" '^1 sent, 0 answered, 1 waited for when the run ended$'
	exec 3<>"$tmp/pipe"
	ended $signal connect 130 "ss -Hnt 'dport = 7' | grep -q ESTAB" "$SONDE" connect server 7 <"$tmp/pipe"
	ended $signal listen 0 "ss -Hlnt 'sport = 5000' | grep -q ." "$SONDE" listen 5000
	# Half a capture, behind which nothing comes for the time being.
	cat "$tmp/cut" >"$tmp/pipe" &
	ended $signal 'read of a pipe' 0 "$(has_line 5001)" "$SONDE" read - <"$tmp/pipe"
	tells "read of a pipe: $signal: with its ledger" '^[34] read, '
	check "read of a pipe: $signal: and nothing about damage" sh -c "! grep -q 'sonde read' '$tmp/out'"
	cat "$tmp/cut" >"$tmp/pipe" &
	ended $signal 'read of a named pipe' 0 "$(has_line 5001)" "$SONDE" read "$tmp/pipe"
	tells "read of a named pipe: $signal: with its ledger" '^[34] read, '
	ended $signal 'read of nothing' 130 'grep -q "State:.S" /proc/$pid/status' "$SONDE" read - <"$tmp/pipe"
	exec 3>&-
done
exec 3<>"$tmp/pipe"
cat "$tmp/cut" >"$tmp/pipe" &
ended INT 'read as JSON' 0 "$(has_line 5001)" "$SONDE" read --json - <"$tmp/pipe"
tells 'read as JSON: its summary says so' '"end":"interrupted","exit":0}$'
"$SONDE" read -q -o hex captures/udp.pcapng >"$tmp/pipe"
ended INT 'read of a dump' 0 "$(has_line ' > ')" "$SONDE" read --hex ether - <"$tmp/pipe"
tells 'read of a dump: with its ledger' '^[678] read, '
exec 3>&-

# Who is started to ignore SIGHUP, as nohup does, goes on.
(trap '' HUP; exec "$SONDE" ping -i 50ms server >"$tmp/out" 2>&1) &
pid=$!
await grep -q seq=2 "$tmp/out"
kill -HUP $pid
lines=$(wc -l <"$tmp/out")
check 'nohup: goes on' await sh -c "test \$(wc -l <'$tmp/out') -gt $((lines + 2))"
kill -INT $pid
wait $pid
