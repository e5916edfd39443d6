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
rounds=5 limit=60
export rounds limit
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

# table WHAT WHO...: the medians of $tmp/runs, and the fewest that one of the runs found.
table() {
	what=$1 n=$2
	shift 2
	for who; do
		awk -v who=$who -v s="$(median "$tmp/runs" $who)" -v n=$n -v what="$what" '
			$1 == who { least = least == "" || $3 < least ? $3 : least; most = $3 > most ? $3 : most }
			END { if (s != "") printf "  %-8s %7.2f s %9.0f/s   %d to %d %s\n", who, s, n / s, least, most, what }' "$tmp/runs"
	done
}

load() { cut -d' ' -f1 /proc/loadavg; }
echo "probe: 65,535 TCP ports of one host, default pace, medians of $rounds interleaved runs, load $(load)"
sonde lab run sh "$tmp/ports" >"$tmp/runs"
table 'states are right' 65535 sonde nmap
goal 'the time of sonde / nmap' "$(over "$(median "$tmp/runs" sonde)" "$(median "$tmp/runs" nmap)")" most 0.3

echo "probe: one port of 65,534 hosts, medians of $rounds interleaved runs, load $(load)"
sonde lab run -t wide sh "$tmp/hosts" >"$tmp/runs"
table found 65534 sonde zmap
awk '$1 == "masscan" { print "  masscan  found " $3 }' "$tmp/runs"
goal 'the rate of sonde / zmap' "$(over "$(median "$tmp/runs" zmap)" "$(median "$tmp/runs" sonde)")" least 1
