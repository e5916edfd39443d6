#!/bin/sh
# What a router's filter drops is what `sonde read --match` finds with the same pattern: the two are one language.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
cat >"$tmp/open" <<'END'
host client
router r
host server
link client r
link r server
END
cat >"$tmp/packets" <<'END'
ip dst=server ttl=2 / udp sport=4000 dport=53,54,99,100,103
ip dst=server ttl=3,5,6,10,11 / udp sport=4001 dport=200
ip dst=server flags=DF tos=4 / udp sport=4002 dport=300
ip dst=server options=ra:0 / udp sport=4003 dport=301
ip dst=server / tcp sport=4000 dport=81,99,100,103,1023,1024 flags=S
ip dst=server / tcp sport=4001 dport=400 flags=A,S,SE,SA,FPU,SF
ip dst=server / icmp type=echo id=1,9,300 seq=1
ip dst=server / icmp type=echo id=7 code=3
END
# sent FILE TOPOLOGY: send all of them, and write what passes to the file.
sent() {
	"$SONDE" lab run -q -t "$2" -w "$1" "$SONDE" send -q --no-wait --seed 1 -f "$tmp/packets"
}
# arrived FILE PATTERN: identifications of those that the router lets pass, and match.
arrived() {
	"$SONDE" read -q "$1" --match "$2" -T frame.iface,frame.dir,ip.id -- src 10.0.0.1 and dst 10.0.1.2 |
		sed -n 's/^r.eth1\tout\t//p' | sort
}

expect 0 'without a filter' sent "$tmp/all.pcapng" "$tmp/open"
arrived "$tmp/all.pcapng" ip >"$tmp/all"
check 'all arrive' test "$(wc -l <"$tmp/all")" -eq 28
while IFS= read -r pattern; do
	{ cat "$tmp/open" && echo "filter r drop $pattern"; } >"$tmp/closed"
	arrived "$tmp/all.pcapng" "$pattern" >"$tmp/match"
	sent "$tmp/some.pcapng" "$tmp/closed"
	arrived "$tmp/some.pcapng" ip >"$tmp/passed"
	check "$pattern" sh -c 'test -s "$0/match" && sort "$0/match" "$0/passed" | cmp - "$0/all"' "$tmp"
done <<'END'
udp dport=53,100-103
udp dport!=53,100-
tcp dport=-99,1024-
tcp flags=+S-A
tcp flags!=+S-A
tcp flags=S,SA
ip ttl=1-10:4 / udp
ip ihl=6-
ip tos=1-
icmp type=echo code!=3
icmp id=256-
ip src=10.0.0.1 dst=10.0.1.0/24 / tcp
END
