#!/bin/sh
# The man page of a command lists the options that --help lists, and no others; sonde(8) lists the commands; and the
# pages are clean mdoc.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0

for page in docs/man/sonde-*.8; do
	command=$(basename "$page" .8)
	command=${command#sonde-}
	[ "$command" = lab ] && command='lab run'
	"$BUILD/sonde" $command --help | grep '^ *-' | grep -oE '(^ *|, )--?[A-Za-z0-9-]+' | tr -d ' ,' | sort >"$tmp/help"
	# .It Fl t , Fl Fl topology Ar topology
	sed -n 's/^\.It Fl/Fl/p' "$page" | tr ',' '\n' | awk '{
		for (i = 1; i <= NF && $i != "Ar"; i++)
			if ($i == "Fl" && $(i + 1) != "Fl")
				print ($(i - 1) == "Fl" ? "--" : "-") $(i + 1)
	}' | sort >"$tmp/man"
	if ! [ -s "$tmp/help" ] || ! diff "$tmp/help" "$tmp/man" >"$tmp/diff"; then
		echo "sonde $command --help (<) and $page (>) differ:"
		cat "$tmp/diff"
		bad=1
	fi
done
for command in $("$BUILD/sonde" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	if ! sed -n 's/^\.It Cm//p' docs/man/sonde.8 | tr -d , | grep -qw "$command"; then
		echo "docs/man/sonde.8 says nothing of sonde $command"
		bad=1
	fi
done
if command -v mandoc >/dev/null && ! mandoc -Tlint -Wwarning docs/man/*.8; then
	bad=1
fi
exit $bad
