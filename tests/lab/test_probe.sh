#!/bin/sh
# lab: pair
# sonde probe: states and rules, all ports, several hosts, this machine itself, shards, wrong input.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

# states FILE: "PROTO PORT STATE RULE" of each port.
states() {
	sed -n 's/.*"type":"port".*"proto":"\([a-z]*\)","port":\([0-9]*\),.*"state":"\([^"]*\)","rule":"\([^"]*\)".*/\1 \2 \3 \4/p' "$1"
}
# figure FILE NAME: a figure of the summary.
figure() {
	sed -n 's/.*"type":"summary".*"'"$2"'":\([0-9]*\).*/\1/p' "$1"
}

expect 0 'TCP and UDP' sh -c 'sonde probe --json server -p t:7,22,81,99,u:7,54 >"$0"' "$tmp/a"
check 'each state has its rule' test "$(states "$tmp/a")" = 'tcp 7 open syn-ack
tcp 22 open syn-ack
tcp 81 filtered no-answer
tcp 99 closed rst
udp 7 open udp-reply
udp 54 closed port-unreach'
check 'nothing is in doubt' test "$(figure "$tmp/a" doubtful)" = 0

for family in -4 -6; do
	expect 0 "all ports, $family" sh -c 'sonde probe --json $1 server -p - >"$0"' "$tmp/all" $family
	check "$family: each of them is right" test "$(states "$tmp/all" | cut -d' ' -f3- | sort | uniq -c | tr -s ' ')" = ' 65530 closed rst
 1 filtered no-answer
 4 open syn-ack'
	check "$family: and answered at once" test "$(figure "$tmp/all" answered)" = 65534
done

expect 0 'own addresses' sonde probe 10.0.0.1 127.0.0.1 ::1 -p 22,63000-63200
tells 'are asked by the loopback' '3 hosts, 606 ports: 606 closed'
expect 0 'hosts of a network' sonde probe -W 200ms 10.0.0.0/29 -p 22,99
tells 'those that are not there are down' '6 hosts, 4 ports: 1 open, 3 closed'
tells 'and told' '4 hosts down'
expect 0 'discovery' sonde probe --discover 10.0.0.0/29
tells 'finds the host' '^10.0.0.2: '
expect 0 'own addresses are discovered' sonde probe --discover --json 127.0.0.1 10.0.0.1 ::1
check 'by their echoes' test "$(echo "$out" | grep -c '"state":"up","rule":"echo-reply"')" = 3

for kind in ack fin null xmas window; do
	expect 0 "$kind" sh -c 'sonde probe --json --$1 server -p 22,99 >"$0"' "$tmp/$kind" $kind
done
check 'ack: both let it pass' test "$(states "$tmp/ack" | cut -d' ' -f3- | uniq)" = 'unfiltered ack-rst'
check 'window: Linux does not tell' test "$(states "$tmp/window" | cut -d' ' -f3- | uniq)" = 'closed rst-no-window'
for kind in fin null xmas; do
	check "$kind: silence of an open port" test "$(states "$tmp/$kind")" = 'tcp 22 open|filtered no-answer
tcp 99 closed rst'
done
expect 0 'sctp' sonde probe --sctp server -p 80
tells 'has a rule, too' 'proto-unreach'

# A host that sends ten ICMP errors a second, and drops two ports: those that it closes are told from those that it drops.
if [ "$(id -u)" -eq 0 ]; then
	server() { ip netns exec server "$@"; }
	server nft -f - <<-'NFT'
	table inet mute { chain in { type filter hook input priority 0;
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; drop; }; }
	NFT
	ip neigh replace 10.0.0.5 dev eth0 lladdr 02:00:00:00:00:05 nud reachable
	expect 0 'a host that drops all IP' sonde probe -W 200ms --discover --json 10.0.0.2 fd00::2 10.0.0.5
	tells 'is up by its link address' '"target":"10.0.0.2".*"state":"up","rule":"arp-reply"'
	tells 'IPv6: too' '"target":"fd00::2".*"state":"up","rule":"neighbour-advert"'
	tells 'one that is gone is down, whatever the kernel remembers' '"target":"10.0.0.5","down":true'
	ip neigh del 10.0.0.5 dev eth0
	server nft delete table inet mute
	server sysctl -qw net.ipv4.icmp_ratelimit=100 net.ipv4.icmp_ratemask=6168
	server nft -f - <<-'NFT'
	table ip probe { chain in { type filter hook input priority 0; udp dport { 1005, 1010 } drop; }; }
	NFT
	expect 0 'limited errors' sh -c 'sonde probe -4 --json server -p u:1001-1030 >"$0"' "$tmp/udp"
	check 'each closed port is proved' test "$(states "$tmp/udp" | grep -c 'closed port-unreach')" = 28
	check 'and what is silent is so' test "$(states "$tmp/udp" | grep -v closed | tr '\n' ' ')" = \
		'udp 1005 open|filtered no-answer udp 1010 open|filtered no-answer '
	check 'without a doubt' test "$(figure "$tmp/udp" doubtful)" = 0
	check 'the limit was measured' sh -c '
		n=$(sed -n "s/.*\"icmp_every_ns\":\([0-9]*\).*/\1/p" "$0"); [ "$n" -gt 50000000 ] && [ "$n" -lt 200000000 ]' "$tmp/udp"
	server sysctl -qw net.ipv4.icmp_ratelimit=1000
	expect 1 'a deadline' sh -c 'sonde probe -4 --json --deadline 4s server -p u:1001-1030 >"$0"' "$tmp/udp"
	check 'leaves doubts that say why' grep -q '"doubt":"icmp-limited"' "$tmp/udp"
	server sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_ratemask=0
	server nft delete table ip probe
else
	skip 'limited errors' 'not root'
fi

# The shards of one seed ask each port once.
for shard in 1 2 3; do
	sonde probe --json --seed 5 --shard $shard/3 server -p 1-1000 >"$tmp/shard$shard"
done
check 'shards are the whole' test "$(cat "$tmp"/shard? | grep -c '"type":"port"')" = 1000
check 'without a port twice' test "$(for n in 1 2 3; do states "$tmp/shard$n"; done | sort -u | wc -l)" = 1000

expect 0 'every frame is kept' sonde probe -q -w "$tmp/w.pcapng" server -p 22,99
check 'with its verdict' sh -c 'sonde read -o packets "$0" | grep -q "comment=.*syn-ack"' "$tmp/w.pcapng"

expect 0 'a dry run' sonde probe --dry-run 192.0.2.0/30 -p 22
tells 'shows packets' '^> ip .*dst=192.0.2.1 / tcp .*dport=22 .*flags=S options=mss:1460'

expect 2 'no target' sonde probe
expect 2 'no port' sonde probe server -p 99999
tells 'is quoted' "'99999': not a port"
expect 2 'backwards' sonde probe server -p 9-1
expect 2 'two kinds' sonde probe --syn --ack server
expect 2 'a shard that is none' sonde probe --shard 4/3 server
expect 2 'hosts have no ports' sonde probe --discover server -p 22
expect 2 'public addresses need consent' env -u SONDE_LAB sonde probe 8.8.0.0/16 -p 22
tells 'which is named' 'authorised'
