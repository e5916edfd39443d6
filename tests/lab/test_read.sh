#!/bin/sh
# sonde read as it is used: standard output, hex dumps of other tools, and what is refused. Nothing is sent.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tcp=captures/tcp.pcapng

# read_to FILE ARGUMENT...: standard output alone.
read_to() {
	to=$1
	shift
	"$SONDE" read -q "$@" >"$to"
}

check '-w - writes a capture' read_to "$tmp/w.pcapng" -w - $tcp
check 'and nothing else' "$SONDE" read -q -o packets "$tmp/w.pcapng"
says 'to standard output' "$("$SONDE" read -q -o packets $tcp)"

# unharmed NAME STATUS ARGUMENT...: reading with these into a file that is there fails, and leaves it as it was.
unharmed() {
	name=$1 status=$2
	shift 2
	echo before >"$tmp/there"
	expect "$status" "$name" "$SONDE" read -q -w "$tmp/there" "$@"
	check 'leaves the file that was there as it was' sh -c 'test "$(cat "$0")" = before' "$tmp/there"
}
unharmed 'a missing input' 2 "$tmp/none"
unharmed 'a missing second input' 2 $tcp "$tmp/none"
unharmed 'a filter with a mistake' 2 $tcp -- prot 80
unharmed 'a hex dump that is none' 2 --hex ip /dev/null

# itself NAME COMMAND: the command, run by sh, would write the file that it reads: $0 is sonde, $1 the file, $2 a
# symbolic link and $3 a hard link to it.
cp $tcp "$tmp/both"
ln -s both "$tmp/symbolic"
ln "$tmp/both" "$tmp/hard"
itself() {
	expect 2 "$1: refused" sh -c "$2" "$SONDE" "$tmp/both" "$tmp/symbolic" "$tmp/hard"
	tells "$1: with the reason" ': -w .*is also read: choose another file$'
	check "$1: the file is as it was" cmp "$tmp/both" $tcp
}
itself 'a capture read into itself' '"$0" read -w "$1" "$1"'
itself 'among others' '"$0" read -w "$1" captures/udp.pcapng "$1"'
itself 'by -r' '"$0" read -w "$1" -r "$1"'
itself 'through a symbolic link' '"$0" read -w "$2" "$1"'
itself 'from a symbolic link' '"$0" read -w "$1" "$2"'
itself 'through a hard link' '"$0" read -w "$3" "$1"'
itself 'from standard input' '"$0" read -w "$1" - <"$1"'
itself 'from /dev/stdin' '"$0" read -w "$1" /dev/stdin <"$1"'
itself 'to standard output' '"$0" read -w - "$1" >>"$1"'
itself 'to /dev/stdout' '"$0" read -w /dev/stdout "$1" >>"$1"'
itself 'frames that are sent' '"$0" send --dry-run -w "$1" -r "$1"'
itself 'a file of packets' '"$0" send --dry-run -w "$1" -f "$1"'
itself 'a list of targets' '"$0" ping --dry-run -w "$1" -T "$1"'
itself 'a topology' '"$0" lab run -t "$1" -w "$1" true || exit $(($? == 125 ? 2 : 1))'
check 'a device may be both' "$SONDE" ping --dry-run -q -c 1 -w /dev/null -T /dev/null 10.0.0.1

expect 3 'a file over RLIMIT_FSIZE' bash -c "ulimit -f 1; '$SONDE' read -q -w '$tmp/there' $tcp $tcp $tcp $tcp 2>&1 >/dev/null"
says 'is told' "sonde read: cannot write $tmp/there: File too large"
expect 3 'a full disk behind more than a buffer' \
	sh -c "'$SONDE' send --dry-run -q -w /dev/full ip src=10.0.0.1 dst=10.0.0.2 / udp dport=1-5000 2>&1 >/dev/null"
says 'is told once' 'sonde send: cannot write /dev/full: No space left on device'

# An empty capture of another kind, and the copies of it.
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$tmp/empty"
for copy in copy again filtered; do
	check "an empty capture: $copy" "$SONDE" read -w "$tmp/$copy" "$tmp/empty" -- tcp
	tells 'has no packets' '^0 read, '
	cp "$tmp/$copy" "$tmp/empty"
