#!/bin/sh
# sonde flows as it is used: forms, choosing, sums, parts, damage. Nothing is sent.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# A connection with a question, an answer a second later, and an end; a refused one; a DNS question without an answer.
"$SONDE" send --dry-run -q -w "$tmp/raw" -f - <<'FRAMES'
frame time=1700000000 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=S seq=100
frame time=1700000000.001 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=SA seq=900 ack=101
frame time=1700000000.002 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=A seq=101 ack=901
frame time=1700000000.003 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=PA seq=101 ack=901 / text:question
frame time=1700000001.203 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=PA seq=901 ack=109 / text:answer
frame time=1700000001.204 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=FA seq=109 ack=907
frame time=1700000001.205 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=FA seq=907 ack=110
frame time=1700000001.206 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=A seq=110 ack=908
frame time=1700000002 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40001 dport=81 flags=S seq=1
frame time=1700000002.001 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=81 dport=40001 flags=RA seq=0 ack=2
frame time=1700000003 / ip src=10.0.0.1 dst=10.0.0.3 / udp sport=5000 dport=53 / dns qname=example.com
FRAMES
file=$tmp/raw

# column FIELD ARGUMENT...: that field of each flow.
column() {
	field=$1
	shift
	"$SONDE" flows -q -o csv "$@" | awk -F , -v field="$field" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == field) at = i; next } { print $at }' | tr '\n' ' '
}

expect 0 'a table' sh -c '"$0" flows "$1" 2>/dev/null' "$SONDE" "$file"
tells 'a connection' '10.0.0.1:40000  10.0.0.2:80  *tcp http  *SF  *ShADdFf .*5/3 .*8/6'
tells 'a refusal' '10.0.0.1:40001  10.0.0.2:81  *tcp  *REJ  *Sr '
tells 'a question' '10.0.0.1:5000  *10.0.0.3:53  *udp dns  *S0 .* example.com$'
check 'four lines' test "$(echo "$out" | wc -l)" = 4
expect 0 'the ledger is on standard error' sh -c '"$0" flows "$1" 2>&1 >/dev/null' "$SONDE" "$file"
says 'and counts all' '11 read, 0 not IP, 0 cut headers, 0 checksum wrong, 0 left to offload, 0 unknown link type'

check 'states' test "$(column conn_state "$file")" = 'SF REJ S0 '
check 'payload by sequence numbers' test "$(column orig_bytes "$file" proto=tcp)" = '8 0 '
check 'chosen by a number' test "$(column orig_p "$file" resp_p=80,53)" = '40000 5000 '
check 'by a range' test "$(column orig_p "$file" resp_p=81-)" = '40001 '
check 'by an address of either side' test "$(column orig_p "$file" host=10.0.0.3)" = '5000 '
check 'by a prefix and a word' test "$(column orig_p "$file" resp_h=10.0.0.2/31 conn_state=SF,S0)" = '40000 5000 '
check 'sorted' test "$(column orig_p "$file" --sort orig_ip_bytes)" = '40000 5000 40001 '
check 'by a sum of both sides' test "$(column orig_p "$file" --sort packets)" = '40000 40001 5000 '
check 'by start' test "$(column orig_p "$file" --sort start)" = '40000 40001 5000 '
check 'the first' test "$(column orig_p "$file" --sort orig_ip_bytes --top 1)" = '40000 '
check 'by a filter' test "$(column orig_p "$file" -- udp)" = '5000 '
check 'from standard input' test "$(column orig_p - <"$file")" = '40000 40001 5000 '
check 'compressed' sh -c 'gzip -c "$1" | "$0" flows -q -o csv - | wc -l | grep -qx 4' "$SONDE" "$file"

expect 0 'sums by host' "$SONDE" flows -q --by host "$file"
tells 'one' '^10.0.0.1 *3 '
expect 0 'sums by service' "$SONDE" flows -q --by service -o csv "$file"
tells 'one' '^tcp http,1,5,3,'
expect 0 'sums by pair' "$SONDE" flows -q --by pair --top 1 "$file"
tells 'the largest' '^10.0.0.1 <-> 10.0.0.2 '

