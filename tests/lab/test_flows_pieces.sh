#!/bin/sh
# sonde flows over pieces of a capture: with a state that is carried on. Nothing is sent.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Two connections that are open at the cut, one of them after a segment was lost, and a name that is told before it.
cat >"$tmp/first" <<'FRAMES'
frame time=1700000000 / ip src=10.0.0.53 dst=10.0.0.1 / udp sport=53 dport=5000 / dns qr=1 qname=www.example.com answers=www.example.com:A:10.0.0.2
frame time=1700000001 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=S seq=100
frame time=1700000001.001 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=SA seq=900 ack=101
frame time=1700000001.002 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=A seq=101 ack=901
frame time=1700000001.003 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=PA seq=101 ack=901 / text:question
FRAMES
cat >"$tmp/second" <<'FRAMES'
frame time=1700000001.303 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=PA seq=101 ack=901 / text:question
frame time=1700000001.304 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=FA seq=901 ack=109
frame time=1700000001.305 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=FA seq=109 ack=902
frame time=1700000001.306 / ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=A seq=902 ack=110
frame time=1700000002 / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40001 dport=80 flags=S seq=100
FRAMES
cat "$tmp/first" "$tmp/second" >"$tmp/both"
for piece in first second both; do
	"$SONDE" send --dry-run -q -w "$tmp/$piece.pcap" -f "$tmp/$piece"
done

# rows ARGUMENT...: the flows as objects, sorted.
rows() {
	"$SONDE" flows -q --json --why --names "$@" | grep '"type":"flow"' | sort
}

rows "$tmp/both.pcap" >"$tmp/whole"
{
	rows --state-out "$tmp/state" "$tmp/first.pcap"
	rows --state-in "$tmp/state" "$tmp/second.pcap"
} | sort >"$tmp/pieces"
check 'the pieces are the whole' cmp "$tmp/pieces" "$tmp/whole"
check 'three flows' test "$(wc -l <"$tmp/whole")" = 3
check 'a retransmission over the cut' grep -q '"orig_rexmt_pkts":1' "$tmp/pieces"
check 'a name over the cut' grep -q '"resp_name":"www.example.com"' "$tmp/pieces"
check 'frames are counted over the cut' grep -q '"frames":\[5,6\]' "$tmp/pieces"
check 'which no piece shows alone' sh -c '! "$0" flows --json "$1" | grep -q "\"orig_rexmt_pkts\":1"' "$SONDE" "$tmp/second.pcap"

# Tables joined. Shards add up to the whole.
objects() {
	grep '"type":"flow"' "$@" | sort
}
for k in 1 2 3; do
	"$SONDE" flows -q --json --shard $k/3 "$tmp/both.pcap" >"$tmp/shard.$k"
done
"$SONDE" flows -q --json "$tmp/both.pcap" | objects >"$tmp/whole"
check 'shards are the whole' sh -c '"$0" flows -q --json --merge "$2".1 "$2".2 "$2".3 | grep type\":\"flow | sort | cmp - "$1"' \
	"$SONDE" "$tmp/whole" "$tmp/shard"
check 'so are their tables' sh -c '"$0" flows -q "$1" >"$3"; "$0" flows -q --merge "$2".* | diff - "$3"' "$SONDE" \
	"$tmp/both.pcap" "$tmp/shard" "$tmp/table"
# Errors about flows that are not there are in the parts of those flows: one message, from 50 s to 50 s, in several.
awk 'BEGIN {
	for (i = 0; i < 40; i++) {
		t = 1700000000 + (i < 30 ? i : i + 1) * 50
		printf "frame time=%d / ip src=10.9.0.%d dst=10.0.0.1 / icmp type=unreach code=host / ip src=10.0.0.1 dst=10.0.1.%d / udp sport=%d dport=53\n", t, i % 2, i, 1000 + i
		printf "frame time=%d / ip src=10.0.0.1 dst=10.0.1.%d / udp sport=%d dport=53\n", t + 1, i, 1000 + i
		printf "frame time=%d / ip src=10.9.0.3 dst=10.0.0.1 / icmp type=unreach code=host / ip src=10.0.0.1 dst=10.0.1.%d / udp sport=%d dport=53\n", t + 2, i, 1000 + i
	}
}' >"$tmp/errors"
"$SONDE" send --dry-run -q -w "$tmp/errors.pcap" -f "$tmp/errors"
"$SONDE" flows -q --json --timeout 100s "$tmp/errors.pcap" | objects >"$tmp/whole"
for k in 1 2 3; do
	"$SONDE" flows -q --json --timeout 100s --shard $k/3 "$tmp/errors.pcap" >"$tmp/errors.$k"
