#!/bin/sh
# lab: pair
# sonde flows -I: flows as they end, how the run ends, what it refuses.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# start ARGUMENT...: flows of interfaces beside this, in the sandbox and ready.
start() {
	rm -f "$tmp/err"
	"$SONDE" flows -v "$@" >"$tmp/out" 2>"$tmp/err" &
	flows=$!
	await grep -q 'sandbox: ' "$tmp/err"
}
# end STATUS TITLE: it ends, with this status.
end() {
	wait $flows
	check "$2" test $? -eq "$1"
}
# talk PORT: a connection to the server, which closes.
talk() {
	"$SONDE" connect 10.0.0.2 "$1" </dev/null >/dev/null 2>&1
}

start -I eth0 proto=tcp -- tcp port 80
talk 80
check 'a connection that closed is told while it runs' await grep -q '10.0.0.1:[0-9]*  *10.0.0.2:80 ' "$tmp/out"
check 'as what it was' grep -q 'tcp.* SF  *ShA' "$tmp/out"
check 'the run goes on' kill -INT $flows
end 0 'Ctrl-C ends it'
check 'with the ledger' grep -q '^[0-9]* read, 0 not IP' "$tmp/err"
check 'and what was dropped' grep -q '^eth0: [0-9]* received, 0 dropped by the kernel$' "$tmp/err"
check 'each flow is told once' test "$(grep -c ':80 ' "$tmp/out")" = 1

start -I eth0 -- icmp
"$SONDE" ping -q -4 -i 1ms -c 3 server >/dev/null

kill -TERM $flows
end 0 'a signal'
check 'what is open is told at the end' grep -q '10.0.0.1 .*10.0.0.2 .*icmp [0-9]*  *SF .* 3/3 ' "$tmp/out"

start -I eth0 --timeout 1s --json -- icmp
"$SONDE" ping -q -4 -i 1ms -c 3 server >/dev/null
check 'silence ends a flow, though no packet comes' await grep -q '"type":"flow".*"proto":"icmp".*"ended":"silent"' "$tmp/out"
kill -INT $flows
end 0 'as JSON'
check 'the summary has the counts' grep -q '"flows":1,"rows":1,.*"read":6,.*"interfaces":\[{"iface":"eth0","received":6,"dropped":0,"delivered":6}\],"end":"interrupted","exit":0}' "$tmp/out"

start -I eth0 -I lo -c 8 --by host -- icmp
"$SONDE" ping -q -4 -i 1ms -c 4 server >/dev/null
end 0 'so many packets'
check 'sums are printed at the end' grep -q '^10.0.0.2 *1 *4 *4 ' "$tmp/out"
check 'of two interfaces' grep -q '^lo: ' "$tmp/err"

start -I eth0 --deadline 2s --sort packets --top 1 -- icmp
for n in 1 2 3; do
	"$SONDE" ping -q -4 -i 1ms -c $n server >/dev/null
done
end 0 'a deadline'
check 'the first of an order' grep -q ' 3/3 ' "$tmp/out"
check 'alone' test "$(wc -l <"$tmp/out")" = 2

start -I eth0 -- icmp
kill -INT $flows
end 130 'nothing came'

ip link add t0 type veth peer name t1
ip link set t0 up
start -I t0
ip link del t0
end 1 'without an interface the run ends'
check 'and it is said' grep -q ': t0: the interface is gone$' "$tmp/err"

# A ring that is too small: every frame is counted.
start -I lo --ring 1M -- udp
kill -STOP $flows
"$SONDE" send -q --no-wait --rate max ip dst=127.0.0.1 / udp dport=9 sport=1-20000 / text:0123456789012345678901234567890123456789 >/dev/null 2>&1
kill -CONT $flows
kill -INT $flows
end 0 'a capture that is late'
awk '/received, .* dropped by the kernel/ { received = $2; dropped = $4 } / read, / { read = $1 }
	END { print received, dropped, read; exit !(received >= 20000 && dropped > 0 && received == dropped + read) }' "$tmp/err" >"$tmp/counts"
check "counts what was dropped: $(cat "$tmp/counts")" test $? -eq 0

# Flows that nobody ends do not take all memory.
start -I lo --memory 1M --json -- udp
"$SONDE" send -q --no-wait --rate 50k ip dst=127.0.0.1 / udp dport=9 sport=1-20000 >/dev/null 2>&1
kill -INT $flows
end 0 'many flows'
check 'memory has its limit' grep -q '"type":"flow".*"ended":"evicted"' "$tmp/out"

# Whose the sockets are.
"$SONDE" listen -4 --echo 6000 >/dev/null 2>&1 &
listen=$!
await sh -c 'ss -Hlnt "sport = 6000" | grep -q .'
# hold COMMAND...: with a word to say, and a moment to stay.
hold() {
	(echo hello; sleep 1) | "$@" >/dev/null 2>&1
}
start -I eth0 -I lo --process -- tcp
hold "$SONDE" connect 10.0.0.2 80
hold "$SONDE" connect 127.0.0.1 6000
hold ip netns exec server "$SONDE" connect 10.0.0.1 6000
"$SONDE" send -q --no-wait ip dst=10.0.0.2 / tcp dport=9 sport=77 flags=S >/dev/null
await grep -q ' 10.0.0.1:6000 ' "$tmp/out"
kill -INT $flows
end 0 'with the processes'
check 'of a connection to elsewhere' grep -q ' 10.0.0.2:80 .* sonde [0-9]*$' "$tmp/out"
check 'of one from elsewhere' grep -q ' 10.0.0.1:6000 .* sonde '$listen'$' "$tmp/out"
check 'of one to ourselves, who began it' sh -c "grep ' 127.0.0.1:6000 .* sonde [0-9]*$' $tmp/out | grep -qv ' $listen$'"
check 'of none, if none has it' grep -q ' 10.0.0.2:9 .* ?$' "$tmp/out"
check 'what was not found is counted' grep -q '^processes: 3 sockets found, 1 not there or gone when asked, 0 not asked for$' "$tmp/err"
start -I eth0 --by process --json -- tcp port 80
hold "$SONDE" connect 10.0.0.2 80
kill -INT $flows
end 0 'sums by process'
check 'have its name' grep -q '"by":"process","key":"sonde","flows":1,' "$tmp/out"
check 'and the counts' grep -q '"sockets_found":1,"sockets_gone":0,"sockets_not_asked":0,' "$tmp/out"
start -I eth0 --process --json --sandbox=off process=sonde -- tcp port 80
hold "$SONDE" connect 10.0.0.2 80
check 'without a sandbox, and chosen' await grep -q '"process":"sonde","pid":[0-9]*,' "$tmp/out"
kill -INT $flows
end 0 'to its end'
kill $listen

