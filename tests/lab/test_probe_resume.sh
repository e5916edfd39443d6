#!/bin/sh
# lab: wide
# sonde probe --resume: a run that is killed is ended by another one, which knows what was found and asks only the rest.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
state=$tmp/state
chmod 755 "$tmp"

# ports FILE: "ADDRESS PORT STATE" of each.
ports() {
	sed -n 's/.*"type":"port".*"target":"\([^"]*\)".*"port":\([0-9]*\),.*"state":"\([^"]*\)".*/\1 \2 \3/p' "$1" | sort
}
# figure FILE KEY: of the summary.
figure() {
	sed -n 's/.*"type":"summary".*"'"$2"'":"*\([a-z0-9]*\).*/\1/p' "$1"
}
# questions: how many SYNs the server got.
questions() {
	ip netns exec server nft list table inet counts | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
}
ip netns exec server nft -f - <<'NFT'
table inet counts { chain in { type filter hook input priority -200; tcp flags & (syn|ack) == syn counter; }; }
NFT
sonde probe --json 198.18.0.0/21 -p 80,99 >"$tmp/truth"
before=$(questions)

sonde probe --json --seed 5 --rate 1000 --resume "$state" 198.18.0.0/21 -p 80,99 >"$tmp/killed" 2>"$tmp/err" &
await grep -q '"type":"answers"' "$state"
kill -9 $!
wait $! 2>/dev/null
killed=$(questions)
cp "$state" "$tmp/first"
check 'a run is killed in the middle' test "$killed" -lt $((before + 4000))
expect 0 'the next one goes on' sonde probe --resume "$state" 198.18.0.0/21 -p 80,99 --json
echo "$out" >"$tmp/rest"
check 'its results are those of a run in one piece' test "$(ports "$tmp/rest")" = "$(ports "$tmp/truth")"
check 'of as many ports' test "$(ports "$tmp/rest" | wc -l)" = 4092
check 'it asks only what the first one was not answered' test $(($(questions) - killed)) -lt 3800
check 'with the same seed' grep -q '"type":"run".*"seed":5,' "$tmp/rest"
check 'its duration counts both runs' test "$(figure "$tmp/rest" duration_ns)" -gt \
	"$(sed -n 's/.*"type":"progress".*"took_ns":\([0-9]*\).*/\1/p' "$tmp/first")"
check 'and says that it went on' test "$(figure "$tmp/rest" resumed)" = true
now=$(questions)
expect 0 'when nothing is left, nothing is asked' sonde probe -o list --resume "$state" 198.18.0.0/21 -p 80,99
check 'what was found before is listed' test "$(echo "$out" | grep -c ':80$')" = 2046
check 'and no packet left' test "$(questions)" = "$now"

# A deadline, SIGTERM and Ctrl-C save, too.
for end in deadline TERM INT; do
	rm -f "$state"
	case $end in
	deadline) sonde probe --rate 1000 --resume "$state" 198.18.0.0/21 -p 80,99 --deadline 500ms -q >/dev/null ;;
	*)
		sonde probe --rate 1000 --resume "$state" 198.18.0.0/21 -p 80,99 -q >/dev/null &
		await grep -q state "$state" || sleep 0.5
		kill -$end $!
		wait $!
		;;
	esac
	check "$end: what is known is saved" grep -q '"type":"end"' "$state"
	sonde probe --json --resume "$state" 198.18.0.0/21 -p 80,99 >"$tmp/rest"
	check "$end: and the rest is found" test "$(ports "$tmp/rest")" = "$(ports "$tmp/truth")"
done

cp "$state" "$tmp/tcp"

# Killed while it tells closed UDP ports from open ones behind a limit of ICMP errors.
ip netns exec server sysctl -qw net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168
rm -f "$state"
expect 1 'UDP, with a deadline' sonde probe -q 10.0.0.2 -p u:7,u:40000-40009 --resume "$state" --deadline 4s
tells 'some ports are not known' 'icmp-limited'
expect 0 'UDP, resumed' sonde probe -q 10.0.0.2 -p u:7,u:40000-40009 --resume "$state"
tells 'all are known' '^1 host, 11 ports: 1 open, 10 closed$'

# A host that says nothing but its link address.
ip netns exec server nft -f - <<'NFT'
table inet mute { chain in { type filter hook input priority 0; drop; }; }
NFT
expect 0 'a mute host is discovered' sonde probe -q -4 -W 100ms --discover --resume "$tmp/mute" 10.0.0.2
expect 0 'and resumed' sonde probe --json -4 --discover --resume "$tmp/mute" 10.0.0.2
tells 'it is still there by its link address' '"state":"up","rule":"arp-reply"'
ip netns exec server nft delete table inet mute

cp "$tmp/tcp" "$state"
for other in '198.18.0.0/22 -p 80,99' '198.18.0.0/21 -p 80,98' '198.18.0.0/21 -p 80,99 --shard 1/2' \
	'198.18.0.0/21 -p 80,99 --ack' '198.18.0.0/21 -p 80,99 --ttl 9'; do
	expect 2 "$other is another probe" sonde probe --resume "$state" $other
	tells 'and is refused as such' 'belongs to other targets'
done
expect 2 'another seed' sonde probe --seed 6 --resume "$state" 198.18.0.0/21 -p 80,99
cp "$state" "$tmp/whole"
sed '$d' "$tmp/whole" >"$state"
expect 2 'a file without its end' sonde probe --resume "$state" 198.18.0.0/21 -p 80,99
for damage in 's/"found":"/&9999a/' 's/"pass":[0-9]/"pass":99/' 's/"row":[0-9]*/"row":77/' '2s/^/x/' 's/"version":1/"version":2/'; do
	sed "$damage" "$tmp/whole" >"$state"
	expect 2 "damaged by $damage" sonde probe --resume "$state" 198.18.0.0/21 -p 80,99
done
check 'a file that is refused stays as it is' grep -q '"version":2' "$state"
echo 'my letters' >"$state"
expect 2 'a file of another kind' sonde probe --resume "$state" 198.18.0.0/21 -p 80,99
check 'stays as it is' grep -q 'my letters' "$state"
expect 2 'a device' sonde probe --resume /dev/null 198.18.0.0/21 -p 80,99
expect 3 'a folder that is not there' sonde probe --resume "$tmp/none/state" 198.18.0.0/21 -p 80,99
check 'nothing is left beside the file' test "$(ls "$tmp" | grep -c new)" = 0
