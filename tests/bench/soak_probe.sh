#!/bin/sh
# A million sockets, asked by two machines of a lab in four shards. One shard is killed in the middle and resumed: the
# merged table equals the truth. HOSTS=198.18.0.0/20 makes it fewer. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
PATH=$PWD/${BUILD:-build}:$PATH:/usr/sbin
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
hosts=${HOSTS:-198.18.0.0/16} ports=7,22,80,81,443,1000-1010
export tmp hosts ports

cat >"$tmp/net" <<'E2'
host one
host two
host server
link one server
link two server
listen server tcp 7,22,80,443
filter server drop tcp dport=81
route one 198.18.0.0/16 via 10.0.0.2
route two 198.18.0.0/16 via 10.0.1.2
route server 198.18.0.0/16 local
E2

# shard K: the K-th of four, on this machine; with a state from which it can go on.
cat >"$tmp/shard" <<'E2'
exec sonde probe --json --seed 5 --shard $1/4 --resume "$tmp/state.$1" $hosts -p $ports >"$tmp/shard.$1"
E2
cat >"$tmp/run" <<'E2'
sh "$tmp/shard" 1 &
sh "$tmp/shard" 2 &
victim=$!
ip netns exec two sh "$tmp/shard" 3 &
ip netns exec two sh "$tmp/shard" 4 &
tries=0
until grep -q '"type":"answers"' "$tmp/state.2" 2>/dev/null || [ $((tries += 1)) -gt 600 ]; do sleep 0.05; done
kill -9 $victim && echo "shard 2 is killed when it knows of $(sed -n 's/.*"found":"\([^"]*\)".*/\1/p' "$tmp/state.2" |
	wc -l) lines of a thousand sockets"
wait
sonde probe --merge "$tmp"/shard.[1-4] -q >"$tmp/missing" 2>&1
cat "$tmp/missing"
sh "$tmp/shard" 2
E2
start=$(date +%s%N)
sonde lab run -t "$tmp/net" sh "$tmp/run" || exit 1
echo "$start $(date +%s%N)" | awk '{ printf "all four took %.1f s\n", ($2 - $1) / 1e9 }'
for k in 1 2 3 4; do
	tail -1 "$tmp/shard.$k" | sed 's/.*\("probes":[0-9]*\).*\("sent":[0-9]*,"retransmitted":[0-9]*\).*\("end":.*\)}/'"shard $k: "'\1,\2,\3/'
done

sonde probe --merge --json "$tmp"/shard.[1-4] >"$tmp/merged" || echo "merge: status $?"
awk -F'"' '/"type":"port"/ {
	for (i = 2; i < NF; i += 2) {
		if ($i == "port") { port = $(i + 1); gsub(/[:,]/, "", port) }
		if ($i == "state") state = $(i + 2)
	}
	n++
	truth = port ~ /^(7|22|80|443)$/ ? "open" : port == 81 ? "filtered" : "closed"
	states[state]++
	wrong += state != truth
}
END {
	printf "merged: %d sockets, %d open, %d closed, %d filtered; %d are not what they are\n", n, states["open"], states["closed"], states["filtered"], wrong
	exit wrong > 0 || n == 0
}' "$tmp/merged"
