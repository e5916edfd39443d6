#!/bin/sh
# sonde probe --cross-check: verdicts about this machine's own addresses beside its sockets.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cat >"$tmp/net" <<'NET'
host client
host server
link client server
listen server tcp 22,80
listen server udp 7,9
NET
cat >"$tmp/rules" <<'RULES'
table inet turn {
	chain output {
		type nat hook output priority -100;
		tcp dport 81 redirect to :80
	}
	chain input {
		type filter hook input priority 0;
		udp dport 9 reject
	}
}
RULES
own() {
	"$SONDE" lab run -t "$tmp/net" --at server sh -c "nft -f '$tmp/rules' && exec \"\$@\"" - "$SONDE" probe \
		--cross-check "$@"
}
expect 0 'what agrees' own 127.0.0.1 ::1 -p 22,23,80,u:7,u:8
expect 1 'what differs, IPv4' own 10.0.0.2 -p 22,81,u:7,u:9
tells 'open without a socket' '^10.0.0.2 81/tcp open here, but no socket listens (DNAT, or another namespace?)'
tells 'closed in spite of one' '^10.0.0.2 9/udp closed here, but a socket listens (firewall?)'
check 'and nothing else' test "$(echo "$out" | grep -c 'here, but')" = 2
expect 1 'IPv6, in JSON' own --json ::1 -p 81
tells 'says the same' '"type":"difference",.*"target":"::1","proto":"tcp","port":81,"state":"open","listens":false'
expect 1 'by connect(2), too' own --connect 127.0.0.1 -p 22,81
expect 2 'an address of another machine' own 10.0.0.1 -p 22
tells 'is refused by name' '10.0.0.1 is not one of its addresses'
