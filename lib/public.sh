#!/bin/sh
# The public surface of the library: what <sonde.h> reaches, and nothing else.
#
#	public.sh headers            the public headers, below lib
#	public.sh install FOLDER     copy them: sonde.h, and the others below sonde/, included as <sonde/layer/file.h>
#	public.sh names              what they declare, a line each: macro, type, constant, inline, function or object, and its name
#	public.sh map                the version script of the shared library: it exports their functions and objects
set -eu
cd "$(dirname "$0")"
CC=${CC:-cc}
preprocess="$CC -std=c17 -D_GNU_SOURCE -I. -x c"

headers() {
	$preprocess -MM sonde.h | tr -s ' \\' '\n' | grep "\.h$" | sort -u
}

# Declarations are told apart by their text outside of braces, that of enumerations inside.
names() {
	$preprocess -E -dD sonde.h | awk '
		function tell(kind, name) {
			if (name != "" && !told[kind " " name]++)
				print kind, name
		}
		function last_word(text) {
			sub(/[^A-Za-z0-9_]+$/, "", text)
			sub(/.*[^A-Za-z0-9_]/, "", text)
			return text
		}
		function first_word(text) {
			return match(text, /[A-Za-z_][A-Za-z0-9_]*/) ? substr(text, RSTART, RLENGTH) : ""
		}
		function tell_all(kind, text, list, n, i) {
			sub(/=.*/, "", text)
			n = split(text, list, ",")
			for (i = 1; i <= n; i++) {
				sub(/\[.*/, "", list[i])
				tell(kind, last_word(list[i]))
			}
		}
		# Attributes have parentheses in parentheses.
		function without_attributes(text, at, i, depth, c) {
			while ((at = index(text, "__attribute__")) > 0) {
				depth = 0
				for (i = at + 13; i <= length(text); i++) {
					c = substr(text, i, 1)
					depth += c == "(" ? 1 : c == ")" ? -1 : 0
					if (c == ")" && depth == 0)
						break
				}
				text = substr(text, 1, at - 1) substr(text, i + 1)
			}
			return text
		}
		function end_statement() {
			head = without_attributes(head)
			gsub(/[ \t]+/, " ", head)
			sub(/^ /, "", head)
			if (head ~ /^typedef/)
				tell("type", head ~ /\(/ ? last_word(substr(head, 1, index(head, "(") - 1)) : last_word(head))
			else if (head ~ /^(struct|union|enum) [A-Za-z0-9_]+ ?$/)
				tell("type", last_word(head))
			else if (head ~ /\(/ && head !~ /^_Static_assert/)
				tell(head ~ /^static/ ? "inline" : "function", last_word(substr(head, 1, index(head, "(") - 1)))
			else if (head ~ /^extern/)
				tell_all("object", head)
			head = ""
		}
		function open_brace() {
			if (recent ~ /(struct|union|enum) +[A-Za-z0-9_]+ *$/)
				tell("type", last_word(recent))
			if (recent ~ /enum *[A-Za-z0-9_]* *$/)
				enum_depth = depth + 1
			depth++
			recent = ""
		}
		function close_brace() {
			depth--
			if (enum_depth > depth) {
				tell("constant", first_word(constant))
				constant = ""
				enum_depth = 0
			}
			if (depth == 0 && head ~ /\(/ && head !~ /=/)
				end_statement()
		}
		/^# [0-9]+ "/ {
			split($0, part, "\"")
			ours = part[2] !~ /^[\/<]/
			next
		}
		!ours { next }
		/^#define / {
			name = first_word($2)
			defined[name] = 1
			next
		}
		/^#undef / { delete defined[$2] }
		/^#/ { next }
		{
			gsub(/"([^"\\]|\\.)*"/, "")
			n = length($0)
			for (i = 1; i <= n; i++) {
				c = substr($0, i, 1)
				if (c == "{") {
					open_brace()
				} else if (c == "}") {
					close_brace()
				} else if (c == ";" && depth == 0) {
					end_statement()
				} else if (c == "," && enum_depth && enum_depth == depth) {
					tell("constant", first_word(constant))
					constant = ""
				} else if (enum_depth && enum_depth == depth) {
					constant = constant c
				} else if (depth == 0) {
					head = head c
				}
				recent = c ~ /[;{}]/ ? "" : recent c
			}
			if (depth == 0)
				head = head " "
			recent = recent " "
		}
		END {
			for (name in defined)
				tell("macro", name)
		}' | sort
}

install_headers() {
	umask 022
	for header in $(headers); do
		case $header in
		sonde.h) to=$1/sonde.h ;;
		*) to=$1/sonde/$header ;;
		esac
		mkdir -p "$(dirname "$to")"
		sed 's|^\(#include \)"\(.*\)"|\1<sonde/\2>|' "$header" >"$to"
	done
}

case ${1-} in
headers) headers ;;
install) install_headers "$2" ;;
names) names ;;
map)
	echo '{ global:'
	names | sed -n 's/^\(function\|object\) \(.*\)/	\2;/p'
	echo 'local: *; };'
	;;
*)
	sed -n 's/^#	//p' "$0" >&2
	exit 2
	;;
esac
