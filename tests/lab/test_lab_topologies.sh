#!/bin/sh
# The built-in topologies and topology files: everybody is reached, by the way that the drawing shows, and what is said
# to be filtered is.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# echoes ADDRESS: what is said to tcp port 7 comes back.
echoes='exec 3<>/dev/tcp/$0/7 && echo hello >&3 && read -r -t 5 answer <&3 && test "$answer" = hello'

# reached TOPOLOGY IPV4 IPV6: of the server.
reached() {
	check "$1: the server is reached over IPv4" "$SONDE" lab run -t "$1" timeout 5 bash -c "$echoes" "$2"
	check "$1: and over IPv6" "$SONDE" lab run -t "$1" timeout 5 bash -c "$echoes" "$3"
}

reached pair 10.0.0.2 fd00::2
reached lan:5 10.0.0.2 fd00::2
reached line:1 10.0.1.2 fd00:0:0:1::2
reached line:5 10.0.5.2 fd00:0:0:5::2
reached diamond 10.0.5.2 fd00:0:0:5::2
reached firewall 10.0.1.2 fd00:0:0:1::2
reached nat 10.0.2.2 fd00:0:0:2::2
reached blackhole 10.0.2.2 fd00:0:0:2::2
reached wide 198.18.7.9 2001:2::77

check 'wide: the address that was asked answers datagrams' "$SONDE" lab run -t wide bash -c '
	for address in 198.18.7.9 2001:2::77; do
		exec 3<>/dev/udp/$address/7 && echo hello >&3 && test "$(timeout 5 head -n 1 <&3)" = hello || exit 1
	done'

# hops FAMILY TOPOLOGY: the routers on the way, as Debian's traceroute sees them.
hops() {
	"$SONDE" lab run -t "$2" traceroute "-$1" -n server | awk 'NR > 1 { printf "%s%s", sep, $2; sep = " " }'
}

if has traceroute; then
	check 'traceroute sees five routers' test "$(hops 4 line:5)" = '10.0.0.2 10.0.1.2 10.0.2.2 10.0.3.2 10.0.4.2 10.0.5.2'
	check 'and with IPv6' test "$(hops 6 line:5)" = \
		'fd00::2 fd00:0:0:1::2 fd00:0:0:2::2 fd00:0:0:3::2 fd00:0:0:4::2 fd00:0:0:5::2'
	check 'both ways of the diamond are seen' "$SONDE" lab run -t diamond sh -c '
		for i in $(seq 10); do traceroute -n -q 10 server; done >"$0"
		grep -q 10.0.1.2 "$0" && grep -q 10.0.2.2 "$0"' "$tmp/trace"
else
	skip 'traceroute sees five routers' 'no traceroute here'
fi

lab() {
	topology=$1
	shift
	timeout 10 "$SONDE" lab run -t "$topology" "$@"
}

connect='exec 3<>/dev/tcp/$0/$1'
for address in 10.0.1.2 fd00:0:0:1::2; do
	expect 124 "$address tcp 81: dropped" lab firewall timeout 0.3 bash -c "$connect" $address 81
	for port in 82:refused 83:refused 84:'no route\|denied'; do
		expect 1 "$address tcp ${port%%:*}: rejected" lab firewall bash -c "$connect" $address "${port%%:*}"
		check "as ${port#*:}" sh -c 'echo "$0" | grep -qi "$1"' "$out" "${port#*:}"
	done
done
# told FAMILY PORT TEXT: what `sonde connect` says of a port behind the firewall.
told() {
	out=$(lab firewall sonde connect "-$1" -W 300ms server "$2" 2>&1)
	check "-$1 tcp $2: $3" sh -c 'echo "$0" | grep -q ":$1: $2"' "$out" "$2" "$3"
}
for family in 4 6; do
	told $family 81 'no answer: timed out'
	told $family 82 'connection refused'
	told $family 83 'connection refused'
done
told 4 84 'host unreachable'
told 6 84 'forbidden'

if has ping; then
	check 'what is over a limit is dropped' lab firewall sh -c '
		ping -n -c 60 -i 0.01 -W 1 server | sed -n "s/.* \([0-9]*\) received.* time \([0-9]*\)ms/\1 \2/p" |
			awk "{ print; exit !(\$1 >= 5 && \$1 < 60 && \$1 <= 10 + \$2 / 200) }"'
	check 'the server sees the address of the nat' lab nat sh -c '
		ip netns exec server nft "add table ip t; add chain ip t c { type filter hook input priority 0; };
			add rule ip t c ip saddr 10.0.1.1 counter accept; add rule ip t c drop"
		ping -n -c 1 -W 2 server'
	expect 1 'nobody gets in through it' lab nat ip netns exec server ping -n -c 1 -W 1 10.0.0.1
	check 'small packets pass the black hole' lab blackhole ping -4 -n -c 1 -W 2 -M do -s 1372 server
	expect 1 'large ones vanish' lab blackhole ping -4 -n -c 1 -W 1 -M do -s 1373 server
	check 'without a word' sh -c '! echo "$0" | grep -i "frag\|too long"' "$out"
	check 'and with IPv6' lab blackhole ping -6 -n -c 1 -W 2 -M do -s 1352 server
	expect 1 'too' lab blackhole ping -6 -n -c 1 -W 1 -M do -s 1353 server
