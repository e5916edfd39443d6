#!/bin/sh
# A field's place is a constant: at -O2 a field of 8, 16, 32 or 64 bits costs one load or store and a byte swap, and
# one that straddles bytes a few instructions more; nothing is called, and reading does not branch.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
[ "$(uname -m)" = x86_64 ] || { echo "the counts are for x86-64"; exit 77; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# NAME FIRST_BIT WIDTH INSTRUCTIONS_TO_GET INSTRUCTIONS_TO_PUT, the return counted.
cases='
byte 72 8 2 2
port 16 16 4 4
sequence 32 32 4 4
mac 48 48 17 19
quad 64 64 4 4
nibble 4 4 3 6
dscp 8 6 4 7
fragment_offset 51 13 6 14
flow_label 12 20 9 18
tcp_flags 103 9 6 14
'

{
	echo '#include "base/bytes.h"'
	echo "$cases" | while read -r name first width _; do
		[ -n "$name" ] || continue
		echo "uint64_t get_$name(const uint8_t *p);"
		echo "uint64_t get_$name(const uint8_t *p) { return sonde_bits_get(p, $first, $width); }"
		echo "void put_$name(uint8_t *p, uint64_t v);"
		echo "void put_$name(uint8_t *p, uint64_t v) { sonde_bits_put(p, $first, $width, v); }"
	done
} >"$tmp/fields.c"
$CC -std=c17 -O2 -fcf-protection=none -Ilib -c -o "$tmp/fields.o" "$tmp/fields.c" || exit 1

objdump -d --no-show-raw-insn "$tmp/fields.o" | awk -v cases="$cases" -v verbose="${V-}" '
	BEGIN {
		n = split(cases, line, "\n")
		for (i = 1; i <= n; i++)
			if (split(line[i], word, " ") == 5) {
				most["get_" word[1]] = word[4]
				most["put_" word[1]] = word[5]
			}
	}
	/>:$/ { name = substr($2, 2, length($2) - 3); next }
	$2 ~ /^(nop|data16|cs|xchg)/ || $1 !~ /:$/ { next }
	{ count[name]++ }
	$2 ~ /^(j|call|loop)/ && (name ~ /^get/ || $2 ~ /^call/) { print name " has a " $2; bad = 1 }
	END {
		for (name in most) {
			if (verbose)
				print name, count[name]
			if (!(name in count) || count[name] > most[name]) {
				print name " takes " count[name] + 0 " instructions, " most[name] " at most"
				bad = 1
			}
		}
		exit bad
	}'
