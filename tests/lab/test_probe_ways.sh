#!/bin/sh
# sonde probe over links that lose and duplicate frames, through a NAT, to a host that opens everything and to hosts that
# are not there: each verdict is right; and what it counted agrees with what the server counted.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# net OPTION...: two hosts whose link has these options.
net() {
	printf 'host client\nhost server\nlink client server %s\nlisten server tcp 7,22\nfilter server drop tcp dport=81\n' \
		"$*" >"$tmp/net"
}
# probe TOPOLOGY OPTION...: how many ports have each state, rule and doubt.
probe() {
	topology=$1
	shift
	"$SONDE" lab run --seed "${seed:-1}" -t "$topology" "$SONDE" probe --json "$@" >"$tmp/json"
}
verdicts() {
	sed -n 's/.*"type":"port".*"state":"\([^"]*\)","rule":"\([^"]*\)"\(,"doubt":"[^"]*"\)*.*/\1 \2\3/p' "$tmp/json" |
		sort | uniq -c | tr -s ' \n' ' '
}
figure() {
	sed -n 's/.*"type":"summary".*"'"$1"'":\([0-9]*\).*/\1/p' "$tmp/json"
}

# Of ports 1 to 200. Where much is lost, the silent one may be doubted as lossy.
# Seed 7 also loses the first request for the server's link address.
truth=' 197 closed rst 1 filtered no-answer 2 open syn-ack '
runs=${RUNS:-2}
for loss in 1 10; do
	net loss $loss%
	right=0
	for seed in $(seq 7 $((6 + runs))); do
		for family in -4 -6; do
			probe "$tmp/net" $family server -p 1-200 && [ "$(verdicts | sed 's/,"doubt":"lossy"//')" = "$truth" ] &&
				right=$((right + 1))
		done
	done
	check "loss of $loss %: $runs runs of $runs are right, IPv4 and IPv6" test $right = $((2 * runs))
done

net duplicate 50%
for family in -4 -6; do
	probe "$tmp/net" $family server -p 1-200
	check "duplicates, $family: each verdict is right" test "$(verdicts)" = "$truth"
	check "duplicates, $family: are counted" test "$(figure duplicates)" -gt 50
	check "duplicates, $family: and asked for no second time" test "$(figure sent)" -le 230
done

probe nat -4 server -p 7,22,99
check 'NAT: each verdict is right' test "$(verdicts)" = ' 1 closed rst 2 open syn-ack '
# IPv6: the server takes no SYN that does not come from the router.
printf 'host client\nrouter r\nhost server\nlink client r\nlink r server\nlisten server tcp 7,22\n' >"$tmp/behind"
cat >"$tmp/nat6" <<'NFT'
ip netns exec r nft 'table ip6 nat { chain out { type nat hook postrouting priority 100; oif eth1 masquerade; }; }' &&
ip netns exec server nft 'table ip6 own { chain in { type filter hook input priority 0;
	ip6 saddr != fd00:0:0:1::/64 tcp flags syn drop; }; }' && "$SONDE" probe --json -6 server -p 7,22,99
NFT
"$SONDE" lab run -t "$tmp/behind" sh "$tmp/nat6" >"$tmp/json"
check 'NAT of IPv6: each verdict is right' test "$(verdicts)" = ' 1 closed rst 2 open syn-ack '
probe line:1 -4 10.0.1.77 -p 22
check 'a host that a router does not find is filtered' grep -q '"state":"filtered"' "$tmp/json"
probe line:1 -6 fd00:0:0:1::77 -p 22
check 'IPv6: too' grep -q '"state":"filtered"' "$tmp/json"

cat >"$tmp/proxy" <<'NFT'
table inet proxy { chain in { type nat hook prerouting priority -100; tcp dport 1-65535 redirect to :7; }; }
NFT
for family in -4 -6; do
	"$SONDE" lab run sh -c 'ip netns exec server nft -f "$0" && "$SONDE" probe --json $1 server -p 1-500' "$tmp/proxy" \
		$family >"$tmp/json"
	check "a proxy, $family: opens everything, and is doubted" test "$(verdicts)" = \
		' 500 open syn-ack,"doubt":"proxy" '
	check "a proxy, $family: which is counted" test "$(figure doubtful)" = 500
done

# The server's counters beside the summary: every packet that was sent, and every RST of this machine's kernel.
cat >"$tmp/counts" <<'E2'
ip netns exec server nft -f - <<'NFT'
table inet counts { chain in { type filter hook input priority -200;
	tcp flags & (syn|ack) == syn counter; tcp flags & rst == rst counter; }; }
NFT
"$SONDE" probe --json $1 server -p 1-1000 || exit
ip netns exec server nft list table inet counts | sed -n 's/.*counter packets \([0-9]*\) .*/counted \1/p'
E2
for family in -4 -6; do
	"$SONDE" lab run sh "$tmp/counts" $family >"$tmp/json"
	check "$family: sent and kernel_resets agree with the server's counters" test \
		"$(sed -n 's/^counted //p' "$tmp/json" | tr '\n' ' ')" = "$(figure sent) $(figure kernel_resets) "
done