done
head -c 40 "$tmp/copy" >"$tmp/cut"
expect 1 'a section that is cut is not empty' "$SONDE" read "$tmp/cut"

expect 2 'a pattern that is wrong' "$SONDE" read --match 'tcp dprot=80' $tcp
says 'is refused for what is wrong with it' \
	"sonde read: --match: layer 1 (tcp): no field 'dprot' (did you mean 'dport'?)"
check 'a pattern that is right' "$SONDE" read -q --count --match 'tcp dport=80 flags=+A' $tcp
says 'chooses frames' 3
check 'frames keep their numbers' "$SONDE" read -q --json --match 'tcp dport=80 flags=+A' $tcp
tells 'of the file' '"n":4,'
check 'so with a copy' "$SONDE" read -q -w "$tmp/chosen" --match 'tcp dport=80 flags=+A' $tcp
check 'of what was chosen' sh -c '[ "$("$1" read --count "$2")" = 3 ]' - "$SONDE" "$tmp/chosen"
expect 2 'a filter without --' "$SONDE" read $tcp tcp port 443
says 'is told once, and how' "sonde read: 'tcp': no such file; a filter stands behind --: sonde read $tcp -- tcp port 443"
touch "$tmp/tcp"
check 'a file may have such a name' sh -c "cd '$tmp' && '$SONDE' read -q copy tcp 2>&1 | grep 'cannot read tcp'"
expect 2 'a field that is none cannot be left out' "$SONDE" read -o packets --omit time,ip.idd $tcp
says 'and is named' "sonde read: --omit: no field 'ip.idd' (sonde help fields lists them)"
expect 2 'fields are left out of the notation' "$SONDE" read --omit ip.id $tcp
says 'only' 'sonde read: --omit is for -o packets'
check 'time and fields' "$SONDE" read -q -o packets --omit time,ip.id,seq -c 1 $tcp
says 'are left out' 'frame iface=eth0 dir=out / ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip flags=DF src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=S options=mss:1460,sackok,ts:1:0,nop,wscale:7'

check 'a line' sh -c "'$SONDE' read -q -c 4 $tcp | tail -n 1"
says 'has the direction and the comment' '22:13:20.003750003 out 10.0.0.1:40000 > 10.0.0.2:80 tcp flags=PA seq=1:19 ack=1 win=502 length=18: http GET / HTTP/1.0  # the request'
check 'those of frames that a filter chooses' sh -c "'$SONDE' read -q $tcp -- 'tcp[13] = 0x18' | grep -c '^22.* out 10.0.0.1:40000 .* # the request$'"
says 'are theirs' 1
check 'a tree' sh -c "'$SONDE' read -q -o tree $tcp -- 'tcp[13] = 0x18' | head -n 1"
says 'has them' '2023-11-14 22:13:20.003750003 eth0 out #1, 84 bytes of 84  # the request'
check 'JSON' sh -c "'$SONDE' read --json $tcp | grep -c '\"iface\":\"eth0\",\"dir\":\"out\",\"comment\":\"the request\"'"
says 'has them' 1
"$SONDE" read -q $tcp >"$tmp/lines"
check 'a copy keeps them' sh -c "'$SONDE' read -q -w '$tmp/notes.pcapng' $tcp >/dev/null; '$SONDE' read -q '$tmp/notes.pcapng' | cmp - '$tmp/lines'"
check 'signs that move a cursor' sh -c "'$SONDE' send -q --dry-run -w '$tmp/evil.pcapng' 'frame time=1 comment=a\\x1b[2J\\nb / ip src=0.0.0.0 dst=1.2.3.4 / udp sport=0' && '$SONDE' read -q '$tmp/evil.pcapng'"
says 'are written as what they are' '00:00:01.000000000 0.0.0.0:0 > 1.2.3.4:0 udp length=0  # a\x1b[2J; b'
check 'verdicts that send writes' "$SONDE" lab run sh -c "'$SONDE' send -q -w '$tmp/verdicts.pcapng' ip dst=server / tcp dport=80,8 flags=S"
check 'are read' sh -c "'$SONDE' read -q '$tmp/verdicts.pcapng' | sed -n 's/.* # \\([a-z]*\\):.*/\\1/p' | sort | tr '\\n' ' '"
says 'as comments' 'closed open '

