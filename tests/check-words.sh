#!/bin/sh
# What no file has: paths of one machine, blanks at the end of a line, an end without a newline, carriage returns,
# banner comments, TODOs that do not say what is to be done and why it is not, and in the library options of the command.
set -u
cd "$(dirname "$0")/.." || exit 1
me=tests/check-words.sh
bad=0

files=$(find . \( -name .git -o -name build \) -prune -o -type f ! -path "./$me" ! -path './tests/fuzz/seeds/*' -print | xargs grep -IlE . | sed 's|^\./||' | sort)

# find_lines TEXT PATTERN [FILES TO LEAVE OUT]: lines with the pattern are mistakes.
find_lines() {
	lines=$(echo "$files" | grep -Ev "${3:-^$}" | xargs grep -InE -e "$2" /dev/null) || return
	echo "$1:"
	echo "$lines"
	bad=1
}

find_lines 'a path of one machine' '/(home|root|work|Users)/[A-Za-z0-9]'
find_lines 'blanks at the end of the line' '[[:blank:]]$' '^tests/golden/'
find_lines 'a carriage return' "$(printf '\r')" '^tests/golden/'
find_lines 'a banner' '^[[:blank:]]*(/\*|//|#)[ *#=~-]*[*#=~-]{8}' '\.(md|[1-8])$|^lib/proto/'
find_lines 'a TODO without what and why' '\<(TODO|FIXME|XXX)\>(.{0,40})$' '\.md$'

# The library says what is wrong, the command which of its options helps.
if grep -rnE '"[^"]*--[a-z][^"]*"' lib --include='*.[ch]'; then
	echo 'a message of the library that names an option of the command'
	bad=1
fi

for file in $files; do
	if [ -n "$(tail -c 1 "$file")" ]; then
		echo "$file: no newline at the end"
		bad=1
	fi
done
exit $bad
