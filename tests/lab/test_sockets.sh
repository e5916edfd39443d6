#!/bin/sh
# lab: pair
# sonde sockets: the same set as ss, of each kind and state; namespaces; what may not be seen.
. "$LIB"
has ss && has python3 || skip_all 'no ss(8), or no python3'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
allow_echoes
export SONDE
python3 tests/lab/sockets.py

expect 1 'nothing is like that' "$SONDE" sockets local=192.0.2.1
expect 2 'no such field' "$SONDE" sockets locl=192.0.2.1
tells 'and which is near' "did you mean local?"
expect 2 'no such end' "$SONDE" sockets local=192.0.2.1:x
tells 'and what would be' "'192.0.2.1:x' is not an address, a prefix, or an address and a port"
expect 1 'here, nobody listens' "$SONDE" sockets -l -t local_port=22
check 'in other namespaces' "$SONDE" sockets --all-netns -l -t local_port=22
tells 'the server does' '^tcp  *listen .*:22 .*sonde-server '
check 'each once' sh -c '
	[ "$("$SONDE" sockets --all-netns --json -l -t | grep -o "\"cookie\":[0-9\"]*,\"netns\":[0-9]*" | sort | uniq -d | wc -l)" = 0 ]'

# The server's process is root's.
if has setpriv && install -m 755 "$SONDE" "$tmp/sonde" && [ "$(id -u)" = 0 ] && $unprivileged true; then
	ip netns exec server $unprivileged "$tmp/sonde" sockets -l -t >"$tmp/out" 2>&1
	if [ "$(ip netns exec server $unprivileged id -u)" = 0 ]; then
		skip 'without privilege' 'there is one user here'
	else
		check 'without privilege, sockets are there without owners' grep -q '^tcp  *listen .*:22 .* ?' "$tmp/out"
		check 'and how many is told' grep -q 'owners of [0-9]* sockets are not visible' "$tmp/out"
		ip netns exec server $unprivileged "$tmp/sonde" sockets --all-netns >/dev/null 2>"$tmp/out"
		check 'sockets of other namespaces, too' grep -q 'not visible' "$tmp/out"
	fi
fi
check 'CSV has a line each, and the names' sh -c '
	[ "$(ip netns exec server "$SONDE" sockets -o csv -l | cut -d, -f1 | sort -u | tr "\n" " ")" = "proto tcp udp " ]'
check 'in a whole sandbox' "$SONDE" sockets --sandbox=strict --all-netns

# The screen, on a terminal whose keyboard is our stdin.
expect 2 'a screen without a terminal' "$SONDE" sockets --live
expect 2 'a screen and JSON' "$SONDE" sockets --live --json
if has script; then
	mkfifo "$tmp/keys"
	# Under AddressSanitizer there is no whole sandbox.
	"$SONDE" sockets --sandbox=strict >/dev/null 2>&1 && echo strict >"$tmp/mode" || echo off >"$tmp/mode"
	export TERM=xterm LC_ALL=C.UTF-8
	(
		exec 3>"$tmp/keys"
		await grep -q ':22' "$tmp/shown"
		printf q >&3
	) &
	expect 0 'a screen until q' timeout 30 script -qefc "stty rows 24 cols 100; exec $SONDE sockets --live --sandbox=\$(cat '$tmp/mode') --all-netns -l" \
		"$tmp/shown" <"$tmp/keys"
	wait
	check 'has a row for each socket' grep -q 'sonde-server' "$tmp/shown"
fi
