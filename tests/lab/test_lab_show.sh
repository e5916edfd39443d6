#!/bin/sh
# `sonde lab show`: the picture, and that every address in it is one that the lab has.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

out=$("$SONDE" lab show diamond | sed -n '1,/^$/p')
says 'the diamond is drawn' '              +-r2a--+
client----r1--+      +-r3----server
              +-r2b--+'
out=$("$SONDE" lab show line:2 | sed -n '1,/^server /p')
says 'a line is drawn, with its addresses' 'client----r1----r2----server

HOST    IFACE   IPV4             IPV6                 LINK TO
client  eth0    10.0.0.1/24      fd00::1/64           r1
r1      eth0    10.0.0.2/24      fd00::2/64           client
r1      eth1    10.0.1.1/24      fd00:0:0:1::1/64     r2
r2      eth0    10.0.1.2/24      fd00:0:0:1::2/64     r1
r2      eth1    10.0.2.1/24      fd00:0:0:2::1/64     server
server  eth0    10.0.2.2/24      fd00:0:0:2::2/64     r2'
out=$("$SONDE" lab show lossy | grep ^link)
says 'what links do is told' 'link client server: delay 2ms jitter 500us loss 5% duplicate 1% reorder 1%'

for topology in pair lan:4 lan:60 line:10 line:60 diamond firewall nat lossy blackhole wide; do
	check "$topology: 80 columns at most" sh -c '! "$0" lab show "$1" | grep -E ".{81}"' "$SONDE" $topology
done
for topology in pair lan:4 line:5 diamond firewall nat blackhole; do
	"$SONDE" lab show $topology | awk '$2 ~ /^eth/ && $3 != "-" { print $1, $2, $3; print $1, $2, $4 }' | sort >"$tmp/shown"
	"$SONDE" lab run -t $topology sh -c '
		for host in $(ip netns list | cut -d" " -f1); do
			ip netns exec $host ip -o address show scope global | sed "s/@.*//" |
				awk -v host=$host "/eth/ { print host, \$2, \$4 }"
		done' | sort >"$tmp/real"
	check "$topology: the addresses are the real ones" cmp "$tmp/shown" "$tmp/real"
	check "$topology: and there are some" test -s "$tmp/real"
done

expect 2 'an unknown topology' "$SONDE" lab show par
says 'is named, with a suggestion' "sonde lab show: unknown topology 'par' (did you mean pair?)"
expect 2 'no topology' "$SONDE" lab show
says 'is said' 'sonde lab show: something is missing: sonde lab show TOPOLOGY'

for command in run up exec shell list down show; do
	check "help lab $command" sh -c '"$0" help lab $1 >"$2/help" && "$0" lab $1 --help >"$2/own"' "$SONDE" $command "$tmp"
	check "is what lab $command --help is" cmp "$tmp/help" "$tmp/own"
done
expect 2 'help lab of no command' "$SONDE" help lab rn
says 'is told' "sonde lab: unknown command 'rn' (did you mean run?)"
for command in run up; do
	check "lab $command --help has -w" sh -c '"$0" lab $1 --help | grep -e "-w FILE"' "$SONDE" $command
	check 'and does not offer standard output' sh -c '! echo "$0" | grep stdout' "$out"
done

for words in 'show pair' 'run --help' --help; do
	expect 3 "lab $words: a full disk" sh -c '"$0" lab $1 >/dev/full' "$SONDE" "$words"
	check 'is told once' test "$(echo "$out" | grep -c 'cannot write the output: No space left on device')" = 1
done
