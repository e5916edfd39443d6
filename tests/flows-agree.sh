#!/bin/sh
# What Sonde, tcptrace, tshark and argus say of flows, on every capture below the folders given (default: captures/).
# Rules of difference stand in docs/differences.md; what differs is printed. Needs them, argus-client and Python 3; not
# part of make check.
set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- captures
for program in tcptrace tshark argus ra python3; do
	if ! command -v "$program" >/dev/null; then
		echo "$program is not installed"
		exit 77
	fi
done
find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' -print0 | sort -z |
	xargs -0 python3 tests/flows-agree.py "${SONDE:-build/sonde}"
