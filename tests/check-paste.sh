#!/bin/sh
# What is printed in the notation can be pasted into a shell as it is: sh and bash take each line for the same words,
# run nothing and expand nothing, and sonde makes the same packet of these words.
set -u
cd "$(dirname "$0")/.." || exit 1
here=$PWD
sonde=${SONDE:-$here/${BUILD:-build}/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
# result STATUS NAME: one line of TAP.
result() {
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

# Every byte from 1 to 255 between letters, so that it is text, in each place that may have any text.
any=$(awk 'BEGIN { for (i = 1; i < 256; i++) printf "aaaa\\x%02x", i }')
name=$(awk 'BEGIN { for (i = 33; i < 64; i++) printf "\\x%02x", i }')
cat >"$tmp/odd" <<END
frame time=1 iface="a \$HOME;b" comment="$any" / ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1 dport=9 / text:"$any"
ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=68 dport=67 / dhcp xid=1 options=host-name:"$name",domain-name:"a b",end
ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1024 dport=53 / dns id=1 qname=a.$name.com
END
"$sonde" send --dry-run -q -w "$tmp/odd.pcapng" -f "$tmp/odd" || exit 1
for file in "$tmp/odd.pcapng" captures/*.pcap* tests/cases/*.pcap*; do
	"$sonde" read -q -o packets "$file" 2>/dev/null
done >"$tmp/lines"

# As words: quotes are the shell's, and no quote stands for itself. Files that a pattern would match lie about.
mkdir "$tmp/about"
cd "$tmp/about" || exit 1
touch a b aaaa 'text:a' 'hex:00'
tr -d '"' <"$tmp/lines" >"$tmp/words"
for shell in sh bash; do
	{
		echo 'words() { printf "%s" "$1"; shift; [ $# = 0 ] || printf " %s" "$@"; printf "\n"; }'
		sed 's/^/words /' "$tmp/lines"
	} >"$tmp/script"
	"$shell" "$tmp/script" >"$tmp/got" 2>&1
	test -s "$tmp/words" && cmp "$tmp/got" "$tmp/words"
	result $? "$shell takes the words of $(wc -l <"$tmp/words") lines as they are"

	"$sonde" read -q -o packets "$tmp/odd.pcapng" >"$tmp/before"
	sed "s|^|'$sonde' send --dry-run -q -w '$tmp/copy.pcapng' |; s|\$| \&\& '$sonde' read -q -o packets '$tmp/copy.pcapng'|" \
		"$tmp/before" >"$tmp/script"
	"$shell" "$tmp/script" 2>&1 | sed 's/time=[0-9.]* //' >"$tmp/after"
	sed 's/time=[0-9.]* //' "$tmp/before" | cmp "$tmp/after" -
	result $? "$shell and sonde make the same packets of them"
done
echo "1..$n"
