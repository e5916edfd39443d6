#!/bin/sh
# What documents show is so. Code that begins with the name of a file in a comment stands in that file as it stands there.
# Of blocks in the notation, each line of "packets" is built, printed and read back to the same bytes; each of "patterns"
# is read as a pattern; each of "refused" is refused with what stands behind its "#". Files and names of the library that are told of are there.
set -u
cd "$(dirname "$0")/.." || exit 1
SONDE=${SONDE:-${BUILD:-build}/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/code"

awk -v tmp="$tmp" '
	/^```c$/ { inside = 1; first = 1; next }
	/^```$/ { if (inside && file) close(out); inside = 0; file = ""; next }
	!inside { next }
	first { first = 0; if ($0 ~ /^\/\* [^ ]+ \*\/$/) { file = $2; out = tmp "/code/" ++n; print file > out } next }
	file { print > out }
' docs/*.md

bad=0 n=0
for block in "$tmp"/code/*; do
	file=$(head -1 "$block")
	n=$((n + 1))
	if ! tail -n +2 "$block" | awk '
		FNR == NR { want[++n] = $0; next }
		{ have[++m] = $0 }
		END {
			for (at = 1; at + n - 1 <= m; at++) {
				for (i = 1; i <= n && have[at + i - 1] == want[i]; i++)
					;
				if (i > n)
					exit 0
			}
			exit 1
		}' - "$file"; then
		echo "docs: this does not stand in $file:"
		tail -n +2 "$block"
		bad=1
	fi
done

complain() {
	echo "docs: $1"
	bad=1
}

# lines KIND: those of the blocks of this kind, into $tmp/lines.
lines() {
	awk -v kind="$1" '/^```/ { inside = $0 == "```" kind; next } inside' docs/*.md >"$tmp/lines"
	[ -s "$tmp/lines" ] || complain "no block of $1"
}

# refused_with TEXT: the packet in $line is refused, and the message has this text.
refused_with() {
	printf '%s\n' "$line" | "$SONDE" send -q --dry-run -f - >"$tmp/out" 2>&1
	status=$?
	[ $status = 2 ] || complain "status $status, not 2: $line"
	grep -qF -e "$1" "$tmp/out" || complain "it is not refused with '$1' but '$(cat "$tmp/out")': $line"
}

# Those of one link type together, for libpcap reads no others out of one file.
lines packets
awk -v to="$tmp/packets." '{
	first = $0
	sub(/^frame [^\/]* \/ /, "", first)
	sub(/ .*/, "", first)
	sub(/^ip[46v]*$/, "ip", first)
	sub(/^eth$/, "ether", first)
	print > (to first)
}' "$tmp/lines"
for lines in "$tmp"/packets.*; do
	"$SONDE" send -q --dry-run -w "$tmp/first" -f "$lines" >"$tmp/out" 2>&1 || complain "$(cat "$tmp/out")"
	"$SONDE" read -q -o packets "$tmp/first" >"$tmp/printed" || complain 'it cannot be printed'
	"$SONDE" send -q --dry-run -w "$tmp/copy" -f "$tmp/printed" >"$tmp/out" 2>&1 || complain "read back: $(cat "$tmp/out")"
	for file in first copy; do
		"$SONDE" read -q -o hex --time epoch "$tmp/$file" >"$tmp/$file.hex" || complain 'it cannot be read'
	done
	diff "$tmp/first.hex" "$tmp/copy.hex" || complain 'what was built (<) and what was read back (>) differ'
done

lines patterns
while IFS= read -r line; do
	refused_with 'a pattern matches packets'
done <"$tmp/lines"

lines refused
while IFS= read -r line; do
	refused_with "${line#* # }"
done <"$tmp/lines"

# A header of the library is also named as it is included.
for document in *.md docs/*.md docs/man/*.8; do
	for path in $(grep -oE '(^|[^A-Za-z0-9_./-])(lib|tools|tests|docs|examples|captures|base|proto|packet|capture|flow|io|probe|session)/[A-Za-z0-9_./*-]*[A-Za-z0-9_*]' \
		"$document" | sed 's/^[^a-z]//' | sort -u); do
		case $path in
		*NAME*) continue ;;
		lib/*|tools/*|tests/*|docs/*|examples/*|captures/*) ;;
		*.[ch]) path=lib/$path ;;
		*) continue ;;
		esac
		ls -d $path >/dev/null 2>&1 || complain "$document names $path, which is not there"
	done
done

for name in $(grep -ohE '\<sonde_[a-z0-9_]*[a-z0-9]' *.md docs/*.md | grep -vx sonde_noun_verb | sort -u); do
	grep -rqw "$name" lib || complain "no $name in lib"
done

[ "$n" -gt 0 ] || complain "no code of any file"
exit $bad
