#!/bin/sh
# Code in docs/ that begins with the name of a file in a comment stands in that file as it stands there.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

awk -v tmp="$tmp" '
	/^```c$/ { inside = 1; first = 1; next }
	/^```$/ { if (inside && file) close(out); inside = 0; file = ""; next }
	!inside { next }
	first { first = 0; if ($0 ~ /^\/\* [^ ]+ \*\/$/) { file = $2; out = tmp "/" ++n; print file > out } next }
	file { print > out }
' docs/*.md

bad=0 n=0
for block in "$tmp"/*; do
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
[ "$n" -gt 0 ] || echo "docs: no code of any file"
[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]