else
	skip 'limits, nat, black hole' 'no ping here'
fi

cat >"$tmp/net" <<'NET'
# A network in a file.
host a 192.0.2.1/24 2001:db8::1/64
switch s
router r
host b
link a s
link s r mtu 1300
link r b
listen b tcp 7
route b 203.0.113.0/24 local
route r 203.0.113.0/24 via 10.0.1.2
filter b drop ip src=192.0.2.1 / tcp dport=99,101-103
filter b reset ip6 src=a / tcp flags=S dport=98
run b : >/run/was-run
NET
check 'a file: written addresses' lab "$tmp/net" sh -c 'ip address | grep -q 192.0.2.1/24 && test "$(hostname)" = a'
check 'a file: the way' lab "$tmp/net" timeout 5 bash -c "$echoes" b
check 'a file: written routes' lab "$tmp/net" timeout 5 bash -c "$echoes" 203.0.113.9
expect 124 'a file: filters by address' lab "$tmp/net" timeout 0.3 bash -c "$connect" 10.0.1.2 102
expect 1 'a file: and no further' lab "$tmp/net" bash -c "$connect" 10.0.1.2 104
expect 1 'a file: names in filters' lab "$tmp/net" bash -c "$connect" b 98
check 'a file: MTU' lab "$tmp/net" ip netns exec r sh -c 'ip link show eth0 | grep -q "mtu 1300"'
check 'a file: commands are run' lab "$tmp/net" sh -c '
	for i in $(seq 100); do test -e /run/was-run && exit; sleep 0.05; done; exit 1'

# What patterns can say that sets cannot: a port that is filtered is silent, any other one refuses.
cat >"$tmp/patterns" <<'NET'
host a
host b
link a b
filter b drop ip / tcp dport=2000-
filter b drop ip / tcp dport!=1000-1999,2000-
filter b drop ip6 / tcp flags=+S-A dport=1500
filter b drop ip6 / tcp flags=+SA dport=1600
NET
for port in 2000 2001 65535 999 1; do
	expect 124 "tcp $port is in the pattern" lab "$tmp/patterns" timeout 0.3 bash -c "$connect" 10.0.0.2 $port
done
for port in 1000 1500 1999; do
	expect 1 "tcp $port is not" lab "$tmp/patterns" timeout 5 bash -c "$connect" 10.0.0.2 $port
done
expect 124 'a SYN is in the pattern of flags' lab "$tmp/patterns" timeout 0.3 bash -c "$connect" fd00::2 1500
expect 1 'and not in that of a SYN+ACK' lab "$tmp/patterns" timeout 5 bash -c "$connect" fd00::2 1600
printf 'host a\nfilter a drop tcp options=mss:-1400\n' >"$tmp/bad"
expect 125 'a pattern that nftables cannot match' lab "$tmp/bad" true
says 'is named' "sonde lab run: $tmp/bad, line 2: nftables cannot match tcp options (a filter takes values, sets, ranges and flags of fields at a fixed place)"

# 250 hosts, unless the kernel's limits are lower, which are named.
check 'lan:249, with its switch 250 hosts' "$SONDE" lab run -t lan:249 sh -c 'test "$(ip netns list | wc -l)" = 250'
check 'line:63: the usual TTL is enough' "$SONDE" lab run -t line:63 timeout 10 bash -c "$echoes" server
if [ "$(id -u)" -eq 0 ] && unshare -Ur true 2>/dev/null; then
	limit='echo 5 >/proc/sys/user/max_net_namespaces && exec "$0" lab run -t lan:5 true'
	expect 125 'too many networks' unshare -Ur sh -c "$limit" "$SONDE"
	says 'name the limit' 'sonde lab run: the kernel allows this user no more namespaces (sysctl user.max_net_namespaces sets the limit)'
else
	skip 'too many networks' 'not root, or in a chroot, where there are no user namespaces'
fi

printf 'host a\nhost b\nlink a c\n' >"$tmp/bad"
expect 125 'a mistake in a file' lab "$tmp/bad" true
says 'is told with its line' "sonde lab run: $tmp/bad, line 3: no host 'c' in topology '$tmp/bad'"
expect 125 'no such file' lab "$tmp/none" true
says 'is told' "sonde lab run: cannot read topology '$tmp/none': No such file or directory"
expect 125 'not a text' lab "$(command -v true)" true