expect 0 'as Zeek' "$SONDE" flows -q --like zeek "$file"
tells 'without the last acknowledgement' '	10.0.0.1	40000	10.0.0.2	80	tcp	-	1.205000	8	6	SF	-	-	0	ShADdFf	5	'
expect 0 'as tcptrace' "$SONDE" flows -q --like tcptrace "$file"
tells 'a line' 'unique bytes sent: *8 *unique bytes sent: *6'
expect 0 'as tshark' "$SONDE" flows -q --like tshark "$file"
tells 'a line' '^10.0.0.1:40000 *<-> 10.0.0.2:80  *3 .* bytes  *5 .* bytes  *8 .* bytes'
expect 0 'as nfdump' "$SONDE" flows -q --like nfdump "$file"
tells 'a line' 'TCP *10.0.0.1:40000 <-> *10.0.0.2:80  *5  *3 '

expect 0 'what they waited for' "$SONDE" flows -q --why "$file"
tells 'in plain words' '^  the server thought for 1.20s before answering (frames 4 and 5)$'
expect 0 'the same as JSON' "$SONDE" flows --json --why "$file" proto=tcp
tells 'with its evidence' '"stalls":\[{"start":"1700000000.003000000","dur_ns":1200000000,"side":"resp","cause":"server","frames":\[4,5\]}\]'

# The parts are the whole.
for k in 1 2 3; do
	"$SONDE" flows -q -o csv --shard $k/3 "$file" | sed 1d
done | sort >"$tmp/parts"
"$SONDE" flows -q -o csv "$file" | sed 1d | sort >"$tmp/whole"
check 'shards add up to the whole' cmp "$tmp/parts" "$tmp/whole"
check 'whatever the seed' sh -c '"$0" flows -q -o csv --seed 9 "$1" | sed 1d | sort | cmp - "$2"' "$SONDE" "$file" "$tmp/whole"

head -c 690 "$file" >"$tmp/cut"
expect 1 'a damaged file' "$SONDE" flows -q "$tmp/cut"
tells 'is told' 'sonde flows: .*cut'
tells 'and read as far as it goes' '10.0.0.1:40000'
expect 2 'a file that is not there' "$SONDE" flows "$tmp/none"
expect 2 'no file' "$SONDE" flows
says 'is told' 'sonde flows: no FILE (- for standard input) and no interface (-I)'
expect 2 'a field that is none' "$SONDE" flows "$file" resp_port=80
tells 'is told' "no field 'resp_port'; did you mean resp_p?"
expect 2 'a set that is none' "$SONDE" flows "$file" resp_p=http
tells 'is told' "resp_p=http: 'http' is not a number or a range"
expect 2 'an address that is none' "$SONDE" flows "$file" host=nohost
tells 'is told' "'nohost' is not an address or a prefix"
expect 2 'a sort by words' "$SONDE" flows "$file" --sort proto
tells 'is told' 'that is no number'
for time in -9000000000 9000000000; do
	echo "frame time=$time / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2"
done >"$tmp/far"
"$SONDE" send --dry-run -q -w "$tmp/far.pcapng" -f "$tmp/far"
expect 0 'times over 292 years apart' "$SONDE" flows -q --json "$tmp/far.pcapng"
tells 'are two flows' '"ts":"9000000000.000000000","duration":"0.000000000"'
expect 0 'so far apart' "$SONDE" flows -q "$tmp/far.pcapng"
tells 'as can be said' '^9223372036.855 '
expect 2 'a shard beyond the last' "$SONDE" flows "$file" --shard 4/3
expect 3 'a full disk' sh -c '"$0" flows "$1" >/dev/full' "$SONDE" "$file"

# Line by line as tcptrace, but for the lines that differ by rule (docs/differences.md).
plain='RTT\|owin\|duplicate acks\|triple dupacks\|idletime\|post-loss\|cum acked\|retr\|filename\|^$\|	host'
if has tcptrace; then
	for file in captures/conversations/*.pcapng; do
		tcptrace -l "$file" 2>/dev/null | sed -n '/^TCP connection 1:/,$p' | grep -v "$plain" >"$tmp/theirs"
		"$SONDE" flows -q --like tcptrace "$file" | grep -v "$plain" >"$tmp/ours"
		check "$file: as tcptrace" diff "$tmp/theirs" "$tmp/ours"
	done
else
	skip 'as tcptrace' 'no tcptrace here'
fi
