#!/bin/bash
# A server that runs out of descriptors turns clients away, and serves on.
[ -n "${SONDE_LAB-}" ] || { ulimit -n 64 && exec "$SONDE" lab run bash "$0"; }
. "$LIB"

# connect N: the connections are in fds.
fds=()
connect() {
	local i
	for ((i = 0; i < $1; i++)); do
		exec {fd}<>/dev/tcp/server/80 || return 1
		fds+=("$fd")
	done
}

# In a copy of this shell only: the originals stay open.
hang_up() {
	for fd in "${fds[@]}"; do eval "exec $fd>&-"; done
	fds=()
}

# The server may have no more descriptors than we, so it takes the copy to ask for more than it has. Reading says 1 at
# the end of a connection, and more than 128 when the time is over.
turned_away() {
	hang_up
	connect 30
	read -r -t 5 <&"$fd"
	[ $? -eq 1 ]
}

served() {
	echo hello >&"${fds[0]}"
	read -r -t 5 answer <&"${fds[0]}" && [ "$answer" = hello ]
}

connect 45
check 'clients too many are turned away' turned_away
check 'others are still served' served
hang_up
connect 1
check 'and new ones too' served
