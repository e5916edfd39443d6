#!/bin/sh
# What Sonde and tshark both say of ip, ip6, tcp, udp, icmp, dns, dhcp and tls, on every capture below the folders given
# (default: captures/): the fields of tests/tshark-agree.py are the same. Rules of difference stand there and in
# docs/differences.md; what no rule explains is printed. Needs tshark and Python 3; not part of make check.
set -u
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- captures
for program in tshark python3; do
	if ! command -v "$program" >/dev/null; then
		echo "$program is not installed"
		exit 77
	fi
done
find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' -print0 | sort -z |
	xargs -0 python3 tests/tshark-agree.py "${SONDE:-build/sonde}"
