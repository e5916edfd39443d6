#!/bin/sh
# A thousand UDP ports of a host with Linux's limit for ICMP errors, six at once and then one a second, two of them open:
# sonde and nmap side by side, each in a lab of its own, for a quarter of an hour. PORTS=40000-40059 makes it fewer. BUILD
# is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
PATH=$PWD/${BUILD:-build}:$PATH:/usr/sbin
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 777 "$tmp"
ports=${PORTS:-40000-40999}
LIB=$PWD/tests/bench/lib.sh
export LIB ports
. "$LIB"

cat >"$tmp/net" <<'E2'
host client
host server
link client server
listen server udp 40007,40008
E2
cat >"$tmp/sonde" <<'E2'
. "$LIB"
ip netns exec server sysctl -qw net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168
took sonde probe --json 10.0.0.2 -p "u:$ports" >"$tmp/seconds"
awk -F'"' -v s="$(cat "$tmp/seconds")" '/"type":"port"/ {
		state = doubt = ""
		for (i = 2; i < NF; i += 2) {
			if ($i == "state") state = $(i + 2)
			if ($i == "doubt") doubt = " (" $(i + 2) ")"
			if ($i == "port") { port = $(i + 1); gsub(/[:,]/, "", port) }
		}
		n[state doubt]++
		wrong += state == "closed" && (port == 40007 || port == 40008)
	}
	END {
		printf "  sonde    %7.1f s  ", s
		for (state in n) printf " %d %s", n[state], state
		printf "; %d open ports are called closed\n", wrong
	}' "$tmp/out"
E2
cat >"$tmp/nmap" <<'E2'
. "$LIB"
ip netns exec server sysctl -qw net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168
took timeout 1800 nmap -n -Pn -sU -p "$ports" 10.0.0.2 >"$tmp/seconds"
awk -v s="$(cat "$tmp/seconds")" '
	$1 == "Not" && $4 == "closed" { n += $3 } /^[0-9].* closed / { n++ }
	END { printf "  nmap     %7.1f s   %d closed\n", s, n }' "$tmp/out"
E2
echo "UDP: ports $ports of a host that limits its ICMP errors"
for who in sonde nmap; do
	command -v $who >/dev/null || continue
	mkdir "$tmp/$who.d"
	tmp=$tmp/$who.d sonde lab run -t "$tmp/net" sh "$tmp/$who" >"$tmp/$who.out" 2>&1 &
done
wait
cat "$tmp"/*.out
