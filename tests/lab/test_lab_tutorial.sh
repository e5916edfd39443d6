#!/bin/sh
# The page docs/tutorial-lab.md: every command in it works, in its order, and what it prints below one is what comes.
. "$LIB"
page=$PWD/docs/tutorial-lab.md
tmp=$(mktemp -d) || exit 1
trap '{ "$SONDE" lab down; } >/dev/null 2>&1; rm -rf "$tmp"' EXIT
trap 'exit 1' TERM INT
mkdir "$tmp/bin"
mkdir -m 700 "$tmp/runtime"
ln -s "$SONDE" "$tmp/bin/sonde"
PATH=$tmp/bin:$PATH XDG_RUNTIME_DIR=$tmp/runtime
export PATH XDG_RUNTIME_DIR
cd "$tmp" || exit 1

# Files are blocks with a name; commands begin with "$ " and may have their output below.
awk '
	/^```/ && !block { block = length($0) > 3 ? substr($0, 4) : "commands"; next }
	/^```/ { block = ""; next }
	block == "commands" && /^\$ / { print substr($0, 3) >("command." ++n); next }
	block == "commands" { print >("output." n); next }
	block { print >block }
	END { print n + 0 >"count" }' "$page"

check 'the page has commands' test "$(cat count)" -ge 20
i=0
while [ $((i += 1)) -le "$(cat count)" ]; do
	command=$(cat "command.$i")
	program=$(echo "$command" | grep -o 'traceroute\|ping\| ss ' | tr -d ' ' | head -n 1)
	if [ -n "$program" ] && ! has "$program"; then
		skip "$command" "no $program here"
		continue
	fi
	check "$command" sh -c "$command"
	if [ -e "output.$i" ]; then
		says 'prints what the page shows' "$(cat "output.$i")"
	fi
done
