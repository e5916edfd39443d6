#!/bin/sh
# lab: pair
# The files that are written: compressed, one after the other, and where there is no more room.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'umount "$tmp/small" 2>/dev/null; rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
"$SONDE" send --dry-run -q -w "$tmp/many.pcapng" frame time=5 / ip src=10.0.0.1 dst=10.0.0.2 / udp dport=1-5000
"$SONDE" read -q -o packets "$tmp/many.pcapng" >"$tmp/packets"
check 'there are frames' test "$(wc -l <"$tmp/packets")" = 5000

# same FILE...: the packets in them are those that were written.
same() {
	"$SONDE" read -q -o packets "$@" | cmp - "$tmp/packets"
}

for ending in gz zst lz4; do
	check "a file by $ending" "$SONDE" read -q --count -w "$tmp/c.pcapng.$ending" "$tmp/many.pcapng"
	check 'has what it is to have' same "$tmp/c.pcapng.$ending"
	case $ending in gz) tool=gzip ;; zst) tool=zstd ;; lz4) tool=lz4 ;; esac
	has $tool || { skip "$tool reads it" "there is no $tool" && continue; }
	$tool -dc "$tmp/c.pcapng.$ending" >"$tmp/plain" 2>/dev/null
	check "$tool reads it" same "$tmp/plain"
done

# pcap, by its name.
for ending in pcap pcap.zst; do
	check "a file by .$ending" "$SONDE" read -q --count -w "$tmp/c.$ending" "$tmp/many.pcapng"
	check 'has what it is to have' same "$tmp/c.$ending"
done
check 'it is pcap' sh -c "head -c 4 '$tmp/c.pcap' | od -An -tx1 | grep -q '4d 3c b2 a1'"
has tcpdump && check 'tcpdump reads it' sh -c "tcpdump -r '$tmp/c.pcap' --count 2>/dev/null | grep -qx '5000 packets'" ||
	skip 'tcpdump reads it' 'there is no tcpdump'
check 'a series of pcap' "$SONDE" read -q --count -w "$tmp/l.pcap" --rotate 100k "$tmp/many.pcapng"
check 'has it all' same "$tmp"/l-*.pcap
expect 3 'two link types' "$SONDE" read -q --count -w "$tmp/two.pcap" "$tmp/many.pcapng" captures/tcp.pcapng
tells 'are refused' ': pcap has one, and there it is 101; pcapng has many$'
check 'a direction and a comment' "$SONDE" read -q --count -w "$tmp/bare.pcap" captures/tcp.pcapng
tells 'have no room' '^sonde read: pcap has no room for .*; packets that lost one: [1-9][0-9]*$'
check 'no packet' "$SONDE" read -q --count -w "$tmp/none.pcap" "$tmp/many.pcapng" -- host 1.1.1.1
check 'is a capture, too' "$SONDE" read --count "$tmp/none.pcap"
tells 'that is empty' '^0 read$'

check 'a series' "$SONDE" read -q --count -w "$tmp/s.pcapng" --rotate 100k "$tmp/many.pcapng"
check 'of several files' test "$(ls "$tmp" | grep -c '^s-0000[1-4].pcapng$')" = 4
check 'has it all' same "$tmp"/s-*.pcapng
check 'of sizes that are allowed' sh -c "! find '$tmp' -name 's-*' -size +100000c | grep ."
check 'a series by time' "$SONDE" ping -q -i 10ms -c 100 -w "$tmp/p.pcapng.zst" --rotate 200ms,files=2 10.0.0.2
check 'of which two are kept' test "$(ls "$tmp" | grep -c '^p-.*zst$')" = 2
check 'that can be read' sh -c "'$SONDE' read --count '$tmp'/p-*"
for wrong in 10 1x files=3 100k,100k 1h,,1k 0k 1h,files=0; do
	expect 2 "--rotate $wrong" "$SONDE" read -q -w "$tmp/w" --rotate $wrong "$tmp/many.pcapng"
	tells 'says what it takes' "--rotate '$wrong': a size, a time or both"
done
expect 2 '--rotate without -w' "$SONDE" read -q --rotate 1h "$tmp/many.pcapng"
says 'is refused' 'sonde read: --rotate is for the file of -w'
setpriv --reuid=1234 true 2>/dev/null && [ "$(id -u)" -eq 0 ] &&
	check 'as root, the files are those of the directory'\''s user' sh -c "mkdir $tmp/u && chown 1234:1234 $tmp/u && SUDO_UID=1234 SUDO_GID=1234 '$SONDE' read -q --count -w $tmp/u/o --rotate 100k $tmp/many.pcapng && ! find $tmp/u -not -uid 1234 | grep ." ||
	skip 'the files of another user'\''s directory' 'root has no other user here'

