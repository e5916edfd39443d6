#!/bin/sh
# The main job, shown in a lab: a server with real listeners, and what its sockets answer. SONDE is the command.
set -u
sonde=$(readlink -f "${SONDE:-build/sonde}")
capture=$(mktemp) || exit 1
trap 'rm -f "$capture"' EXIT

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
else
	bold='' plain=''
fi

show() {
	printf '\n%s$ sonde %s%s\n' "$bold" "$*" "$plain"
	"$sonde" lab run "$sonde" "$@"
}

cat <<'TEXT'
A lab: two hosts in network namespaces, client and server, and a wire between them. Nothing in it reaches the real
network. The server listens on TCP 22, 80 and 443, echoes on TCP and UDP 7, and its firewall drops TCP 81.
`>` is sent, `<` is received, and the line below says which sockets it was about, what they are, and by which rule.
TEXT
show send ip dst=server / tcp dport=80,8,81 flags=S options=mss:1460,sackok -W 300ms -w "$capture"
show send ip dst=server / udp dport=7,9 / text:hello
show send ip dst=server / icmp type=echo / text:hello
show send ip6 dst=server / tcp dport=443 flags=S
show send ip6 dst=server / icmp6 type=echo / text:hello

printf '\nThe first of these was written to a capture. Read back, a line a packet, then lossless in the notation:\n'
printf '\n%s$ sonde read FILE%s\n' "$bold" "$plain"
"$sonde" read "$capture" || exit 1
printf '\n%s$ sonde read -o packets FILE%s\n' "$bold" "$plain"
"$sonde" read -q -o packets "$capture"
printf '\nNext: sonde help, sonde help fields tcp, and man pages under docs/.\n'