# What lines have when they are asked, and where there is more than one.
check 'sequence numbers' sh -c "'$SONDE' read -q -S -c 4 $tcp | tail -n 1"
says 'are as they are with -S' '22:13:20.003750003 out 10.0.0.1:40000 > 10.0.0.2:80 tcp flags=PA seq=1001:1019 ack=5001 win=502 length=18: http GET / HTTP/1.0  # the request'
check 'TTL and identification' sh -c "'$SONDE' read -v -c 4 $tcp 2>/dev/null | tail -n 1"
says 'stand with -v' '22:13:20.003750003 out 10.0.0.1:40000 > 10.0.0.2:80 tcp flags=PA seq=1:19 ack=1 win=502 length=18 options=nop,nop,ts:2:9: http GET / HTTP/1.0 ttl=64 id=3 flags=DF  # the request'
check 'the link' sh -c "'$SONDE' read -q -e -c 1 captures/udp.pcapng"
tells 'stands with -e' '^22:13:20.000000000 02:00:00:00:00:01 > 02:00:00:00:00:02 10.0.0.1:5353 > 10.0.0.2:53 udp '
for iface in a bcd a; do
	echo "frame time=1 iface=$iface dir=in / ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1 dport=2"
done | "$SONDE" send --dry-run -q -w "$tmp/links.pcapng" -f -
check 'several interfaces' sh -c "'$SONDE' read -q '$tmp/links.pcapng' | tail -n 2 | cut -d: -f 3-4"
says 'are named, in a column' "$(printf '01.000000000 bcd in  10.0.0.1:1 > 10.0.0.2\n01.000000000 a   in  10.0.0.1:1 > 10.0.0.2')"
{
	echo 'frame time=86399 / ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1 dport=2'
	echo 'frame time=86400 / ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1 dport=2'
} | "$SONDE" send --dry-run -q -w "$tmp/days.pcapng" -f -
check 'from the second day on' sh -c "'$SONDE' read -q '$tmp/days.pcapng' | cut -d ' ' -f 1-3 | tr '\\n' ,"
says 'times have their date' '23:59:59.000000000 10.0.0.1:1 >,1970-01-02 00:00:00.000000000 10.0.0.1:1,'

# Fields in columns.
check 'chosen fields' sh -c "'$SONDE' read -q -c 4 -T frame.number,frame.time,frame.delta,frame.protocols,ip.src,tcp.flags,frame.dir,frame.comment $tcp | tail -n 1"
says 'stand between tabs' "$(printf '4\t1700000000.003750003\t0.001250001\tether:ip:tcp:http\t10.0.0.1\tPA\tout\tthe request')"
check 'a field that is there twice' sh -c "'$SONDE' read -q -T ip.src,ip.src#2,udp.dport captures/tunnels.pcapng | sed -n 6p"
says 'has both values' "$(printf '10.0.0.1,10.1.0.1\t10.1.0.1\t4789,4')"
check 'what would separate or move a cursor' sh -c "'$SONDE' send -q --dry-run -w '$tmp/evil.pcapng' 'frame time=1 comment=a\\tb\\\\\\x1b\\nc / ip src=0.0.0.0 dst=1.2.3.4' && '$SONDE' read -q -T frame.comment,ip.dst '$tmp/evil.pcapng'"
says 'is escaped' "$(printf 'a\\tb\\\\\\x1b\\nc\t1.2.3.4')"
for mistake in "tcp.dprot/no such field (did you mean 'tcp.dport'?)" "ipp.src/no such protocol (did you mean 'ip.src'?)" \
	"frame.tme/no such field (did you mean 'frame.time'?)" \
	'sport/a field is PROTOCOL.FIELD, such as ip.src (sonde help fields lists them)'; do
	expect 2 "the field ${mistake%%/*}" "$SONDE" read -T "ip.src,${mistake%%/*}" $tcp
	says 'is refused' "sonde read: -T ${mistake%%/*}: ${mistake#*/}"
