#!/bin/sh
# The odd captures of tests/cases are read as tests/cases/NAME.packets says, and obey the law; what a copy keeps is kept,
# and a capture that is compressed is the same capture.
set -u
cd "$(dirname "$0")/.." || exit 1
sonde=${SONDE:-${BUILD:-build}/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
# result STATUS NAME: one line of TAP.
result() {
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

packets() {
	"$sonde" read -q -o packets "$1" 2>&1 || echo "exit status $?"
}

for file in tests/cases/*.pcap tests/cases/*.pcapng; do
	name=$(basename "$file")
	packets "$file" >"$tmp/got"
	diff -u "tests/cases/${name%.*}.packets" "$tmp/got"
	result $? "$name is read as it is"
	grep -q "\`$name\`" tests/cases/README.md
	result $? "tests/cases/README.md says what $name is"
done
for end in gz zst lz4; do
	packets "tests/cases/notes.pcapng.$end" | cmp - tests/cases/notes.packets
	result $? "notes.pcapng.$end is read as notes.pcapng"
done
tests/law.sh tests/cases
result $? 'the law: what read prints, send builds'

# What is copied, and what is not.
"$sonde" read -q -w "$tmp/copy" tests/cases/notes.pcapng >"$tmp/out"
result $? 'read -w copies'
packets "$tmp/copy" | cmp - tests/cases/notes.packets
result $? 'the copy has the frames, with interface, direction and comments'
# keeps HEX WHAT: so many bytes stand in the copy.
od -An -v -tx1 "$tmp/copy" | tr -d ' \n' >"$tmp/hex"
keeps() {
	grep -q "$1" "$tmp/hex"
	result $? "the copy keeps $2"
}
keeps '040000002800000001001300' 'the block of names'
keeps '0a000000280000004b534c5414000000' 'the block of secrets'
keeps 'ad0b00001c000000d97e0000' 'a custom block'
keeps '050000004000000000000000' 'statistics'
keeps '040008004d00000000000000' 'what statistics count'
keeps '0100030074776f00' 'each comment by itself'
keeps '0200040002010000' 'all flags'
keeps '030005000201020304000000' 'a hash'
keeps '08000800290000002a000000' 'process and thread'
keeps '03000d00746865206669727374206f6e65' 'the description of the interface'
! grep -q 'ad0b0040' "$tmp/hex"
result $? 'the copy leaves out a block that is not to be copied'

# A first fragment that ends within a header, which the next one continues, is not malformed.
"$sonde" read tests/cases/first-fragment.pcap >"$tmp/got" 2>&1
grep -q '\[icmp6 ends in another fragment\]' "$tmp/got" && grep -q ' 0 malformed' "$tmp/got"
result $? 'a header that ends in another fragment is told'
"$sonde" read --json tests/cases/ip-checksum-ffff.pcap 2>/dev/null | grep -q '"layer":"ip",.*"checksum_state":"ok"}'
result $? 'a checksum of 0xffff that sums up is right'

# A count needs no dissection, and says no more.
[ "$("$sonde" read --count tests/cases/notes.pcapng 2>&1)" = "$(printf '1\n1 read')" ]
result $? 'read --count counts'
"$sonde" read --json tests/cases/simple.pcapng 2>/dev/null | grep '"type":"packet"' | head -1 | grep -q '"time"'
[ $? = 1 ]
result $? 'a frame without a time has none in JSON'
"$sonde" read -q tests/cases/simple.pcapng | head -1 | grep -q '^eth0 10.0.0.1:1234 >'
result $? 'a frame without a time has none in its line'
"$sonde" read -q --count tests/cases/two-link-types.pcapng -- udp dst port 5678 >"$tmp/got"
grep -qx 2 "$tmp/got"
result $? 'a filter is applied to each link type'
cat tests/cases/two-link-types.pcapng | "$sonde" read -q -o packets - | cmp - tests/cases/two-link-types.packets
result $? 'standard input is read like a file'
echo "1..$n"