# screen ROWS COLUMNS ARGUMENT...: a screen on such a terminal, whose keyboard is our stdin; what it shows is in
# $tmp/shown. Its process is alone in having that name.
screen() {
	size="stty rows $1 cols $2"
	shift 2
	TERM=xterm LC_ALL=C.UTF-8 timeout 30 script -qefc "$size; exec '$SONDE' flows -I eth0 --live $*" "$tmp/shown" >/dev/null
}
# meanwhile N: when the screen is there, so many echoes.
meanwhile() {
	rm -f "$tmp/shown"
	(
		await grep -q 'flows 0:00:0' "$tmp/shown"
		"$SONDE" ping -q -4 -i 1ms -c "$1" server >/dev/null
		"$SONDE" ping -q -4 -i 1ms -c 1 server >/dev/null
	) &
}
if has script; then
	meanwhile 5
	expect 0 'a screen' screen 24 80 --deadline 3s proto=icmp </dev/null
	check 'has a row for each flow' grep -q '10\.0\.0\.2 .*icmp [0-9]* .*5/5' "$tmp/shown"
	check 'totals above them' grep -q 'open, .* in all, .* packets, .* bytes' "$tmp/shown"
	check 'the ledger follows' grep -q '^eth0: [0-9]* received, 0 dropped by the kernel' "$tmp/shown"
	meanwhile 2
	expect 0 'a small screen' screen 8 40 --deadline 2s </dev/null
	check 'has both ends, and how much' grep -q '10\.0\.0\.1  *10\.0\.0\.2  *[0-9]' "$tmp/shown"
	expect 0 'one without room' screen 1 1 --deadline 300ms </dev/null
	mkfifo "$tmp/keys"
	(
		exec 3>"$tmp/keys"
		await grep -q '1/1' "$tmp/shown"
		printf q >&3
		sleep 5
	) &
	meanwhile 1
	expect 0 'q ends it' screen 24 80 -- icmp <"$tmp/keys"
	check 'with the ledger' grep -q '[24] read, ' "$tmp/shown"
	check 'and the terminal as it was' sh -c "tail -c 300 $tmp/shown | grep -q '\[?1049l'"
else
	skip 'a screen' 'no script(1) to make a terminal'
fi

# What stands on it at last, as a terminal has it.
if has tmux; then
	tmux="tmux -S $tmp/tmux -f /dev/null"
	TERM=xterm LC_ALL=C.UTF-8 $tmux new-session -d -x 80 -y 24 "trap : INT; '$SONDE' flows -I eth0 --live proto=icmp; sleep 60"
	await sh -c "$tmux capture-pane -p | grep -q open"
	"$SONDE" ping -q -4 -i 1ms -c 1 server >/dev/null
	"$SONDE" ping -q -4 -i 1ms -c 5 server >/dev/null
	check 'the busiest stand first' await sh -c "$tmux capture-pane -p | tr -d '\n' | grep -q 'bytes .* 5/5 .* 1/1 '"
	$tmux send-keys C-c
	check 'Ctrl-C leaves the ledger alone' await sh -c "$tmux capture-pane -p | head -1 | grep -q '^[0-9]* read, '"
	$tmux kill-server
else
	skip 'what stands on a screen' 'no tmux'
fi

# refused STATUS TITLE PATTERN ARGUMENT...
refused() {
	expect "$1" "$2" "$SONDE" flows $4 $5 $6 $7 $8
	tells 'is refused with the reason' "$3"
}
refused 2 'an unknown interface' '^sonde flows: -I nope: no such interface; there are lo, eth0, and any for all of them$' -I nope
refused 2 'interfaces and files' '^sonde flows: -I and FILE: one of the two$' -I eth0 "$tmp/out"
refused 2 'the end of a file' '^sonde flows: --deadline is for -I$' --deadline 1s "$tmp/out"
refused 2 'a ring for a file' '^sonde flows: --ring is for -I$' --ring 2M "$tmp/out"
refused 2 'the processes of a file' '^sonde flows: --process is for -I$' --process "$tmp/out"
refused 2 'a screen of files' '^sonde flows: --live is for -I$' --live "$tmp/out"
refused 2 'a screen as JSON' '^sonde flows: --live is a screen' --live -I eth0 --json
refused 2 'a screen that is none' '^sonde flows: a screen needs a terminal' --live -I eth0
install -m 755 "$SONDE" "$tmp/sonde"
chmod 755 "$tmp"
expect 3 'without privilege' $unprivileged "$tmp/sonde" flows -I eth0
tells 'it is said what is missing' 'CAP_NET_RAW'
