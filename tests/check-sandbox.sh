#!/bin/sh
# sonde-sandbox(7) has the system calls that the filters allow.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Both as lines NAME CALL.
"$BUILD/sonde" help sandbox | awk '/^[a-z-]+ .* exit_group / || (name && /^ /) {
	first = 1
	if (/^[a-z]/) {
		name = $1
		first = 2
	}
	for (i = first; i <= NF; i++)
		print name, $i
	next
}
{ name = "" }' | sort >"$tmp/filter"
awk '/^\.Ss System calls/ { rows = 1 }
rows && /^\.It / { name = $2; next }
/^\.El/ { name = "" }
name { for (i = 1; i <= NF; i++) print name, $i }' docs/man/sonde-sandbox.7 | sort >"$tmp/page"
[ "$(wc -l <"$tmp/filter")" -gt 50 ] && diff "$tmp/filter" "$tmp/page"
