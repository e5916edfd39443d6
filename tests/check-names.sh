#!/bin/sh
# Every global name of the library starts with sonde_, and the shared library exports nothing else.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
bad=$(
	nm -g --defined-only "$BUILD/libsonde.a" | awk 'NF == 3 && $3 !~ /^(sonde_|__|\.)/ { print "libsonde.a: " $3 }'
	nm -D --defined-only "$BUILD/libsonde.so" | awk 'NF == 3 && $3 !~ /^sonde_/ { print "libsonde.so: " $3 }'
	[ "$(nm -D --defined-only "$BUILD/libsonde.so" | grep -c ' sonde_')" -gt 0 ] || echo 'libsonde.so exports nothing'
)
[ -z "$bad" ] && exit 0
echo "global names that do not start with sonde_:"
echo "$bad"
exit 1
