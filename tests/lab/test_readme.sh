#!/bin/sh
# The tour of README.md: each command in it works, but for the shell; what is sent with a wrong checksum gets no answer.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cp -r captures "$tmp"
ln -s "$(dirname "$SONDE")" "$tmp/build"
grep -E '^(echo .*\| )?build/sonde ' README.md | grep -v 'run bash' >"$tmp/commands"
cd "$tmp" || exit 1

check 'the tour has commands' test "$(wc -l <commands)" -ge 12
while IFS= read -r command; do
	status=0
	case $command in *checksum=0x*) status=1 ;; esac
	expect $status "$command" sh -c "$command" </dev/null
done <commands
check 'the copy says what the capture says' "$SONDE" read -q -o packets copy.pcapng
says 'to the letter' "$("$SONDE" read -q -o packets captures/tcp.pcapng)"
