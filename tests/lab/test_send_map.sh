#!/bin/sh
# lab: pair
# A capture of other people's addresses, rewritten into this lab: tcpdump at the other end finds every checksum right.
. "$LIB"
has tcpdump || skip_all 'no tcpdump'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
check 'a capture from elsewhere' sonde send -q --dry-run -r captures/tcp.pcapng --map 10.0.0.1=192.0.2.1 \
	--map 10.0.0.2=198.51.100.9 -w "$tmp/elsewhere.pcapng"
check 'has nothing of here' sh -c '! sonde read -o packets "$1" 2>/dev/null | grep -q "10\.0\.0\."' - "$tmp/elsewhere.pcapng"
ip netns exec server tcpdump -U -ni eth0 -w "$tmp/there.pcap" src 10.0.0.1 and tcp >"$tmp/said" 2>&1 &
dumping=$!
await grep -q 'listening on' "$tmp/said"
check 'is sent by here' sonde send -q -r "$tmp/elsewhere.pcapng" --only orig --map 192.0.2.1=10.0.0.1 \
	--map 198.51.100.9=10.0.0.2
sent=$(sonde send --dry-run -o packets -r "$tmp/elsewhere.pcapng" --only orig 2>/dev/null | grep -c .)
await sh -c '[ "$(sonde read --count "$1" 2>/dev/null)" -ge '"$sent" - "$tmp/there.pcap"
kill -INT $dumping
wait $dumping
out=$(tcpdump -vv -nr "$tmp/there.pcap" 2>/dev/null)
tells 'the request arrives' 'GET / HTTP/1.0'
expect 0 'with checksums that tcpdump finds right' test "$(echo "$out" | grep -c '(correct)')" -ge 4
check 'and none that it finds wrong but was' sh -c '
	[ "$(echo "$1" | grep -c "incorrect\|bad cksum")" = "$(tcpdump -vv -nr captures/tcp.pcapng src 10.0.0.1 2>/dev/null | grep -c "incorrect\|bad cksum")" ]' - "$out"
