#!/bin/sh
# lab: captures/conversations/narrow.topology
# The conversations of docs/conversations.md with routers on the way.
. "$LIB"
here=captures/conversations
check 'path MTU discovery' sonde send -f "$here/path-mtu.conv"
tells 'a router says how long packets may be' '^toobig: < ip .*code=needfrag mtu=1400 '
check 'record route' sonde send -f "$here/record-route.conv"
tells 'both ways' 'options=rr:10.0.1.1+10.0.2.1+10.0.2.2+10.0.2.2+10.0.1.2+10.0.0.2'
