#!/bin/sh
# Run the lab tests: tests/lab/test_*.sh, or those named. A script whose second line is "# lab: TOPOLOGY [HOST]" runs
# in a fresh lab of that kind; the others make their own. The scripts speak through lib.sh; what comes out is TAP.
# A script that ends with 77 could not run here, and the last line of its output says why.
# LAB is the sonde that makes these labs, where it is not $SONDE, and BECOME runs a script as another user: both are for
# identities.sh.
set -u
umask 022
cd "$(dirname "$0")/../.." || exit 1
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C TZ=UTC SHELL=/bin/sh
SONDE=${SONDE:-$PWD/${BUILD:-build}/sonde}
LIB=$PWD/tests/lab/lib.sh
LAB=${LAB:-$SONDE} BECOME=${BECOME-}
export PATH LC_ALL TZ SHELL SONDE LIB
[ $# -gt 0 ] || set -- tests/lab/test_*.sh

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

for script; do
	lab=$(sed -n '2s/^# lab: *//p' "$script")
	host=${lab#* }
	[ "$host" = "$lab" ] && host=
	if [ -n "$lab" ]; then
		set -- "$LAB" lab run -t "${lab%% *}" ${host:+--at "$host"} $BECOME "$script"
	else
		set -- $BECOME "$script"
	fi
	timeout -k 5 ${LIMIT:-$([ -n "${SAN-}" ] && echo 900 || echo 300)} "$@" </dev/null >"$tmp/out" 2>&1
	awk -v status=$? -v name="$(basename "$script" .sh)" '
		{ line[NR] = $0 }
		/^(not )?ok - / { n++ }
		END {
			for (i = 1; i <= NR; i++)
				if (sub(/ok - /, "&" name ": ", line[i]) || status != 77)
					print line[i]
			if (status == 77)
				print "ok - " name " # SKIP " line[NR]
			else if (status != 0 || n == 0)
				print "not ok - " name ": ended with status " status " after " n + 0 " results"
		}' "$tmp/out" >>"$tmp/all"
done
awk '/^(not )?ok - / { sub(/ok/, "ok " ++n) } { print } END { print "1.." n + 0 }' "$tmp/all"
! grep -q '^not ok' "$tmp/all"
