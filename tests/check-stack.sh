#!/bin/sh
# No function of the library or the tools takes more than 8 KiB of stack, nor an amount that nothing bounds: commands run
# with a stack of 64 KiB (ulimit -s 64). The compiler tells (-fstack-usage); sanitizers add to it, and are not looked at.
#
# The command line as a comment lies on the stack of record_open: it may take what it took when this was written, and no
# more.
set -eu
cd "$(dirname "$0")/.."
[ -z "${SAN-}" ] || {
	echo "sanitizers take stack of their own"
	exit 77
}
BUILD=${BUILD:-build}
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
find "$BUILD/obj/lib" "$BUILD/obj/tools" -name '*.su' >"$tmp"
[ -s "$tmp" ] || {
	echo "this compiler does not tell"
	exit 77
}
xargs awk -F '\t' '
	BEGIN { most["record_open"] = 33 * 1024 }
	{ name = $1; sub(/.*:/, "", name) }
	name in most && $2 <= most[name] { next }
	$2 > 8192 || $3 == "dynamic" {
		print $1 ": " $2 " bytes of stack" ($3 == "dynamic" ? ", or more" : ", 8192 at most")
		bad = 1
	}
	END { exit bad }' <"$tmp"
