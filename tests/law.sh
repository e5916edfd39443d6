#!/bin/sh
# The law, on every capture below the folders given (default: captures/): read -o packets, into send --dry-run -w, gives
# the same frames, times, original lengths and link types. Captures that cannot be opened are counted and left out.
set -u
cd "$(dirname "$0")/.." || exit 1
sonde=${SONDE:-build/sonde}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
[ $# -gt 0 ] || set -- captures

same=0 bad=0 unread=0
for file in $(find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' | sort); do
	"$sonde" read -q -o packets "$file" -w "$tmp/first" >/dev/null 2>"$tmp/error"
	if [ $? -ge 2 ]; then
		unread=$((unread + 1))
		continue
	fi
	"$sonde" read -o packets "$file" 2>/dev/null >"$tmp/text"
	if ! "$sonde" send -q --dry-run -w "$tmp/copy" -f - <"$tmp/text" 2>"$tmp/error"; then
		echo "$file: what read prints, send does not take: $(head -1 "$tmp/error")"
		bad=$((bad + 1))
		continue
	fi
	# One line a frame: time, lengths, link type, bytes. The copy need not be pcapng of one link type: compare as text.
	if cmp -s "$tmp/first" "$tmp/copy" || {
		"$sonde" read --json "$tmp/first" 2>/dev/null | sed -n 's/"n":.*"packet"/"packet"/p' >"$tmp/a"
		"$sonde" read --json "$tmp/copy" 2>/dev/null | sed -n 's/"n":.*"packet"/"packet"/p' >"$tmp/b"
		"$sonde" read -o hex --time epoch "$tmp/first" 2>/dev/null >>"$tmp/a"
		"$sonde" read -o hex --time epoch "$tmp/copy" 2>/dev/null >>"$tmp/b"
		cmp -s "$tmp/a" "$tmp/b"
	}; then
		same=$((same + 1))
	else
		echo "$file: the copy differs"
		bad=$((bad + 1))
	fi
done
echo "$same captures obey the law, $bad do not, $unread could not be read"
[ "$bad" -eq 0 ]
