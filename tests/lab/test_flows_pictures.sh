#!/bin/sh
# sonde flows --graph, --ladder, --map: what is in the pictures, and when none is drawn. Nothing is sent.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

{
	cat <<'FRAMES'
frame time=1700000000 / ip src=10.0.0.1 dst=10.0.0.2 id=1 / tcp sport=40000 dport=80 flags=S seq=4294967290 options=mss:1460,sackok
frame time=1700000000.01 / ip src=10.0.0.2 dst=10.0.0.1 id=2 / tcp sport=80 dport=40000 flags=SA seq=900 ack=4294967291 options=mss:1460,sackok
frame time=1700000000.02 / ip src=10.0.0.1 dst=10.0.0.2 id=3 / tcp sport=40000 dport=80 flags=PA seq=4294967291 ack=901 / text:question
frame time=1700000000.03 / ip src=10.0.0.1 dst=10.0.0.2 id=4 / tcp sport=40000 dport=80 flags=PA seq=4294967291 ack=901 / text:question
frame time=1700000000.04 / ip src=10.0.0.2 dst=10.0.0.1 id=5 / tcp sport=80 dport=40000 flags=A seq=901 ack=3 options=nop,nop,sack:13-23 win=100
frame time=1700000000.05 / ip src=10.0.0.1 dst=10.0.0.3 / udp sport=5000 dport=53 / dns qname=example.com
FRAMES
	for i in $(seq 40); do
		echo "frame time=1700000001 / ip src=10.1.0.$i dst=10.2.0.1 / udp sport=7 dport=7 / text:a"
	done
} >"$tmp/frames"
"$SONDE" send --dry-run -q -w "$tmp/raw.pcap" -f "$tmp/frames"
file=$tmp/raw.pcap

expect 0 'pictures of one flow' "$SONDE" flows -q --graph "$tmp/graph.svg" --ladder "$tmp/ladder.svg" "$file" proto=tcp
tells 'beside the table' '10.0.0.1:40000 '
# has FILE TEXT WHAT: the picture has it.
has() {
	check "$3" grep -qF "$2" "$tmp/$1.svg"
}
has graph '<title id="t">10.0.0.1:40000 to 10.0.0.2:80, tcp</title>' 'a title for readers of the screen'
has graph 'prefers-color-scheme:dark' 'colours for the dark'
has graph 'segments (2)' 'segments'
has graph 'sent again (1)' 'what was sent again'
has graph '>SACK blocks (1)<' 'SACK blocks'
has graph 'time since the first packet' 'an axis with its unit'
check 'numbers that wrap go on' sh -c '! grep -q 4294967 "$1"' sh "$tmp/graph.svg"
has ladder '>SYN seq 0<' 'the first packet'
has ladder '>PSH ACK seq 1, 8 bytes ack 1 win 65535, sent again<' 'a packet that was sent again'
expect 0 'a map' "$SONDE" flows -q --map "$tmp/map.svg" "$file"
has map 'Who talked to whom: 44 hosts, 42 flows' 'all hosts are counted'
has map 'The 32 hosts with the most bytes are drawn, and not 12 others' 'and those that are not drawn'
"$SONDE" flows -q --seed 7 --map "$tmp/again.svg" "$file" >"$tmp/out"
check 'is the same in every run' cmp "$tmp/map.svg" "$tmp/again.svg"
if command -v xmllint >/dev/null || command -v python3 >/dev/null; then
	for picture in graph ladder map; do
		check "the XML of the $picture is well-formed" sh -c 'xmllint --noout "$1" 2>&1 ||
			python3 -c "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])" "$1"' sh "$tmp/$picture.svg"
	done
fi

echo kept >"$tmp/kept.svg"
expect 2 'several flows' "$SONDE" flows -q --graph "$tmp/kept.svg" "$file"
tells 'are told, and how to choose' 'draw one flow, and 42 are chosen: FIELD=SET words choose'
check 'and what was there stays' grep -qx kept "$tmp/kept.svg"
expect 0 'the first of them' "$SONDE" flows -q --ladder "$tmp/kept.svg" --sort orig_bytes --top 1 "$file"
has kept '>29 bytes<' 'is drawn'
expect 2 'a pipe' sh -c 'cat "$1" | "$0" flows -q --graph "$2" - proto=tcp' "$SONDE" "$file" "$tmp/none.svg"
tells 'is refused' 'in a second pass: standard input is no file'
expect 2 'the capture itself' "$SONDE" flows -q --map "$file" "$file"
check 'which stays' sh -c '"$0" flows -q "$1" | grep -q 40000' "$SONDE" "$file"
expect 3 'a full disk' "$SONDE" flows -q --map /dev/full "$file"
