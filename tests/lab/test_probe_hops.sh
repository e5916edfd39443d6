#!/bin/sh
# sonde probe of an on-link network that is mostly empty: it asks for link addresses itself, again where requests are
# lost, and does not depend on the kernel's neighbour table, which holds 1024.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
printf 'host client\nhost server\nlink client server\nlisten server tcp 22\n' >"$tmp/net"
# probe COMMAND...: in a lab whose server has addresses in 10.1.0.0/20 and fd00:1::/116, with the counts of its requests.
cat >"$tmp/setup" <<'E2'
ip addr add 10.1.0.1/20 dev eth0
ip addr add fd00:1::1/64 dev eth0 nodad
ip -n server addr add 10.1.7.7/20 dev eth1 2>/dev/null || ip -n server addr add 10.1.7.7/20 dev eth0
ip -n server addr add fd00:1::777/64 dev eth1 nodad 2>/dev/null || ip -n server addr add fd00:1::777/64 dev eth0 nodad
"$@"
status=$?
echo "neighbours $(ip neigh | wc -l)"
exit $status
E2
lab() {
	"$SONDE" lab run -t "$tmp/net" sh "$tmp/setup" "$@"
}

start=$(date +%s%N)
expect 0 '4094 addresses, of which two are there' lab "$SONDE" probe --json 10.1.0.0/20 -p 22
took=$((($(date +%s%N) - start) / 1000000))
tells 'the two are found' '"type":"summary".*"open":1,"closed":1,'
tells 'the others are down' '"type":"summary".*"down":4092'
tells 'the kernel is not bothered' '^neighbours [0-9]$'
in_time 'that takes' "$took" 6000
expect 0 '4096 addresses of IPv6' lab "$SONDE" probe --json fd00:1::/116 -p 22
tells 'what is there is found' '"type":"summary".*"open":1,'
tells 'and the others are down' '"type":"summary".*"down":409[45],'

# A request is answered with a chance of one in two.
printf 'host client\nhost server\nlink client server loss 30%%\nlisten server tcp 22\n' >"$tmp/net"
found=0
for seed in 1 2 3 4 5; do
	"$SONDE" lab run --seed $seed -t "$tmp/net" "$SONDE" probe -4 --json server -p 22 | grep -q '"state":"open"' &&
		found=$((found + 1))
done
check 'lost requests are sent again' test $found -ge 4

# The answer comes late: the host that is asked wakes up.
cat >"$tmp/late" <<'E2'
ip -n server link set eth0 arp off 2>/dev/null
( sleep 0.6; ip -n server link set eth0 arp on ) &
"$SONDE" probe -4 --json server -p 22
wait
E2
printf 'host client\nhost server\nlink client server\nlisten server tcp 22\n' >"$tmp/net"
check 'a host that tells its address late' sh -c '"$0" lab run -t "$1" sh "$2" | grep "\"state\":\"open\""' "$SONDE" \
	"$tmp/net" "$tmp/late"
# ping leaves the packet to the kernel, which asks once a second: ping asks again before.
cat >"$tmp/ping" <<'E2'
ip -n server link set eth0 arp off
( sleep 0.4; ip -n server link set eth0 arp on ) &
"$SONDE" ping -4 -c 1 -W 900ms server
wait
E2
check 'ping: a host that tells its address late' "$SONDE" lab run -t "$tmp/net" sh "$tmp/ping"
tells 'has answered in time' '^64 bytes from 10.0.0.2: seq=1 .*(arp '
