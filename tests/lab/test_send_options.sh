#!/bin/sh
# lab: pair
# sonde send honours each option, or refuses it with the option that excludes it, and sends nothing then.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

check 'a capture' sonde send -w "$tmp/c.pcapng" ip dst=server / icmp

# refused PATTERN ARGUMENT...
refused() {
	pattern=$1
	shift
	expect 2 "refused: $(echo "$*" | sed "s,$tmp/,,")" sonde send "$@"
	tells 'with the reason' "$pattern"
	check 'and nothing is sent' test "${out#*>}" = "$out"
}

refused '--source is an IPv6 address, and ip src takes none' --source fd00::1 ip dst=server / icmp
refused '--source is an IPv4 address, and ip6 src takes none' --source 10.0.0.1 ip6 dst=server / icmp6
refused '--source is an IPv6 address, and arp spa takes none' --source fd00::1 ether / arp op=request tpa=10.0.0.2
refused '--source is an IPv6 address' --dry-run --source fd00::1 ip dst=10.0.0.2 / icmp
refused '--source is an IPv6 address' --source fd00::1 ip dst=10.0.0.2 / udp dport=1-20
refused 'have their source' -r "$tmp/c.pcapng" --source 10.0.0.1
refused '-4 and -6' -4 -6 ip dst=server / icmp
refused '-6 lets only' -6 ether / arp op=request tpa=10.0.0.2
refused '--no-wait waits for no answers, and --replies' --replies all --no-wait ip dst=server / icmp
refused '--no-wait waits for no answers, and --expect' --expect none --no-wait ip dst=server / icmp
refused '--no-wait waits for none' -W 1s --no-wait ip dst=server / icmp
refused '-r without --replies waits for none' -W 1s -r "$tmp/c.pcapng"
refused 'with --replies N' --expect none -r "$tmp/c.pcapng"
refused 'sets of a packet' --zip -r "$tmp/c.pcapng"
refused '-i and --rate' -i 1 --rate 10 ip dst=server / icmp
refused '-i and --rate' -i 1 --rate original -r "$tmp/c.pcapng"
refused '-o and --json' --json -o packets ip dst=server / icmp
refused '-o and --json' -o text --json ip dst=server / icmp
refused '-q leaves out the packets' -q -o packets ip dst=server / icmp
refused '-o and -w - both' -o packets -w - ip dst=server / icmp
refused '--json and -w - both' --json -w - ip dst=server / icmp

check 'a source of the family' sonde send --source 10.0.0.1 ip dst=server / icmp
tells 'is the packet'\''s' '^> ip .*src=10.0.0.1 '
check 'a source beside a packet that says its own' sonde send --source 10.0.0.1 ip src=10.0.0.1 dst=server / icmp
check 'an error that quotes a packet' sonde send --no-wait --source 10.0.0.1 ip dst=server / icmp type=unreach code=port / ip / udp dport=9
