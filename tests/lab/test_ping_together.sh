#!/bin/sh
# lab: pair
# sonde ping takes an option and does what it says, or refuses it: none is passed over.
. "$LIB"

# refused PATTERN OPTION...
refused() {
	pattern=$1
	shift
	expect 2 "$*" sonde ping "$@"
	tells "$*: is told" "^sonde ping: $pattern"
	check "$*: nothing else is" test "$(echo "$out" | wc -l)" -le 3
}

refused '--tcp and --udp: one of the two' --tcp --udp -c 1 server
refused '--arp and --icmp: one of the two' --arp --icmp -c 1 server
refused '-s is the payload' --tcp -s 10 -c 1 server
refused '-s is the payload' --arp -s 10 -c 1 server
refused '-p is a port of --tcp or --udp' -p 80 -c 1 server
refused '--ttl is in the IP header' --arp --ttl 3 -c 1 server
refused '--tos is in the IP header' --arp --tos 0 -c 1 server
refused '--df is in the IP header' --arp --df -c 1 server
refused '--rate and -i: one of the two' --rate 10 -i 1 -c 1 server
refused '-4 and -6: one of the two' -4 -6 -c 1 server
refused '-q and -v: one of the two' -q -v -c 1 server
refused '--names and -n: one of the two' -n --names -c 1 server
refused "target '10.0.0.2': an IPv4 address, and IPv6" --source fd00::1 -c 1 10.0.0.2
refused '--source is an IPv6 address, and -4' --source fd00::1 -4 -c 1 server
refused '--arp asks for IPv4 addresses, and --source for IPv6' --arp --source fd00::1 -c 1 server
for other in --json --dry-run '-w -' '--report 1' -v; do
	refused '--live and ' --live $other -c 1 server
done
for other in -H --names -v; do
	refused "--json and $other: one" --json $other -c 1 server
	refused "-w - and $other: one" -w - $other -c 1 server
	refused "--dry-run and $other: one" --dry-run $other -c 1 server
done
refused '-w - and --report: one' -w - --report 1 -c 1 server
refused '--dry-run and --report: one' --dry-run --report 1 -c 1 server
refused '--json and -w - both want stdout' --json -w - -c 1 server

# What belongs together.
check 'the same kind twice' sonde ping --tcp --tcp -c 1 server
check 'a rate of several targets, and an interval of rounds' sonde ping --rate 1000 -i 20ms -c 2 10.0.0.1-2
check 'a source of IPv6' sonde ping --source fd00::1 -c 1 server
tells 'chooses the family of a name' '^PING server (fd00::2)'
check 'JSON with -q' sonde ping --json -q -c 1 server
check 'leaves out what -q leaves out' sh -c '! echo "$0" | grep -q "\"type\":\"reply\"" && echo "$0" | grep -q "\"type\":\"target\""' "$out"
check 'the time of a file, and a report' sonde ping -q --report 10ms -c 3 -i 20ms -w /dev/null 10.0.0.2
tells 'is told' '^10.0.0.2 : [0-9]* sent'
