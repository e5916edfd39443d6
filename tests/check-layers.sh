#!/bin/sh
# The folder named in an #include is the layer. Each layer includes only itself and the layers below it, no protocol
# includes another, and the headers have no cycle (docs/architecture.md).
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

find lib tools -name '*.[ch]' | sort | xargs grep -Hn '^#include "' >"$tmp/includes"
grep -ls '^extern const struct sonde_proto sonde_[a-z0-9]*;' lib/proto/*.h | sed 's|^lib/||' >"$tmp/protocols"

awk -v protocols="$tmp/protocols" '
	BEGIN {
		may["base"] = "base"
		may["proto"] = "base proto"
		may["packet"] = "base proto packet"
		may["capture"] = "base capture"
		may["flow"] = "base proto packet flow"
		may["probe"] = "base proto packet probe"
		may["io"] = "base capture io"
		may["session"] = "base proto packet capture flow probe io session"
		may["tools"] = may["session"] " tools"
		may["sonde.h"] = may["session"]
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
		else if (target !~ /\//)
			complain("write \"layer/file.h\", not \"" target "\"")
		else if (index(" " may[layer] " ", " " target_layer " ") == 0)
			complain(layer " may not include \"" target "\", only: " may[layer])
		else if (layer == "proto" && target in is_protocol && target != own && file != "lib/proto/registry.c")
			complain("a protocol may not include another one: \"" target "\"")
	}
	END { exit bad }
' "$tmp/includes"
bad=$?

sed -n 's/^\(.*\.h\):[0-9]*:#include "\([^"]*\)".*/\1 \2/p' "$tmp/includes" | sed 's|^lib/||' >"$tmp/graph"
if ! tsort "$tmp/graph" >/dev/null 2>"$tmp/cycle"; then
	echo "the headers include each other in a circle:"
	sed 's/^tsort: //' "$tmp/cycle"
	bad=1
fi
exit $bad