done
check 'lone errors are rows of their own' test "$(grep -c '"proto":"icmp"' "$tmp/whole")" = 4
check 'in several shards' test "$(cat "$tmp"/errors.[123] | grep -c '"proto":"icmp"')" -gt 4
check 'others are credited' test "$(grep -c '"icmp_errors":1' "$tmp/whole")" = 40
"$SONDE" flows -q --json --timeout 100s --merge "$tmp/errors.1" "$tmp/errors.2" "$tmp/errors.3" | objects >"$tmp/joined"
check 'and joined again' cmp "$tmp/joined" "$tmp/whole"
"$SONDE" flows -q --json "$tmp/first.pcap" >"$tmp/first.json"
"$SONDE" flows -q --json "$tmp/second.pcap" >"$tmp/second.json"
expect 0 'pieces without a state' "$SONDE" flows -q --json --merge "$tmp/second.json" "$tmp/first.json" resp_p=80 orig_p=40000
tells 'are joined' '"orig_p":40000.*"conn_state":"SF","history":"ShADfFa","orig_pkts":5,"resp_pkts":3,.*"parts":2'
tells 'and say which figures are bounds' '"parts":2,"lower_bounds":\["missed_bytes","orig_rexmt_pkts",'
check 'others are left alone' sh -c '"$0" flows -q --json --merge "$1" "$2" orig_p=40001 | grep flow | grep -vq parts' "$SONDE" \
	"$tmp/first.json" "$tmp/second.json"
expect 0 'sums of them' "$SONDE" flows -q --merge --by host "$tmp/first.json" "$tmp/second.json"
tells 'too' '^10.0.0.2  *2 '
head -n 2 "$tmp/first.json" >"$tmp/unended"
expect 1 'a run that did not end' "$SONDE" flows -q --merge "$tmp/unended"
tells 'is told' 'unended: a run in it has no summary: it did not end'
echo '{"cmd":"flows","type":"flow","ts":"x"}' >"$tmp/damaged.json"
expect 1 'a damaged object' "$SONDE" flows -q --merge "$tmp/damaged.json"
tells 'is told' 'damaged.json: line 1 is no object of sonde flows --json'
expect 2 'what chooses packets' "$SONDE" flows --merge --shard 1/2 "$tmp/first.json"
tells 'is refused' 'merge reads no packets'

# Counts of intervals.
expect 0 'intervals' "$SONDE" flows -q -o csv --series 1s "$tmp/both.pcap"
says 'count packets each way, flows and retransmissions' 'ts,frames,flows,orig_pkts,resp_pkts,orig_ip_bytes,resp_ip_bytes,rexmt_pkts
1700000000.000000000,1,1,1,0,92,0,0
1700000001.000000000,8,1,5,3,216,120,1
1700000002.000000000,1,1,1,0,40,0,0'
expect 0 'the same as objects' "$SONDE" flows -q --json --series 500ms "$tmp/both.pcap"
tells 'of half a second' '"type":"interval","time":"1700000001.000000000","dur_ns":500000000,"frames":8,"flows":1,'
expect 2 'intervals of flows' "$SONDE" flows --series 1s "$tmp/both.pcap" resp_p=80
tells 'are refused' 'series counts packets: it takes -- FILTER'

expect 2 'a state of other options' "$SONDE" flows --state-in "$tmp/state" "$tmp/second.pcap"
tells 'is refused' "state cannot be gone on with: one of both runs finds what flows waited for, the other does not"
head -c 200 "$tmp/state" >"$tmp/cut"
expect 2 'a state that is cut' "$SONDE" flows --why --state-in "$tmp/cut" "$tmp/second.pcap"
tells 'is refused' 'cut cannot be gone on with: it ends too early'
{ head -c 100 "$tmp/state"; printf 'x'; tail -c +102 "$tmp/state"; } >"$tmp/damaged"
expect 2 'a state that is damaged' "$SONDE" flows --why --state-in "$tmp/damaged" "$tmp/second.pcap"
tells 'is refused' 'damaged cannot be gone on with: a checksum is wrong'
expect 2 'what is no state' "$SONDE" flows --state-in "$tmp/first.pcap" "$tmp/second.pcap"
tells 'is refused' 'it is no state of sonde flows'
expect 2 'a state that is not there' "$SONDE" flows --state-in "$tmp/none" "$tmp/second.pcap"
expect 2 'a state in place of the capture' "$SONDE" flows --state-out "$tmp/first.pcap" "$tmp/first.pcap"
check 'leaves the capture' sh -c '"$0" flows -q "$1" | grep -q 40000' "$SONDE" "$tmp/first.pcap"
expect 3 'a full disk' "$SONDE" flows -q --state-out /dev/full "$tmp/first.pcap"