done
expect 2 'columns as JSON' "$SONDE" read --json -T ip.src $tcp
expect 2 'columns as a tree' "$SONDE" read -T ip.src -o tree $tcp
if has tshark; then
	for capture in $tcp captures/icmp.pcapng; do
		tshark -r $capture -T fields -e frame.number -e frame.len -e ip.src -e ip.ttl -e tcp.dstport -e udp.srcport \
			2>/dev/null >"$tmp/theirs"
		"$SONDE" read -q -T frame.number,frame.wire,ip.src,ip.ttl,tcp.dport,udp.sport $capture >"$tmp/ours"
		check "tshark has the same of $capture" sh -c "cut -f 1-6 '$tmp/theirs' | cmp - '$tmp/ours'"
	done
else
	skip 'fields as tshark has them' 'tshark is not here'
fi

# Statistics.
check 'protocols' sh -c "'$SONDE' read -q --stats $tcp captures/tunnels.pcapng | head -n 10"
says 'are a tree, the largest first' "$(cat <<'END'
protocol                    packets                   bytes
all                              17                    1306
  ether                          17  100.0 %           1306  100.0 %
    ip                           14   82.4 %           1156   88.5 %
      tcp                         9   52.9 %            701   53.7 %
        http                      1    5.9 %             84    6.4 %
        httpresponse              1    5.9 %             93    7.1 %
      gre                         3   17.6 %            256   19.6 %
        ip                        1    5.9 %             78    6.0 %
          tcp                     1    5.9 %             78    6.0 %
END
)"
check 'sizes and rates' sh -c "'$SONDE' read -q --stats captures/udp.pcapng | tail -n 9"
says 'follow' "$(cat <<'END'
bytes of a frame            packets
  0 to 64                         5   62.5 %
  65 to 128                       3   37.5 %
  least 49, average 59.9, most 74

rate
  from first to last     0.008750 s
  on average             914.3 packets/s, 437939 bit/s
  in the busiest second  8 packets, 3832 bit, from 1700000000.0
END
)"
check 'as JSON' sh -c "'$SONDE' read --stats --json captures/tunnels.pcapng | tail -n 1"
tells 'they are in the summary' '"bytes":605,"protocols":\[{"path":"ether","packets":8,"bytes":605},{"path":"ether:ip","packets":5,.*"path":"ether:ip:gre:ip:tcp","packets":1,"bytes":78}.*"duration_ns":8750007,"busiest_packets":8,"busiest_bytes":605,"end"'
check 'of nothing' sh -c "'$SONDE' read -q --stats tests/cases/empty.pcap"
tells 'they are 0' '^all  *0  *0$'

# What two sockets say.
pair=10.0.0.1:40000-10.0.0.2:80
words=$(printf '%s\n' '--> 10.0.0.1:40000 > 10.0.0.2:80' 'GET / HTTP/1.0' '' '<-- 10.0.0.2:80 > 10.0.0.1:40000' 'HTTP/1.0 204 No Content')
for form in "$pair" "$pair/tcp" '10.0.0.1:40000 > 10.0.0.2:80' '10.0.0.1:40000 <-> 10.0.0.2:80/tcp'; do
	check "follow $form" "$SONDE" read -q -o line --follow "$form" $tcp
	says 'is text' "$words"
done
check 'into a pipe' sh -c "'$SONDE' read -q --follow $pair $tcp | od -An -c | tr -d ' \n'"
says 'it is bytes' 'GET/HTTP/1.0\r\n\r\nHTTP/1.0204NoContent\r\n\r\n'
check 'as JSON' sh -c "'$SONDE' read --json --follow $pair $tcp | sed -n 3p"
says 'it is an object for each' '{"cmd":"read","type":"data","time":"1700000000.006250005","from":"10.0.0.2:80","to":"10.0.0.1:40000","hex":"485454502f312e3020323034204e6f20436f6e74656e740d0a0d0a"}'
check 'as a dump' sh -c "'$SONDE' read -q -o hex --follow $pair $tcp | sed -n 3p"
says 'it has offsets' '0010  0d 0a                                             ..'
if has script; then
	check 'on a terminal' sh -c "TERM=xterm NO_COLOR=1 script -qec \"'$SONDE' read -q --follow $pair $tcp\" /dev/null | tr -d '\\r'"
	says 'it is text, too' "$words"
else
	skip 'a pair on a terminal' 'no script(1) to make one'
