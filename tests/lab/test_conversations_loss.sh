#!/bin/sh
# lab: captures/conversations/lossy.topology
# Conversations over a link that loses every twentieth packet each way: lines are sent again. Each round has a port of
# its own, for when the last acknowledgement is lost, the server does not let go of the old one.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
here=captures/conversations
for round in 1 2 3; do
	sed "s/sport=40000/sport=4100$round/" "$here/handshake.conv" >"$tmp/handshake"
	check "handshake, round $round" sonde send --as 10.0.0.99 -W 400ms --retries 9 -f "$tmp/handshake"
	check "neighbours, round $round" sonde send -W 200ms --retries 9 -f "$here/neighbours.conv"
done
