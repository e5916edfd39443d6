#!/bin/sh
# lab: pair
# Names of hosts in a filter for files: a name server is asked once for each, whatever the number of link types.
. "$LIB"
has nft || skip_all 'no nft(8) to count with'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
capture=captures/tcp.pcapng

# A server that refuses at once: each question is a datagram or two. Labs ask no servers of their own accord.
echo 'hosts: files dns' >"$tmp/nsswitch.conf"
echo 'nameserver 10.0.0.2' >"$tmp/resolv.conf"
echo 'options attempts:1 timeout:1' >>"$tmp/resolv.conf"
mount --bind "$tmp/resolv.conf" /etc/resolv.conf 2>/dev/null &&
	mount --bind "$tmp/nsswitch.conf" /etc/nsswitch.conf || skip_all 'no resolv.conf(5) can be mounted here'
nft -f - <<'RULES'
table inet asked {
	counter names { }
	chain output {
		type filter hook output priority 0;
		udp dport 53 counter name names
	}
}
RULES
asked() {
	nft list counter inet asked names | sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

expect 2 'a name that no server knows' "$SONDE" read -q --count "$capture" -- host nosuch.example
tells 'is told' "filter 'host nosuch.example': unknown host"
check "is asked for once: $(asked) datagrams" sh -c 'test "$0" -ge 1 && test "$0" -le 4' "$(asked)"
nft reset counters >/dev/null
check 'an address' "$SONDE" read -q --count "$capture" -- host 10.0.0.2 or net fd00::/64 or host fd00::2 or port domain
check 'is not asked for' test "$(asked)" -eq 0
check 'a name of this lab' "$SONDE" read -q --count -w "$tmp/named" "$capture" -- host server
"$SONDE" read -q -o packets "$capture" -- host 10.0.0.2 or host fd00::2 >"$tmp/by-address"
"$SONDE" read -q -o packets "$capture" -- host server >"$tmp/by-name"
check 'stands for its addresses, of either family' cmp "$tmp/by-address" "$tmp/by-name"
