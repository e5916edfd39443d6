#!/bin/sh
# The main job, shown in a lab: a server with real listeners, and what its sockets answer. SONDE is the command.
set -u
sonde=$(readlink -f "${SONDE:-build/sonde}")
capture=$(mktemp) || exit 1
trap 'rm -f "$capture"' EXIT

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') normal=$(printf '\033[0m')
else
	bold='' normal=''
fi

# Lines over 100 columns go on in the next one, indented.
wrap() {
	awk '{
		for (line = $0; length(line) > 100; line = "      " substr(line, cut + 1)) {
			for (cut = 100; cut > 10 && substr(line, cut, 1) != " "; cut--)
				;
			print substr(line, 1, cut - 1)
		}
		print line
	}'
}

# show SHOWN [REST...]: show a command and run it, with the rest of its arguments not shown.
show() {
	shown=$1
	shift
	printf '\n%s$ sonde %s%s\n' "$bold" "$shown" "$normal"
	out=$("$sonde" lab run "$sonde" $shown "$@" 2>&1)
	printf '%s\n' "$out" | wrap
}

cat <<'TEXT'
A lab: two hosts in network namespaces, client and server, and a link between them. Nothing in it
reaches the real network. The server listens on TCP 22, 80 and 443, echoes on TCP and UDP 7, and
its firewall drops TCP 81. Sonde runs on the client and sends SYNs to an open port, a closed one,
and the one behind the firewall. What it sends begins with `>`, what comes back with `<`; the line
below says between which sockets that was, what it means, and by which rule.
TEXT
show 'send ip dst=server / tcp dport=80,8,81 flags=S' -W 300ms -w "$capture"
cat <<'TEXT'

Fields that are left out are computed or looked up; printed is what cannot be inferred.
`checksum=partial` is the server's: its kernel sums the addresses only and leaves the rest to the
network card, which a virtual link does not have.

Now datagrams. Port 7 echoes; on port 9 nobody listens, as ICMP says, quoting our packet.
TEXT
show 'send ip dst=server / udp dport=7,9 / text:hello'
printf '\nEcho requests, and IPv6:\n'
show 'send ip dst=server / icmp type=echo / text:hello'
show 'send ip6 dst=server / tcp dport=443 flags=S'
show 'send ip6 dst=server / icmp6 type=echo / text:hello'
cat <<'TEXT'

The SYNs were also written to a capture, with all else that passed the client's interface: the
question for the server's link address (ARP), and a reset (`flags=R`) from the client's kernel,
which knows of no connection. `read` prints a line a packet: numbers of TCP count from 0, and
`length` is that of the payload behind the headers, and 0 here: none of these packets has any.
TEXT
printf '\n%s$ sonde read FILE%s\n' "$bold" "$normal"
out=$("$sonde" read -q "$capture") || exit 1
printf '%s\n' "$out" | wrap
cat <<'TEXT'

In the notation nothing is lost: read back, these lines give the same bytes.
TEXT
printf '\n%s$ sonde read -o packets FILE%s\n' "$bold" "$normal"
out=$("$sonde" read -q -o packets "$capture") || exit 1
printf '%s\n' "$out" | wrap
printf '\nNext: sonde help, sonde help fields tcp, and man pages under docs/.\n'
