#!/bin/sh
# lab: captures/conversations/lossy.topology
# Conversations over a link that loses every twentieth packet each way: lines are sent again.
. "$LIB"
here=captures/conversations
for round in 1 2 3; do
	for name in handshake half-close; do
		check "$name, round $round" sonde send --as 10.0.0.99 -W 400ms --retries 9 -f "$here/$name.conv"
	done
	check "neighbours, round $round" sonde send -W 200ms --retries 9 -f "$here/neighbours.conv"
done