fi
{
	echo 'ip src=10.0.0.1 dst=10.0.0.2 id=1 / tcp sport=5 dport=6 seq=1 flags=S'
	echo 'ip src=10.0.0.1 dst=10.0.0.2 id=1 / tcp sport=5 dport=6 seq=7 flags=PA / text:c\x1b[2J'
	echo 'ip src=10.0.0.1 dst=10.0.0.2 id=1 / tcp sport=5 dport=6 seq=2 flags=PA / text:ab'
	echo 'ip src=10.0.0.2 dst=10.0.0.1 id=1 / tcp sport=6 dport=5 seq=1 ack=12 flags=A'
	echo 'ip src=10.0.0.2 dst=10.0.0.1 id=1 / udp sport=6 dport=5 / text:other'
} | "$SONDE" send --dry-run -q -w "$tmp/gap.pcapng" -f -
check 'bytes that were not captured' "$SONDE" read -q -o line --follow 10.0.0.2:6-10.0.0.1:5/tcp "$tmp/gap.pcapng"
says 'are told, and control characters are none' "$(printf '%s\n' '<-- 10.0.0.1:5 > 10.0.0.2:6' 'ab' '[3 bytes missing]' \
	'c\x1b[2J' 'sonde read: 10.0.0.1:5: bytes that are missing: 3, in 1 places')"
check 'a pair of UDP' "$SONDE" read -q --follow 10.0.0.1:5-10.0.0.2:6/udp "$tmp/gap.pcapng"
says 'is told apart' other
"$SONDE" send --dry-run -q --fragment 40 -w "$tmp/parts.pcapng" ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=5 dport=6 / \
	text:0123456789abcdefghijklmnopqrstuvwxyz >/dev/null
check 'a datagram in fragments' "$SONDE" read -q --follow 10.0.0.1:5-10.0.0.2:6 "$tmp/parts.pcapng"
says 'is put together' 0123456789abcdefghijklmnopqrstuvwxyz
"$SONDE" read -q -c 2 -w "$tmp/first.pcapng" "$tmp/parts.pcapng" >/dev/null
expect 1 'fragments that are not all there' "$SONDE" read -q --follow 10.0.0.1:5-10.0.0.2:6 "$tmp/first.pcapng"
tells 'are told' 'datagrams between these hosts whose fragments do not make a whole: 1'
"$SONDE" send --dry-run -q -w "$tmp/records.pcapng" ip src=10.0.0.2 dst=10.0.0.1 id=1 / tcp sport=443 dport=1 seq=1 flags=PA / \
	tls / alert / tls / alert
check 'records behind each other' sh -c "'$SONDE' read -q --stats '$tmp/records.pcapng' | awk '{ print \$1 }' | sed -n 5,7p | xargs"
says 'are one place in the tree' 'tls alert'
expect 1 'a pair that is not there' "$SONDE" read -q --follow 10.0.0.1:5-10.0.0.2:7 $tcp
says 'is told' 'sonde read: --follow: no packet of this pair'
for pair in 10.0.0.1:5 10.0.0.1-10.0.0.2 10.0.0.1:5-10.0.0.2:70000 ::1:5-::2:6 10.0.0.1:5-10.0.0.2:6/icmp '10.0.0.1:5-[::1]:6'; do
	expect 2 "the pair $pair" "$SONDE" read --follow "$pair" $tcp
	tells 'is refused' "^sonde read: --follow "
done

# The packets of a dump, without the time at which it was read, and what no dump has.
of_dump() {
	"$SONDE" read -q -o packets --omit time --hex ether -
}
packets=$("$SONDE" read -q -o packets --omit frame -c 2 $tcp)
for dump in 'tcpdump -n -xx' 'tcpdump -n -XX' 'tcpdump -v -n -xx' 'tshark -x' "$SONDE read -o hex"; do
	has "${dump%% *}" || { skip "a dump of ${dump%% *}" 'it is not here' && continue; }
	case $dump in
	*read*) $dump -c 2 $tcp ;;
	*) $dump -c 2 -r $tcp ;;
	esac >"$tmp/dump" 2>/dev/null
	check "a dump of $dump" of_dump <"$tmp/dump"
	says 'is the packets again' "$packets"
done

