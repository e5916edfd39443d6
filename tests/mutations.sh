#!/bin/sh
# mutations.sh [N [FOLDER]]: read N (20,000) captures with mistakes in them, and find their flows, under AddressSanitizer
# and UBSan: those of the tests, and those below the folder. As many states and tables of flows have mistakes, too.
set -u
cd "$(dirname "$0")/.." || exit 1
tests='io_mutated flows_mutated flow_state'
make SAN=1 $(printf 'build/san/tests/unit/test_%s ' $tests) || exit 1
for test in $tests; do
	SONDE_MUTATIONS=${1:-20000} SONDE_MUTATED=${2-} timeout 3600 "build/san/tests/unit/test_$test" || exit
done
