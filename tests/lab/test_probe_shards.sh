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
if has parallel; then
	n=0
	check 'parallel starts them, too' sh -c \
		'seq 4 | parallel "sonde probe --json --seed 5 --shard {}/4 $network -p $ports >$tmp/parallel.{}"'
	for runs in "$tmp/parallel.[1-4]" "$tmp/[1-4]"; do
		n=$((n + 1))
		sonde probe --merge $runs | grep -v ' sent in ' | sed 's/ *[0-9.]* ms$//' >"$tmp/merged.$n"
	done
	check 'they find the same' cmp "$tmp/merged.1" "$tmp/merged.2"
else
	skip 'parallel starts them, too' 'no parallel(1)'
fi
sed -n 's/.*"type":"port".*"target":"\([^"]*\)".*"port":\([0-9]*\),.*"state":"\([^"]*\)".*/\1 \2 \3/p' "$tmp"/[1-4] |
	sort >"$tmp/union"
check 'no socket is asked by two of them' test "$(cut -d' ' -f1,2 "$tmp/union" | uniq -d | wc -l)" = 0
out=$(sonde probe --dry-run --json --seed 5 "$network" -p "$ports" |
	sed -n 's/.*"type":"summary".*"packets":\([0-9]*\).*/\1/p')
says 'and each by one' "$(wc -l <"$tmp/union")"
check 'what listens is open, what does not is closed' test \
	"$(awk '{ print $3 == ($2 ~ /^(7|22|80|443)$/ ? "open" : "closed") }' "$tmp/union" | sort -u)" = 1
check 'answers to another shard are not rejected ones' test "$(grep -c '"rejected":0,' "$tmp"/[1-4] | grep -c ':1$')" = 4
check 'merged, all shards are there' sonde probe --merge "$tmp"/[1-4]
expect 1 'one is left out' sonde probe --merge "$tmp/1" "$tmp/2" "$tmp/4"
tells 'and told' 'shard 3 of 4 (seed 5) is missing'
grep -v '"type":"summary"' "$tmp/1" >"$tmp/killed"
expect 1 'one has no summary, and others are left out' sonde probe --merge "$tmp/2" "$tmp/killed"
tells 'both are told: the first' 'shard 1 of 4 (seed 5) is missing'
tells 'and the last ones' 'shard 3-4 of 4 (seed 5) is missing'
