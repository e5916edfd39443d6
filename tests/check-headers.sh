#!/bin/sh
# Every header compiles alone, and twice in a row, without a warning.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
bad=0
for header in $(find lib tools tests -name '*.h' | sort); do
	name=${header#lib/}
	printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
		$CC -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
			-Wvla -Werror -O2 -Ilib -I. -fsyntax-only -x c - || { echo "$header does not compile alone"; bad=1; }
done
exit $bad
