#!/bin/sh
# A function fits a screen and a file tells one story: no function over 60 lines, no file over 500, no line of C over
# 120 columns.
set -u
cd "$(dirname "$0")/.." || exit 1

# NAME REASON: a file, or file:function, that may be longer.
exceptions='
'

find lib tools tests examples -name '*.[ch]' -o -name '*.sh' | sort | xargs awk -v exceptions="$exceptions" '
	BEGIN {
		n = split(exceptions, line, "\n")
		for (i = 1; i <= n; i++) {
			split(line[i], word, " ")
			if (word[2] != "")
				excepted[word[1]] = 1
		}
	}
	function complain(name, text) {
		if (!(name in excepted)) {
			print text
			bad = 1
		}
	}
	function end_file() {
		if (last > 500)
			complain(file, file ": " last " lines, 500 at most")
	}
	FNR == 1 {
		end_file()
		file = FILENAME
		start = 0
	}
	{
		last = FNR
		text = $0
		while ((at = index(text, "\t")) > 0)
			text = substr(text, 1, at - 1) sprintf("%*s", 8 - (at - 1) % 8, "") substr(text, at + 1)
		if (FILENAME ~ /\.[ch]$/ && length(text) > 120)
			complain(file, file ":" FNR ": " length(text) " columns, 120 at most")
	}
	/^[A-Za-z_].*\(/ { head = $0 }
	/^\{/ { start = FNR }
	/^\}/ {
		if (start && FNR - start + 1 > 60) {
			sub(/\(.*/, "", head)
			sub(/.*[ *]/, "", head)
			complain(file ":" head, file ":" start ": " head " has " FNR - start + 1 " lines, 60 at most")
		}
		start = 0
	}
	END {
		end_file()
		exit bad
	}'
