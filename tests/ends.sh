#!/bin/sh
# The ends of every frame, of its beginnings and of what random bytes make of it, on every capture below the folders
# given (default: captures/): sonde_ends_read and the dissector agree. Captures that cannot be opened are counted and
# left out.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
[ $# -gt 0 ] || set -- captures

find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' -print0 | sort -z |
	CMOCKA_MESSAGE_OUTPUT=TAP xargs -0 -n 1000 "$BUILD/tests/unit/test_ends" 2>&1 |
	awk '/^(not )?ok .*# SKIP/ { unread++; next } /^ok / { same++; next } /^not ok/ { bad++ } !/^(1\.\.|TAP|# ok|# not ok)/ { print }
		END {
			printf "%d captures agree, %d do not, %d could not be read\n", same, bad, unread
			exit bad > 0 || same == 0
		}'
