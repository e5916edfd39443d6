#!/bin/sh
# Every global name of the library starts with sonde_, and so does, or with SONDE_, all that its public headers declare.
# The shared library exports what they declare, and nothing else (lib/public.sh).
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

lib/public.sh names >"$tmp/names" || exit 1
sed -n 's/^\(function\|object\) //p' "$tmp/names" | sort >"$tmp/declared"
nm -D --defined-only "$BUILD/libsonde.so" | awk 'NF == 3 { print $3 }' | sort >"$tmp/exported"
[ -s "$tmp/declared" ] && [ -s "$tmp/exported" ] || { echo 'nothing is declared, or nothing is exported'; exit 1; }
bad=$(
	nm -g --defined-only "$BUILD/libsonde.a" |
		awk 'NF == 3 && $3 !~ /^(sonde_|__|\.)/ { print "libsonde.a: " $3 " does not start with sonde_" }'
	comm -23 "$tmp/declared" "$tmp/exported" | sed 's/$/ is declared in a public header, and nowhere defined/'
	comm -13 "$tmp/declared" "$tmp/exported" | sed 's/$/ is exported, and in no public header/'
	while read -r kind name; do
		case $name in
		sonde_* | SONDE_*) ;;
		*) echo "public headers: the $kind $name has no prefix" ;;
		esac
	done <"$tmp/names"
)
[ -z "$bad" ] && exit 0
echo "$bad"
exit 1