# Frames of a dump as text2pcap reads them; the capture that it makes has no times.
if has text2pcap; then
	{ head -c 90 /dev/zero; printf 'cafe'; } >"$tmp/bytes"
	for dump in 'od -A x -t x1 -v' 'od -A x -t x1z -v' 'hexdump -C -v' tshark; do
		has "${dump%% *}" || { skip "a dump of $dump" 'it is not here' && continue; }
		case $dump in
		tshark) tshark -x -r $tcp 2>/dev/null ;;
		*) $dump "$tmp/bytes" ;;
		esac >"$tmp/dump"
		text2pcap -q "$tmp/dump" "$tmp/theirs.pcapng" 2>/dev/null
		"$SONDE" read -q -o hex "$tmp/theirs.pcapng" | grep -v '#' >"$tmp/theirs"
		check "a dump of $dump" sh -c "'$SONDE' read -q -o hex --hex ether '$tmp/dump' | grep -v '#' >'$tmp/ours' && test -s '$tmp/ours'"
		check 'is what text2pcap makes of it' cmp "$tmp/ours" "$tmp/theirs"
	done
else
	skip 'dumps as text2pcap reads them' 'text2pcap is not here'
fi
if has hexdump; then
	{ head -c 200 /dev/zero; printf 'cafe'; } >"$tmp/bytes"
	for dump in 'hexdump -C' 'od -t x1' 'od -A d -t x1' 'od -A x -t x1z' xxd; do
		check "a dump of $dump, lines left out" sh -c "$dump '$tmp/bytes' | '$SONDE' read -q -o hex --hex ether - | tail -n +2 | head -n -1 | cut -c 1-54 | '$SONDE' read -q -w '$tmp/dump.pcapng' --hex ether - >'$tmp/out'"
		check 'is all of it' sh -c "'$SONDE' read --json '$tmp/dump.pcapng' | grep -c '\"caplen\":204'"
	done
fi
expect 2 'a dump with a hole' sh -c "printf '0000  01 02\n0010  03\n' | '$SONDE' read --hex ether -"
says 'is refused with the line' 'sonde read: standard input, line 2: offset 0010, but 2 (0x2) bytes came before it: lines are missing'
expect 2 'words are no dump' sh -c "echo hello | '$SONDE' read --hex ip -"
says 'and are refused' 'sonde read: standard input: no hex dump in it: nothing that begins with pairs of hex digits'

expect 1 'JSON of a file that is cut' sh -c "head -c 500 $tcp | '$SONDE' read --json - 2>/dev/null | tail -n 1 | grep -q '\"end\":\"error\",\"exit\":1}' && exit 1"
check 'JSON has the coverage' sh -c "'$SONDE' read --json --coverage $tcp | grep -q '\"header_bytes\":695,\"field_bytes\":664,'"
expect 3 'a full disk' sh -c "'$SONDE' read -q $tcp >/dev/full"
says 'is what is told' 'sonde read: cannot write the output: No space left on device'
expect 3 'standard output that is closed' sh -c "'$SONDE' read -q $tcp >&-"
says 'is what is told, too' 'sonde read: cannot write the output: Bad file descriptor'
check 'a reader that goes away' bash -c "'$SONDE' read -q $tcp $tcp $tcp | head -n 1 >/dev/null; exit \$((PIPESTATUS[0] != 0 && PIPESTATUS[0] != 141))"

# plain TITLE: the output of the last command has packets, and nothing that a terminal takes for more than text.
plain() {
	check "$1" sh -c 'echo "$0" | grep -q "10.0.0.1\|26 b9 0a 00" && ! echo "$0" | grep -q "$(printf "\033")"' "$out"
}
for form in line tree packets hex; do
	expect 0 "-o $form into a pipe" "$SONDE" read -o $form -v $tcp
	plain "-o $form into a pipe is plain"
	if has script; then
		if [ $form = line ]; then
			check 'verdicts on a terminal' sh -c "TERM=xterm script -qec \"'$SONDE' read -q '$tmp/verdicts.pcapng'\" /dev/null"
			tells 'have a colour' "$(printf '\033\\[32m  # open: ')"
			tells 'and so have protocols' "$(printf '\033\\[36mtcp *\033\\[0m flags=')"
		fi
		for set in NO_COLOR=1 TERM=dumb; do
			expect 0 "-o $form with $set" env TERM=xterm $set script -qec "$SONDE read -o $form -v $tcp" /dev/null
			plain "-o $form with $set is plain"
		done
	else
		skip "-o $form on a terminal" 'no script(1) to make one'
	fi
done
