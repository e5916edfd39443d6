#!/bin/sh
# read --match finds the frames that tshark -Y finds, for pairs of expressions that ask the same (tests/match-agree.py),
# on every capture below the folders given (default: captures/). Rules of difference are in docs/differences.md; what no
# rule explains is printed. Needs tshark and Python 3; not part of make check.
set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- captures
for program in tshark python3; do
	if ! command -v "$program" >/dev/null; then
		echo "$program is not installed"
		exit 77
	fi
done
find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' ! -name '*.conv' -print0 | sort -z |
	xargs -0 python3 tests/match-agree.py "${SONDE:-build/sonde}"
