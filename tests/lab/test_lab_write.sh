#!/bin/sh
# `sonde lab run -w`: every link is in the file, whole and in order, and what cannot be written is told.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# A datagram to udp port 7 and its echo.
ask='exec 3<>/dev/udp/server/7 && echo hello >&3 && test "$(timeout 5 head -n 1 <&3)" = hello'

check 'a line is captured' "$SONDE" lab run -t line:2 -w "$tmp/line" bash -c "$ask"
"$SONDE" read -q -o packets "$tmp/line" | grep ' udp ' >"$tmp/udp"
check 'both packets on three links' test "$(wc -l <"$tmp/udp")" = 6
if has tcpdump; then
	check 'libpcap reads it' sh -c 'test "$(tcpdump -r "$0" -n udp 2>/dev/null | wc -l)" = 6' "$tmp/line"
else
	skip 'libpcap reads it' 'no tcpdump here'
fi
check 'the times go up' sh -c '"$0" read -q --time epoch "$1" | cut -d" " -f1 | sort -c' "$SONDE" "$tmp/line"
for name in client.eth0 r1.eth1 r2.eth1 'topology line:2, seed'; do
	check "it says $name" grep -qa "$name" "$tmp/line"
done
check 'links with faults are captured, too' "$SONDE" lab run -t lossy --seed 1 -w "$tmp/lossy" bash -c "$ask || true"
check 'and have frames' test "$(stat -c %s "$tmp/lossy")" -gt 500
check 'a status passes' sh -c '"$0" lab run -w "$1" sh -c "exit 7"; test $? = 7' "$SONDE" "$tmp/status"
check 'a transfer is captured whole' "$SONDE" lab run -w "$tmp/transfer" bash -c '
	exec 3<>/dev/tcp/server/7
	head -c 4000000 /dev/zero >&3 &
	head -c 4000000 <&3 | wc -c'
check 'all bytes of it' sh -c '
	"$0" read -q -o packets "$1" | grep -a "dport=7 " | sed -n "s/.*zero:\([0-9]*\).*/\1/p" |
		awk "{ n += \$1 } END { exit n < 4000000 }"' "$SONDE" "$tmp/transfer"

expect 125 'a full disk' "$SONDE" lab run -w /dev/full true
check 'is told' sh -c 'echo "$0" | grep -q "No space left"' "$out"
expect 125 'a file that cannot be made' "$SONDE" lab run -w "$tmp/none/file" true
expect 125 'standard output' "$SONDE" lab run -w - true
says 'is taken' "sonde lab run: -w -: standard output is COMMAND's"
