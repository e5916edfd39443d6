#!/bin/sh
# lab: wide
# sonde probe in four shards that xargs starts side by side: together they ask each socket once, and find the truth.
# NETWORK=198.18.0.0/16 PORTS=7,22,80,443,1000-1011 makes it a million sockets.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
network=${NETWORK:-198.18.0.0/21} ports=${PORTS:-22,99}
export tmp network ports

check 'xargs starts the shards' sh -c \
	'seq 4 | xargs -P 4 -I% sh -c "sonde probe --json --seed 5 --shard %/4 $network -p $ports >$tmp/%"'
check 'each is complete' test "$(cat "$tmp"/[1-4] | grep -c '"type":"summary".*"end":"complete"')" = 4
sed -n 's/.*"type":"port".*"target":"\([^"]*\)".*"port":\([0-9]*\),.*"state":"\([^"]*\)".*/\1 \2 \3/p' "$tmp"/[1-4] |
	sort >"$tmp/union"
check 'no socket is asked by two of them' test "$(cut -d' ' -f1,2 "$tmp/union" | uniq -d | wc -l)" = 0
out=$(sonde probe --dry-run --json --seed 5 "$network" -p "$ports" |
	sed -n 's/.*"type":"summary".*"packets":\([0-9]*\).*/\1/p')
says 'and each by one' "$(wc -l <"$tmp/union")"
check 'what listens is open, what does not is closed' test \
	"$(awk '{ print $3 == ($2 ~ /^(7|22|80|443)$/ ? "open" : "closed") }' "$tmp/union" | sort -u)" = 1
