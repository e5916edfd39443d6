#!/bin/sh
# mutations.sh [N [FOLDER]]: read N (20,000) captures with mistakes in them, under AddressSanitizer and UBSan: those of
# the tests, and those below the folder.
set -u
cd "$(dirname "$0")/.." || exit 1
make SAN=1 build/san/tests/unit/test_io_mutated || exit 1
SONDE_MUTATIONS=${1:-20000} SONDE_MUTATED=${2-} timeout 3600 build/san/tests/unit/test_io_mutated
