#!/bin/bash
# A server that runs out of descriptors turns clients away, and serves on. A command that has too few says so.
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

# says_why COMMAND...: with any number of descriptors it succeeds, or says that there are too few. When those that the
# caller left open take the last one already, it is the loader of shared libraries who says so, and by number.
says_why() {
	local n said
	for n in $(seq 4 16); do
		said=$( (ulimit -n "$n" && exec "$SONDE" "$@") </dev/null 2>&1) ||
			grep -qiE 'too many open files|: Error 24$' <<<"$said" || { echo "with $n descriptors: $said"; return 1; }
	done
}

hang_up
check 'sending by a raw socket says why' says_why send ip dst=10.0.0.2 / udp dport=7
check 'sending by a packet socket says why' says_why send --via link -I eth0 ip dst=10.0.0.2 / udp dport=7
check 'sending through libnet says why' says_why send --via libnet ip dst=10.0.0.2 / udp dport=7
check 'ping says why' says_why ping -c 1 10.0.0.2
check 'ping to a zone says why' says_why ping -c 1 fe80::ff:fe00:2%eth0
check 'ping by ARP says why' says_why ping --arp -c 1 10.0.0.2
