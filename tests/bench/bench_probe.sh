#!/bin/sh
# What sonde probe takes, and how many sockets it finds, in labs, beside nmap, zmap and masscan. Those that are not
# installed are left out. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LIB=$PWD/tests/bench/lib.sh
export tmp LIB
chmod 777 "$tmp"
. "$LIB"
PATH=$PWD/$build:$PATH:/usr/sbin
rounds=5 limit=60 n=524272 loop=$PWD/$build/tests/bench/loop_syn
export rounds limit n loop
for peer in nmap zmap masscan; do
	command -v $peer >/dev/null || echo "probe: $peer is not installed, and left out"
done

# Lines "WHO SECONDS HOW-MANY-ARE-RIGHT".
cat >"$tmp/ports" <<'E2'
. "$LIB"
for round in $(seq $rounds); do
	echo sonde $(took sonde probe 10.0.0.2 -p -) $(awk '
		/^ +(7|22|80|443)\/tcp +open/ { n++ }
		/^ +81\/tcp +filtered/ { n++ }
		/^10.0.0.2:/ { match($0, /[0-9]+ closed/); n += substr($0, RSTART) } END { print n + 0 }' "$tmp/out")
	command -v nmap >/dev/null || continue
	took timeout $limit nmap -n -Pn -sS -p- 10.0.0.2 >"$tmp/seconds"
	echo nmap $(cat "$tmp/seconds") $(awk '
		/^(7|22|80|443)\/tcp +open/ { n++ }
		/^81\/tcp +filtered/ { n++ }
		$4 == "closed" { n += $3 } END { print n + 0 }' "$tmp/out")
done
E2

# Each finds as many of the open ports as it can, as fast as it goes. masscan may wait for frames when all are there:
# it is ended then, and only what it found counts.
cat >"$tmp/hosts" <<'E2'
. "$LIB"
mac=02:00:00:00:00:02
for round in $(seq $rounds); do
	echo sonde $(took sonde probe --json 198.18.0.0/16 -p 80) $(grep -c '"state":"open"' "$tmp/out")
	if command -v zmap >/dev/null; then
		echo zmap $(took timeout $limit zmap -q -i eth0 -p 80 -r 10000000 -c 1 -G $mac -S 10.0.0.1 -b /dev/null \
			-o "$tmp/zmap" --max-targets 65534 198.18.0.0/16) $(sort -u "$tmp/zmap" | grep -c '^198')
	fi
	if command -v masscan >/dev/null; then
		rm -f "$tmp/masscan"
		echo masscan $(took timeout 8 masscan -p80 198.18.0.0/16 --rate 10000000 --wait 1 --interface eth0 \
			--adapter-ip 10.0.0.1 --router-mac $mac -oL "$tmp/masscan") $(grep -c '^open' "$tmp/masscan")
	fi
done
E2

# Sending alone: nobody answers, and nothing is asked again. The loop has the same kind of socket, and the same capture
# open.
cat >"$tmp/alone" <<'E2'
. "$LIB"
ip netns exec server nft -f - <<'NFT'
table inet drops { chain in { type filter hook prerouting priority -300; meta l4proto tcp drop; }; }
NFT
for round in $(seq $rounds); do
	echo loop $(took "$loop" eth0 02:00:00:00:00:02 $n)
	echo sonde $(took sonde probe -q 198.18.0.0/16 -p 1000-1007 --tries 1 --rate max -W 1ms)
done
E2

# The same run with a screen and without one: the seconds that it computes.
cat >"$tmp/live" <<'E2'
. "$LIB"
for round in $(seq $rounds); do
	echo plain $(cpu script -qec 'stty rows 24 cols 80; sonde probe 10.0.0.2 -p -' /dev/null)
	echo live $(cpu script -qec 'stty rows 24 cols 80; TERM=xterm sonde probe --live 10.0.0.2 -p -' /dev/null)
done
E2

# UDP: 60 closed ports of a host with Linux's limit for ICMP errors: six at once, then one a second.
cat >"$tmp/udp" <<'E2'
. "$LIB"
ip netns exec server sysctl -qw net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168
echo sonde $(took sonde probe -q --json 10.0.0.2 -p u:40000-40059) $(sed -n \
	's/.*"type":"summary".*"closed":\([0-9]*\),.*"open_filtered":\([0-9]*\),.*/\1 \2/p' "$tmp/out") \
	$(sed -n 's/.*"icmp-limited":\([0-9]*\).*/\1/p' "$tmp/out")
command -v nmap >/dev/null || exit
echo nmap $(took timeout 300 nmap -n -Pn -sU -p40000-40059 10.0.0.2) $(awk '
	$1 == "Not" && $4 == "closed" { n += $3 } /^[0-9].* closed / { n++ } END { print n + 0 }' "$tmp/out")
E2

# table WHAT WHO...: the medians of $tmp/runs, and the fewest that one of the runs found.
table() {
	what=$1 asked=$2
	shift 2
	for who; do
		awk -v who=$who -v s="$(median "$tmp/runs" $who)" -v n=$asked -v what="$what" '
			$1 == who { least = least == "" || $3 < least ? $3 : least; most = $3 > most ? $3 : most }
			END { if (s != "") printf "  %-8s %7.2f s %9.0f/s   %d to %d %s\n", who, s, n / s, least, most, what }' "$tmp/runs"
	done
}

load() { cut -d' ' -f1 /proc/loadavg; }
echo "probe: 65,535 TCP ports of one host, default pace, medians of $rounds interleaved runs, load $(load)"
sonde lab run sh "$tmp/ports" >"$tmp/runs"
table 'states are right' 65535 sonde nmap
goal 'the time of sonde / nmap' "$(over "$(median "$tmp/runs" sonde)" "$(median "$tmp/runs" nmap)")" most 0.3

echo "probe: the same with --live, which draws on a terminal, medians of $rounds interleaved runs, load $(load)"
sonde lab run sh "$tmp/live" >"$tmp/runs"
awk -v plain="$(median "$tmp/runs" plain)" -v live="$(median "$tmp/runs" live)" 'BEGIN {
	printf "  plain    %7.2f s of computing\n  live     %7.2f s\n", plain, live }'
goal 'what --live computes / plain' "$(over "$(median "$tmp/runs" live)" "$(median "$tmp/runs" plain)")" most 1.25

echo "probe: one port of 65,534 hosts, medians of $rounds interleaved runs, load $(load)"
sonde lab run -t wide sh "$tmp/hosts" >"$tmp/runs"
table found 65534 sonde zmap
awk '$1 == "masscan" { print "  masscan  found " $3 }' "$tmp/runs"
goal 'the rate of sonde / zmap' "$(over "$(median "$tmp/runs" zmap)" "$(median "$tmp/runs" sonde)")" least 1

echo "probe: $n SYNs that nobody answers, medians of $rounds interleaved runs, load $(load)"
sonde lab run -t wide sh "$tmp/alone" >"$tmp/runs"
for who in sonde loop; do
	awk -v who=$who -v s="$(median "$tmp/runs" $who)" -v n=$n 'BEGIN { printf "  %-8s %7.2f s %9.0f/s\n", who, s, n / s }'
done
goal 'the rate of sonde / the loop' "$(over "$(median "$tmp/runs" loop)" "$(median "$tmp/runs" sonde)")" least 0.95

echo "probe: 60 closed UDP ports of a host that limits its ICMP errors, one run each, load $(load)"
sonde lab run sh "$tmp/udp" >"$tmp/runs"
awk '{ printf "  %-8s %7.2f s   %d closed%s\n", $1, $2, $3, $1 == "sonde" ? ", " $4 + 0 " not known, of these icmp-limited: " $5 + 0 : "" }' \
	"$tmp/runs"
goal 'closed ports that are proven' "$(awk '$1 == "sonde" { print $3 }' "$tmp/runs")" least 50
goal 'the time of sonde / nmap' "$(over "$(median "$tmp/runs" sonde)" "$(median "$tmp/runs" nmap)")" most 1
# A limit lets one error through a second: less time than a second a port is no better, but proves less.
for who in sonde nmap; do
	awk -v who=$who '$1 == who && $3 { print who, $2 / $3 }' "$tmp/runs"
done >"$tmp/each"
goal 'the time for each that is proven, sonde / nmap' "$(over "$(median "$tmp/each" sonde)" "$(median "$tmp/each" nmap)")" most 1
