#!/bin/sh
# lab: pair
# sonde probe --set: what is written over every packet, and what answers are told by.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

for words in 'tcp' 'ack --ack' 'window --window' 'fin --fin' 'null --null' 'xmas --xmas'; do
	name=${words%% *} kind=${words#"$name"}
	# shellcheck disable=SC2086 # no word, or one
	expect 0 "$name" sonde probe -4 $kind server -p 22,99 --set 'ip tos=4 / tcp window=512' -w "$tmp/$name.pcapng"
done
expect 0 'what left is as it was to be' sonde read "$tmp/tcp.pcapng" --match 'ip tos=4 / tcp window=512 flags=S' --count
tells 'each of it' '^2$'
expect 0 'UDP, with a payload of its own' sonde probe -6 --udp server -p 7,54 --set 'ip6 hlim=9' --json
tells 'answers are told' '"port":7,.*"state":"open"'
tells 'errors, too' '"port":54,.*"state":"closed"'
expect 0 'SCTP' sonde probe -4 --sctp server -p 80 --set 'ip ttl=9'
expect 0 'options of TCP' sonde probe -4 server -p 22 --set 'tcp options=mss:536,sackok'
expect 0 'echoes with data' sonde probe --discover 10.0.0.2 --set 'icmp / text:hello'

expect 0 'packets are shown' sonde probe --dry-run server -4 -p 22,99 --set 'ip ttl=7'
tells 'as they would be' 'ip.* ttl=7 .*dport=22'
for packet in 'ip dst=10.0.0.9' 'tcp sport=53' 'tcp seq=1' 'tcp flags=SF' 'tcp dport=1-9' 'tcp / text:data'; do
	expect 2 "$packet" sonde probe -4 server -p 22 --set "$packet"
	tells "$packet is told" '--set'
	expect 2 "$packet, a dry run" sonde probe -4 --dry-run server -p 22 --set "$packet"
done
expect 2 'connect(2) writes its packets itself' sonde probe --connect server -p 22 --set 'ip tos=4'
expect 2 'nothing is sent by --merge' sonde probe --merge "$tmp/tcp.pcapng" --set 'ip tos=4'
expect 2 'nonsense' sonde probe server -p 22 --set 'ip nonsense=1'

expect 0 'a run that is kept' sonde probe -4 server -p 22,99 --resume "$tmp/state" --set 'ip tos=4'
expect 2 'is no other one' sonde probe -4 server -p 22,99 --resume "$tmp/state" --set 'ip tos=8'
expect 0 'but the same' sonde probe -4 server -p 22,99 --resume "$tmp/state" --set 'ip tos=4'
