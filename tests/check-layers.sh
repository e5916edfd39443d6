#!/bin/sh
# The folder named in an #include is the layer. Each layer includes and calls only itself and the layers below it, no
# protocol includes another, and the headers have no cycle (docs/architecture.md).
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# LAYER and those it may use.
may='
base base
proto base proto
packet base proto packet
capture base capture
flow base proto packet flow
probe base proto packet probe
io base capture io
session base proto packet capture flow probe io session
tools base proto packet capture flow probe io session tools
sonde.h base proto packet capture flow probe io session
'

find lib tools -name '*.[ch]' | sort | xargs grep -Hn '^#include "' >"$tmp/includes"
grep -ls '^extern const struct sonde_proto sonde_[a-z0-9]*;' lib/proto/*.h | sed 's|^lib/||' >"$tmp/protocols"

awk -v protocols="$tmp/protocols" -v table="$may" '
	BEGIN {
		n = split(table, row, "\n")
		for (i = 1; i <= n; i++)
			if (match(row[i], / /))
				may[substr(row[i], 1, RSTART - 1)] = substr(row[i], RSTART + 1)
		while ((getline header < protocols) > 0)
			is_protocol[header] = 1
	}
	function complain(text) {
		print place ": " text
		bad = 1
	}
	{
		split($0, part, ":")
		file = part[1]
		place = part[1] ":" part[2]
		layer = file
		sub(/^lib\//, "", layer)
		own = layer
		sub(/\.c$/, ".h", own)
		sub(/\/.*/, "", layer)
		split($0, quoted, "\"")
		target = quoted[2]
		target_layer = target
		sub(/\/.*/, "", target_layer)
		if (target == "sonde.h")
			complain("sonde.h is for the users of the library")
		else if (target ~ /\.inc$/)
			next
		else if (target !~ /\//)
			complain("write \"layer/file.h\", not \"" target "\"")
		else if (index(" " may[layer] " ", " " target_layer " ") == 0)
			complain(layer " may not include \"" target "\", only: " may[layer])
		else if (layer == "proto" && target in is_protocol && target != own && file != "lib/proto/protocols.h")
			complain("a protocol may not include another one: \"" target "\"")
	}
	END { exit bad }
' "$tmp/includes"
bad=$?

# Each line: a file, and what it defines (T, D, ...) or wants (U).
find lib -name '*.c' | sort | while read -r file; do
	nm -g "$BUILD/obj/${file%.c}.o" 2>&1 | awk -v file="$file" '{ print file, $(NF - 1), $NF }'
done >"$tmp/symbols"
awk -v table="$may" '
	BEGIN {
		n = split(table, row, "\n")
		for (i = 1; i <= n; i++)
			if (match(row[i], / /))
				may[substr(row[i], 1, RSTART - 1)] = substr(row[i], RSTART + 1)
	}
	$3 !~ /^sonde_/ { next }
	{
		layer = $1
		sub(/^lib\//, "", layer)
		sub(/\/.*/, "", layer)
		if ($2 != "U") {
			home[$3] = layer
			next
		}
		wants[++wanted] = $3
		file[wanted] = $1
		from[wanted] = layer
	}
	END {
		for (i = 1; i <= wanted; i++) {
			name = wants[i]
			if (index(" " may[from[i]] " ", " " home[name] " "))
				continue
			print file[i] ": " from[i] " may not use " name " of " (home[name] == "" ? "nowhere" : home[name])
			bad = 1
		}
		if (!wanted) {
			print "nothing is built: run make first"
			bad = 1
		}
		exit bad
	}
' "$tmp/symbols" || bad=1

sed -n 's/^\(.*\.h\):[0-9]*:#include "\([^"]*\)".*/\1 \2/p' "$tmp/includes" | sed 's|^lib/||' >"$tmp/graph"
if ! tsort "$tmp/graph" >/dev/null 2>"$tmp/cycle"; then
	echo "the headers include each other in a circle:"
	sed 's/^tsort: //' "$tmp/cycle"
	bad=1
fi
exit $bad