# Where there is no room.
mkdir "$tmp/small"
if mount -t tmpfs -o size=64k none "$tmp/small" 2>/dev/null; then
	for name in o.pcapng o.pcapng.gz o.pcap; do
		expect 3 "a full disk, $name" "$SONDE" ping -q -s 1000 -i 1ms -c 2000 -w "$tmp/small/$name" 10.0.0.2
		tells 'is told' 'cannot write .*: No space left on device'
		told=$(echo "$out" | sed -n 's/^sonde ping: \([0-9]*\) of [0-9]* packets are in the file$/\1/p')
		check "and how many packets are there: $told" test "${told:-0}" -gt 20
		check 'the file is whole' "$SONDE" read --count "$tmp/small/$name"
		tells 'and has them' "^$told\$"
		rm -f "$tmp/small/$name"
	done
	# What does not get smaller.
	for i in $(seq 150); do
		echo "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / hex:$(head -c 1000 /dev/urandom | od -An -v -tx1 | tr -d ' \n')"
	done | "$SONDE" send --dry-run -q -w "$tmp/noise.pcapng" -f -
	for name in o.pcapng o.pcapng.zst; do
		expect 3 "a full disk, a copy, $name" "$SONDE" read -q --count -w "$tmp/small/$name" "$tmp/many.pcapng" "$tmp/noise.pcapng" "$tmp/many.pcapng"
		told=$(echo "$out" | sed -n 's/^sonde read: \([0-9]*\) of [0-9]* packets are in the file$/\1/p')
		check "and how many packets are there: $told" test "${told:-0}" -gt 20
		check 'the file is whole' "$SONDE" read --count "$tmp/small/$name"
		tells 'and has them' "^$told\$"
		rm -f "$tmp/small/$name"
	done
	echo before >"$tmp/small/o"
	expect 3 'a copy over a file' "$SONDE" read -q --count -w "$tmp/small/o" "$tmp/many.pcapng" "$tmp/noise.pcapng"
	check 'leaves it as it was' sh -c "test \"\$(cat '$tmp/small/o')\" = before"
	rm -f "$tmp/small/o"
	expect 3 'a full disk, a series' "$SONDE" ping -q -s 1000 -i 1ms -c 2000 -w "$tmp/small/o" --rotate 20k 10.0.0.2
	tells 'is told, too' 'cannot write .*: No space left on device'
	told=$(echo "$out" | sed -n 's/^sonde ping: \([0-9]*\) of .*/\1/p')
	check 'all of its files are whole' sh -c "'$SONDE' read --count $tmp/small/o-*"
	tells 'and are what is told' "^$told\$"
	rm -f "$tmp/small/"*
	check 'where the oldest go, there is room' "$SONDE" ping -q -s 1000 -i 1ms -c 300 -w "$tmp/small/o" --rotate 10k,files=3 10.0.0.2
else
	skip 'a full disk' 'no tmpfs can be mounted here'
fi
for name in o.pcapng o.pcapng.zst; do
	expect 3 "RLIMIT_FSIZE, $name" bash -c "ulimit -f 2; exec '$SONDE' ping -q -s 1000 -i 10ms -c 200 -w '$tmp/$name' 10.0.0.2"
	tells 'is told' 'cannot write .*: File too large'
	check 'the file is whole' "$SONDE" read --count "$tmp/$name"
done
expect 3 '/dev/full' "$SONDE" read -q --count -w /dev/full "$tmp/many.pcapng"
tells 'is told once' '^sonde read: cannot write /dev/full: No space left on device$'
expect 3 'a pipe that nobody reads' bash -c "trap '' PIPE; '$SONDE' read -q -w - '$tmp/many.pcapng' | true; exit \${PIPESTATUS[0]}"
tells 'is told, where SIGPIPE is ignored' 'cannot write standard output: Broken pipe'

# What a capture says beside its packets.
tcp=captures/tcp.pcapng
"$SONDE" read -q $tcp >"$tmp/lines"
check 'frames of a capture, with -r and --dry-run' "$SONDE" send -q --dry-run -r $tcp -w "$tmp/again.pcapng"
check 'keep their times, interfaces, directions and comments' sh -c "'$SONDE' read -q '$tmp/again.pcapng' | cmp - '$tmp/lines'"
check 'a copy of what send wrote' "$SONDE" read -q --count -w "$tmp/copy.pcapng" "$tmp/again.pcapng"
check 'keeps the comment of its section' grep -aq 'sonde send -q --dry-run -r' "$tmp/copy.pcapng"
check 'behind its own' grep -aq 'sonde read -q --count -w' "$tmp/copy.pcapng"
# A block of a type that nobody knows, 0x80000999, with four bytes.
{ cat "$tmp/again.pcapng" && printf '\231\011\000\200\020\000\000\000abcd\020\000\000\000'; } >"$tmp/unknown.pcapng"
expect 0 'a block of an unknown type' "$SONDE" read -q --count -w "$tmp/copy.pcapng" "$tmp/unknown.pcapng"
check 'is copied' grep -qaF abcd "$tmp/copy.pcapng"
check 'two captures in one' "$SONDE" read -q --count -w "$tmp/two.pcapng" "$tmp/again.pcapng" "$tmp/many.pcapng"
check 'keep the comments of both' test "$(grep -ac 'sonde send -q --dry-run -r\|sonde send --dry-run -q -w' "$tmp/two.pcapng")" = 2
check 'and their packets' sh -c "'$SONDE' read -q -o packets '$tmp/two.pcapng' | tail -n 5000 | cmp - '$tmp/packets'"
