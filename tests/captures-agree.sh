#!/bin/sh
# How many packets there are, on every capture below the folders given (default: captures/): sonde read --count says what
# capinfos -c says. Captures that capinfos refuses are counted, and those of them that sonde reads.
set -u
cd "$(dirname "$0")/.." || exit 1
sonde=${SONDE:-build/sonde}
[ $# -gt 0 ] || set -- captures
command -v capinfos >/dev/null || { echo 'needs capinfos (Debian: apt-get install tshark)'; exit 77; }

find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' | sort | {
	same=0 bad=0 refused=0 more=0
	while read -r file; do
		ours=$("$sonde" read -q --count "$file" 2>/dev/null)
		status=$?
		theirs=$(capinfos -c -M -r -T "$file" 2>/dev/null | cut -f2)
		if [ -z "$theirs" ]; then
			refused=$((refused + 1))
			[ $status = 0 ] && more=$((more + 1))
		elif [ "$ours" = "$theirs" ]; then
			same=$((same + 1))
		else
			echo "$file: ${ours:-no} packets by sonde, $theirs by capinfos"
			bad=$((bad + 1))
		fi
	done
	echo "$same captures agree, $bad do not; capinfos refuses $refused, of which sonde reads $more"
	[ "$bad" -eq 0 ]
}
