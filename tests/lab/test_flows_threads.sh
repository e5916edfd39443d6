#!/bin/sh
# sonde flows --threads: the same result whatever their number. Nothing is sent.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# What threads could get wrong: flows of many hosts, fragments in either order and without a first one, ICMP errors from
# elsewhere about flows that are there, that come later and that never do, tunnels whose ends talk in either direction.
awk '
function a_of(i) { return "10.0.0." i % 41 + 1 }
function ends(i) {
	b = "10.0.1." i % 23 + 1
	return i % 2 ? "src=" a_of(i) " dst=" b : "src=" b " dst=" a_of(i)
}
function ports_of(i) { return i % 2 ? "sport=" 1000 + i % 700 " dport=53" : "sport=53 dport=" 1000 + i % 700 }
BEGIN {
	for (i = 0; i < 6000; i++) {
		ab = ends(i)
		ports = ports_of(i)
		t = sprintf("frame time=%.3f / ", 1700000000 + i / 100)
		if (i % 7 == 0) {
			first = "ip " ab " id=" i + 1 " flags=MF / udp " ports " length=24 checksum=0 / text:abcdefgh"
			later = "ip " ab " id=" i + 1 " offset=2 proto=17 / text:abcdefgh"
			print t (i % 3 ? first : later)
			if (i % 5)
				print t (i % 3 ? later : first)
		} else if (i % 7 == 1) {
			about = i % 3 == 0 ? i - 2 : i % 3 == 1 ? i + 3 : i + 10007 * 7
			print t "ip src=10.9.0." i % 3 + 1 " dst=" a_of(about) " / icmp type=unreach code=host / ip " \
				ends(about) " / udp " ports_of(about)
		} else if (i % 7 == 2) {
			around = i % 4 < 2 ? "src=1.1.1." i % 5 " dst=2.2.2.2" : "src=2.2.2.2 dst=1.1.1." i % 5
			print t "ip " around " / udp sport=999 / vxlan vni=" i % 3 " / ether / ip " ab " / udp " ports
		} else if (i % 7 == 3) {
			print t "ip " ab " / tcp " ports " flags=" (i % 5 ? "A" : i % 3 ? "S" : "R") " seq=" i * 10 " ack=1 / text:abcdefghij"
		} else {
			print t "ip " ab " / udp " ports " / text:x"
		}
	}
}' >"$tmp/packets"
"$SONDE" send --dry-run -q -w "$tmp/mix" -f "$tmp/packets" >/dev/null 2>"$tmp/err" || {
	sed 's/^/# /' "$tmp/err"
	echo 'not ok - the packets are made'
	exit
}

# lines THREADS ARGUMENT...: all but the object run, and what stands in it; the summary without its time.
lines() {
	threads=$1
	shift
	"$SONDE" flows --json --seed 7 --threads "$threads" "$@" | grep -v '"type":"run"' | sed '/"summary"/s/"time":"[0-9.]*"//'
}
# same WHAT ARGUMENT...: several threads tell what one does.
same() {
	what=$1
	shift
	lines 1 "$@" >"$tmp/one"
	for n in 2 3 5; do
		lines $n "$@" >"$tmp/several"
		check "$what: $n threads" cmp "$tmp/one" "$tmp/several"
	done
}
same 'a mix' "$tmp/mix"
check 'with flows' test "$(grep -c '"type":"flow"' "$tmp/one")" -gt 1000
check 'errors are credited' grep -q '"icmp_errors":[1-9]' "$tmp/one"
check 'others are flows' grep -q '"proto":"icmp"' "$tmp/one"
check 'fragments are counted' grep -q '"fragments":[1-9]' "$tmp/one"
check 'some have no first one' grep -q '"lone_fragments":[1-9]' "$tmp/one"
check 'some errors have no flow' grep -q '"lone_icmp_errors":[1-9]' "$tmp/one"
check 'tunnels are told' grep -q '"tunnel":"2.2.2.2 > 1.1.1.[0-9] vxlan [0-9]"' "$tmp/one"
check 'the other way round, too' grep -q '"tunnel":"1.1.1.[0-9] > 2.2.2.2 vxlan [0-9]"' "$tmp/one"
same 'with what they waited for' --why "$tmp/mix"
same 'little memory' --memory 1M "$tmp/mix"
same 'a part of them' --shard 2/3 "$tmp/mix"
same 'sums' --by pair "$tmp/mix"
same 'in an order' --sort bytes --top 20 "$tmp/mix"
same 'chosen' "$tmp/mix" resp_p=53 proto=udp
same 'so many packets' -c 1234 "$tmp/mix"
same 'several files' "$tmp/mix" "$tmp/mix"
same 'intervals' --series 10s "$tmp/mix"
same 'with names' --names captures/udp.pcapng "$tmp/mix"
"$SONDE" flows -q --threads 1 --state-out "$tmp/one.state" "$tmp/mix" >"$tmp/one"
"$SONDE" flows -q --threads 2 --state-out "$tmp/two.state" "$tmp/mix" >"$tmp/several"
check 'flows that ended before a state' cmp "$tmp/one" "$tmp/several"
same 'from a state' --state-in "$tmp/one.state" "$tmp/mix"
same "from another run's" --state-in "$tmp/two.state" "$tmp/mix"
for file in captures/*.pcap*; do
	same "$(basename "$file")" "$file"
done

# A frame that is longer than all room for frames, and a file that is cut.
"$SONDE" send --dry-run -q -w "$tmp/long" ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1-2000 dport=2 / random:1400 >/dev/null
same 'more than there is room for' "$tmp/long"
gzip -kf "$tmp/long"
same 'out of a compressed file' "$tmp/long.gz"
lines 1 "$tmp/long" >"$tmp/one"
cat "$tmp/long" | lines 2 - >"$tmp/several"
check 'out of a pipe' cmp "$tmp/one" "$tmp/several"
check 'all of it' grep -q '"read":2000,' "$tmp/several"
head -c 300000 "$tmp/mix" >"$tmp/cut"
for n in 1 3; do
	expect 1 "a damaged file, $n threads" "$SONDE" flows -q --threads $n "$tmp/cut"
done
check 'in a whole sandbox' "$SONDE" flows --sandbox=strict --threads 3 -q "$tmp/mix"
expect 2 'too many' "$SONDE" flows --threads 9 "$tmp/mix"
