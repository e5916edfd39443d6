#!/bin/sh
# lab: pair
# sonde probe --banner: what open ports say by themselves, made safe for the terminal.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# server PORT TEXT: one that says this to who connects. It takes one connection; the SYN of the probe is none.
server() {
	(printf "$2"; sleep 20) | ip netns exec server sonde listen "$1" >/dev/null 2>"$tmp/$1" &
	await sh -c "ip netns exec server ss -ltn | grep -q ':$1 '"
}
server 2222 'SSH-2.0-Test\r\n'
server 2223 'ring\007 \033[2Jback\\slash\n'
server 2224 'SSH-2.0-Test\r\n'
server 2225 'ring\007 \033[2Jback\\slash\n'
# has_line TITLE LINE: in what was printed, to the letter.
has_line() {
	check "$1" grep -qF -- "$2" "$tmp/out"
}
check 'ports that speak, and some that do not' sh -c 'sonde probe -4 server -p 7,8,2222,2223 --banner >"$0"' "$tmp/out"
has_line 'what one says' 'says: SSH-2.0-Test'
has_line 'escapes are shown, and not done' 'says: ring\x07 \x1b[2Jback\\slash'
check 'who says nothing has no line' test "$(grep -c says: "$tmp/out")" = 2
check 'JSON, IPv6' sh -c 'sonde probe -6 server -p 7,2224,2225 --banner --json >"$0"' "$tmp/out"
has_line 'has it' '"ttl":64,"banner":"SSH-2.0-Test\r\n"'
has_line 'with its escapes' '"ttl":64,"banner":"ring\u0007 \u001b[2Jback\\slash\n"'
expect 0 'by connect(2)' sonde probe --connect -4 server -p 22 --banner
for with in '-o list' --dry-run '--baseline /dev/null'; do
	expect 2 "with $with" sonde probe server --banner $with
done
