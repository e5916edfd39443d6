#!/bin/sh
# lab: pair
# sonde read -I: what passes interfaces, as it does; what becomes of these; how it ends.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# start ARGUMENT...: capture beside this, in the sandbox and ready.
start() {
	rm -f "$tmp/err"
	"$SONDE" read -v "$@" >"$tmp/out" 2>"$tmp/err" &
	read=$!
	await grep -q 'sandbox: ' "$tmp/err"
}
# end STATUS TITLE: it ends, with this status.
end() {
	wait $read
	check "$2" test $? -eq "$1"
}
# echoes N: so many echoes and their answers.
echoes() {
	"$SONDE" ping -q -4 -i 1ms -c "$1" server >/dev/null
}

start -I eth0 -c 4 -- icmp
echoes 3
end 0 'so many packets'
check 'are printed' test "$(grep -c ' icmp echo' "$tmp/out")" = 4
check 'with their directions' test "$(sed 's/^[0-9:.]* \([a-z]*\) .*/\1/' "$tmp/out" | tr '\n' ' ')" = 'out in out in '

start -I eth0 -- icmp
echoes 1
check 'lines come at once' await grep -q ' in .* icmp echo-reply' "$tmp/out"
kill -INT $read
end 0 'Ctrl-C ends it'
check 'with its ledger' grep -q '^2 read, 2 decoded' "$tmp/err"
check 'and what was dropped' grep -q '^eth0: 2 received, 0 dropped by the kernel$' "$tmp/err"

start -I eth0 -I lo -w "$tmp/w.pcapng" --deadline 2s -- icmp
echoes 20
"$SONDE" ping -q -4 -i 1ms -c 5 127.0.0.1 >/dev/null
end 0 'two interfaces into a file'
check 'nothing is printed' test ! -s "$tmp/out"
check 'the ledger counts' grep -q '^50 read$' "$tmp/err"
for iface in eth0:40 lo:10; do
	check "of ${iface%:*}: ${iface#*:}" test "$("$SONDE" read -q -T frame.iface "$tmp/w.pcapng" | grep -cx "${iface%:*}")" = "${iface#*:}"
	check 'are received' grep -q "^${iface%:*}: ${iface#*:} received, 0 dropped" "$tmp/err"
done
check 'sent and received frames' test "$("$SONDE" read -q -T frame.iface,frame.dir "$tmp/w.pcapng" | grep -c "^eth0.out$")" = 20
if has capinfos; then
	check 'capinfos' capinfos "$tmp/w.pcapng"
	tells 'has two interfaces' 'Number of interfaces in file: 2'
	tells 'and the filter' 'Filter string = icmp'
	check 'with statistics' test "$(echo "$out" | grep -c 'Number of stat entries = 1')" = 2
else
	skip 'capinfos' 'it is not here'
fi

start -I any --json -c 2 -- icmp
echoes 1
end 0 'all interfaces, as JSON'
check 'have the link type of cooked frames' grep -q '"link":276,"iface":"any","dir":"out"' "$tmp/out"
check 'the summary has the counts' grep -q '"interfaces":\[{"iface":"any","received":[0-9]*,"dropped":0,"delivered":2}\],"end":"complete","exit":0}' "$tmp/out"

ip link add t0 type veth peer name t1
ip link set t0 up
start -I t0 -I eth0 -w "$tmp/t.pcapng.gz"
ip link set t0 down
check 'an interface that goes down' await grep -q ': t0 is down; the capture goes on when it is up$' "$tmp/err"
ip link set t0 name t9
check 'one that gets another name' await grep -q ': t0 is called t9 now$' "$tmp/err"
ip link set t9 up
check 'one that comes up' await grep -q ': t9 is up again$' "$tmp/err"
ip link del t9
check 'one that goes' await grep -q ': t9: the interface is gone$' "$tmp/err"
echoes 2
await sh -c "'$SONDE' read -q '$tmp/t.pcapng.gz' | grep -q 'echo-reply .*seq=2'"
kill -TERM $read
end 1 'the others go on to the end'
check 'the file has them' "$SONDE" read -q "$tmp/t.pcapng.gz"
tells 'to the last' ' in .* icmp echo-reply .*seq=2'

ip link add t0 type veth peer name t1
ip link set t0 up
start -I t0
ip link del t0
end 1 'without an interface the run ends'

# A ring that is too small: every frame is counted.
start -I lo --ring 1M --count -- udp
kill -STOP $read
"$SONDE" send -q --no-wait --rate max ip dst=127.0.0.1 / udp dport=9 sport=1-20000 / text:0123456789012345678901234567890123456789 >/dev/null 2>&1
kill -CONT $read
kill -INT $read
end 0 'a capture that is late'
awk '/received, .* dropped by the kernel/ { received = $2; dropped = $4 } / read$/ { read = $1 }
	END { print received, dropped, read; exit !(received >= 20000 && dropped > 0 && received == dropped + read) }' "$tmp/err" >"$tmp/counts"
check "counts what was dropped: $(cat "$tmp/counts")" test $? -eq 0

# refused STATUS TITLE PATTERN ARGUMENT...
refused() {
	expect "$1" "$2" "$SONDE" read $4 $5 $6 $7 $8
	tells 'is refused with the reason' "$3"
}
refused 2 'an unknown interface' '^sonde read: -I nope: no such interface; there are lo, eth0, and any for all of them$' -I nope
refused 2 'an interface twice' '^sonde read: -I eth0: eth0 is captured already$' -I eth0 -I eth0
refused 2 'interfaces and files' '^sonde read: -I and FILE: one of the two$' -I eth0 "$tmp/w.pcapng"
refused 2 'a ring that is too small' '^sonde read: --ring .1k.: from 1000000 to 1000000000 bytes$' -I eth0 --ring 1k
refused 2 'the end of a file' '^sonde read: --deadline is for -I$' --deadline 1s "$tmp/w.pcapng"
refused 2 'a filter with a mistake' "^sonde read: filter 'prot 80': " -I eth0 -- prot 80
install -m 755 "$SONDE" "$tmp/sonde"
chmod 755 "$tmp"
expect 3 'without privilege' $unprivileged "$tmp/sonde" read -I eth0
tells 'it is said what is missing' 'CAP_NET_RAW'
