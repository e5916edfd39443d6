#!/bin/sh
# Run all tests, one after the other, and count. A test is a program that speaks TAP (the cmocka programs do, and a
# script may), each of its results counting as one; or a script that ends with 0 (passed), 77 (skipped, the last line
# of its output says why) or anything else (failed). `make check` calls this with BUILD, CC, SAN and MAKE set.
set -u
umask 022
cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/sbin:/sbin
BUILD=${BUILD:-build} CC=${CC:-cc} SAN=${SAN-} MAKE=${MAKE:-make}
SONDE=$PWD/$BUILD/sonde
CMOCKA_MESSAGE_OUTPUT=TAP
UBSAN_OPTIONS=print_stacktrace=1
LC_ALL=C TZ=UTC SHELL=/bin/sh
export BUILD CC SAN MAKE SONDE PATH CMOCKA_MESSAGE_OUTPUT UBSAN_OPTIONS LC_ALL TZ SHELL

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# run NAME COMMAND...: run it, print what failed and what was skipped, and note the counts. What hangs is
# ended after $limit seconds.
run() {
	name=$1
	shift
	timeout $limit "$@" </dev/null >"$tmp/out" 2>&1
	awk -v name="$name" -v status=$? -v counts="$tmp/counts" -f tests/count.awk "$tmp/out"
}

slower=$([ -n "$SAN" ] && echo 3 || echo 1) # sanitizers take their time
limit=$((600 * slower))
for script in tests/check-*.sh; do
	[ -f "$script" ] && run "$(basename "$script" .sh)" "$script"
done
for source in tests/unit/test_*.c; do
	test=$(basename "$source" .c)
	[ -f "$source" ] && run "$test" "$BUILD/tests/unit/$test"
done
for source in tests/fuzz/fuzz_*.c; do
	test=$(basename "$source" .c)
	test=${test#fuzz_}
	[ -f "$source" ] && run "replay_$test" "$BUILD/tests/fuzz/replay_$test" tests/fuzz/seeds/"$test"/*
done
limit=$((3600 * slower)) # each lab test has its own
for group in golden lab; do
	[ -f "tests/$group/run.sh" ] && run "$group" "tests/$group/run.sh"
done

awk '{ passed += $1; failed += $2; skipped += $3 }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0
	}' "$tmp/counts"
