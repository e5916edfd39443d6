#!/bin/sh
# lab: pair
# JSON and its documentation: the man pages have a table of each type of object, and sonde(8) of what all commands have.
# Every object has only fields of its table, and every field of a table is in one of its objects. (The fields of
# packets' layers are in sonde help fields; those that count by cause are named by the cause.)
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

# tables COMMAND: "NUMBER TYPES FIELD" for each field (.Va) in the tables of its page and of sonde(8): the types that
# the table is for, comma-separated, or * for what stands outside of tables.
tables() {
	for page in sonde "sonde-$1"; do
		awk -v page="$page" '
			/^\.S[hs] / { json = $2 == "JSON"; types = "*" }
			!json { next }
			/^\.It Cm / { types = ""; for (i = 3; i <= NF; i++) if ($i != ",") types = types (types ? "," : "") $i; n++ }
			/^\.El/ { types = "*" }
			/^\.(Pq (or where it has none its bytes, )?)?Va / {
				sub(/^.*Va /, "")
				for (i = 1; i <= NF && $i !~ /^[A-Z]/; i++)
					if ($i ~ /^[a-z0-9_]+$/)
						print page n + 0, types, $i
			}' "docs/man/$page.8"
	done
}

# flat FILE: "TYPE FIELD" for each field of each object, without those of layers and of counts by cause.
flat() {
	sed 's/"layers":\[.*\]/"layers":0/; s/"\(not_sent\|never_left\)":{[^}]*}/"\1":0/g' "$1" | awk '
		{ type = $0; sub(/.*"type":"/, "", type); sub(/".*/, "", type) }
		{ while (match($0, /[{,]"[a-z0-9_]+":/)) {
			print type, substr($0, RSTART + 2, RLENGTH - 4)
			$0 = substr($0, RSTART + RLENGTH - 1)
		} }' | sort -u
}

# told COMMAND TITLE PROGRAM...: what the program prints is JSON of this command, and every field is in the tables.
told() {
	command=$1 what="$1, $2"
	shift 2
	"$@" >"$tmp/out" 2>/dev/null
	check "$what: begins and ends" sh -c '
		head -n 1 "$0" | grep -q "\"type\":\"run\"" && tail -n 1 "$0" | grep -q "\"type\":\"summary\""' "$tmp/out"
	cat "$tmp/out" >>"$tmp/$command.all"
	tables "$command" >"$tmp/tables"
	flat "$tmp/out" >"$tmp/flat"
	untold=$(awk 'NR == FNR { n = split($2, type, ","); for (i = 1; i <= n; i++) told[type[i] " " $3] = 1; next }
		!(($1 " " $2) in told) && !(("* " $2) in told) { print $1 "." $2 }' "$tmp/tables" "$tmp/flat")
	check "$what: each field is in its table${untold:+, but not }$(echo $untold)" test -z "$untold"
}

# rest COMMAND FIELD...: each field of its tables was in one of their objects; but for these, which other tests have.
rest() {
	command=$1
	shift
	tables "$command" >"$tmp/tables"
	flat "$tmp/$command.all" >"$tmp/flat"
	for field; do
		check "$command, $field: is in another test" sh -c '
			[ "$0" = early ] && grep -q is_early tests/unit/test_ping.c && exit
			grep -l -e "\"$0" -e "\\\\\"$0" tests/lab/test_*.sh | grep -qv test_json' "$field"
	done
	unseen=$(awk -v elsewhere=" $* " -v raw="$tmp/$command.all" '
		FILENAME == ARGV[1] { seen[$1 " " $2] = any[$2] = 1; next }
		{ n = split($2, type, ","); found = $2 == "*" && $3 in any || index(elsewhere, " " $3 " ")
		  for (i = 1; i <= n; i++) found = found || (type[i] " " $3) in seen
		  if (!found && system("grep -q \"\\\"layers\\\":.*\\\"" $3 "\\\":\" " raw))
			print $1 "." $3 }' "$tmp/flat" "$tmp/tables")
	check "$command: each field of the tables is in an object${unseen:+, but not }$(echo $unseen)" test -z "$unseen"
}

told ping 'answers' sonde ping --json -c 2 -i 20ms --report 10ms -w "$tmp/w" server
told ping 'errors and losses' sonde ping --json -W 50ms 10.0.0.2 10.0.0.77 192.0.2.1
told ping 'a name without an address' sonde ping --json -c 1 nosuch.invalid 10.0.0.2
told ping 'a silent port' sonde ping --json --tcp -p 81 -W 50ms -c 1 server
told ping 'sizes' sonde ping --json -c 2 -i 20ms -s 10,20 -W 50ms 10.0.0.2
told ping 'a dry run' sonde ping --json --dry-run -w "$tmp/dry" server
told probe 'ports' sonde probe --json -w "$tmp/probe" server -p 22,23,u:53,u:54
ip netns exec server nft 'table ip turn { chain output { type nat hook output priority -100; tcp dport 83 redirect to :80; }; }'
told probe 'own sockets' ip netns exec server sonde probe --json --cross-check 10.0.0.2 -p 22,83
ip netns exec server nft delete table ip turn
told probe 'hosts' sonde probe --json --discover 10.0.0.0/29
told probe 'what is expected' sonde probe --json server -p 22,23 --expect open=rest
sed 's/"state":"open"/"state":"closed"/' "$tmp/out" >"$tmp/then"
told probe 'what changed' sonde probe --json server -p 22,23 --baseline "$tmp/then"
(echo hello; sleep 30) | ip netns exec server sonde listen 2222 >/dev/null 2>&1 &
await sh -c 'ip netns exec server ss -ltn | grep -q ":2222 "'
told probe 'what a port says' sonde probe --json server -p 2222 --banner
told probe 'a shard' sonde probe --json --seed 1 --shard 1/2 server -p 22,23 --resume "$tmp/state"
told probe 'resumed' sonde probe --json --seed 1 --shard 1/2 server -p 22,23 --resume "$tmp/state"
told probe 'a dry run' sonde probe --json --dry-run server -p 22
told send 'answers and errors' \
	sonde send --json --replies all -W 50ms -w "$tmp/w" ip dst=server / udp dport=7,9,81 / text:x
told send 'silence' sonde send --json -W 50ms ip dst=server / tcp dport=81 flags=S checksum=1
told send 'what never left' sonde send --json -W 50ms ip dst=10.0.0.77 / icmp type=echo
told send 'what is not sent' sonde send --json ip dst=192.0.2.1 / icmp type=echo
check 'with its cause' grep -q '"type":"not_sent",.*"n":1,"cause":"no-route"' "$tmp/out"
told send 'a capture' sonde send --json -r "$tmp/w" --only orig
told send 'a dry run' sonde send --json --dry-run ip6 dst=server / icmp6 type=echo
cat >"$tmp/talk" <<'TALK'
one: > ip dst=server / icmp type=echo
first: < icmp type=echo-reply
> ip dst=server / icmp type=echo
< icmp type=timestamp-reply
TALK
told send 'a conversation' sonde send --json -W 100ms -w "$tmp/talked" -f "$tmp/talk"
(sleep 0.5; sonde send -q --no-wait ip dst=10.0.0.2 / icmp type=echo) &
later=$!
told send 'a responder' sonde send --json -c 1 --deadline 3 -I eth0 --on 'icmp type=echo-reply' ip dst=@.src / icmp type=echo
wait "$later"
told send 'a way' sonde send --json --via link ip dst=server / icmp type=echo
check 'is a name of --via' sh -c '
	grep -q "\"type\":\"run\".*\"via\":\"link\"" "$0" && grep -q "\"type\":\"sent\".*\"via\":\"link\"" "$0"' "$tmp/out"
sonde send --dry-run -q -w "$tmp/odd" -f - <<'FRAMES'
frame iface=eth0 dir=in comment=told / ether / ip src=10.0.0.1 dst=10.0.0.2 length=200 / udp / text:x
ether / ip src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach / ip length=2000 / udp
FRAMES
told read 'a capture' sonde read --json -w "$tmp/copy" "$tmp/w"
told read 'how much of it is understood' sonde read --json --coverage "$tmp/w"
told read 'what protocols it has' sonde read --json --stats "$tmp/w"
sonde send --dry-run -q -w "$tmp/gap" ip src=10.0.0.1 dst=10.0.0.2 id=1 / tcp sport=1 dport=2 seq=1,9 flags=A / text:ab
told read 'what two sockets say' sonde read --json --follow 10.0.0.1:1-10.0.0.2:2 "$tmp/gap"
told read 'an interface' sonde read --json -I eth0 --deadline 100ms
told read 'odd frames' sonde read --json "$tmp/odd"
told read 'a damaged file' sonde read --json -w "$tmp/again" "$LIB"
sonde send --dry-run -q -w "$tmp/flows" -f - <<'FRAMES'
ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=S
ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=SA ack=1
ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=A seq=1 ack=1
ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 flags=PA seq=1 ack=1 / text:x
ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1 ack=2 flags=PA / tls type=handshake version=tls1.0 / clienthello extensions=server_name:example.com,alpn:h2
ether / vlan id=5 / ip src=1.1.1.1 dst=1.1.1.2 / udp / vxlan vni=7 / ether / ip src=10.0.0.1 dst=10.0.0.2 / udp
FRAMES
told flows 'connections, tunnels' sonde flows --json "$tmp/flows"
told flows 'what they waited for' sonde flows --json --why "$tmp/flows"
told flows 'sums' sonde flows --json --by host "$tmp/flows"
told flows 'intervals' sonde flows --json --series 1s "$tmp/flows"
sonde send --dry-run -q -w "$tmp/names" -f - <<'FRAMES'
ip src=10.0.0.3 dst=10.0.0.1 / udp sport=53 dport=5000 / dns qr=1 qname=www.example.com answers=www.example.com:A:10.0.0.2:ttl=60
ip src=10.0.0.3 dst=10.0.0.2 / udp sport=53 dport=5000 / dns qr=1 qname=me.example.com answers=me.example.com:A:10.0.0.1:ttl=60
ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 flags=S
FRAMES
told flows 'names' sonde flows --json --names "$tmp/names"
# The connection begins when somebody looks: a packet socket for all protocols runs. It says something twice.
{
	await awk '$4 == "0003" && $6 == 1 { runs = 1 } END { exit !runs }' /proc/net/packet
	(echo hello; sleep 1; echo hello; sleep 3) | sonde connect 10.0.0.2 80 >/dev/null 2>&1
} &
connecting=$!
told flows 'an interface' sonde flows --json -I eth0 --process --deadline 3s
wait $connecting
# Connections, of which one process has a descriptor twice, and a packet socket.
cat >"$tmp/sockets.py" <<'PYTHON'
import os, socket, subprocess, sys
listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
client = socket.create_connection(("127.0.0.1", listener.getsockname()[1]))
packet = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
os.dup(client.fileno())
sys.exit(subprocess.run(sys.argv[1:]).returncode)
PYTHON
if has python3; then
	told sockets 'of this machine' ip netns exec server python3 "$tmp/sockets.py" "$SONDE" sockets --json --all-netns
	rest sockets
else
	skip 'sockets' 'no python3'
fi
"$SONDE" lab up -q -t lossy --name json || echo 'not ok - a lab'
told lab 'a list' sonde lab list --json
"$SONDE" lab down -q json

# Without privilege ping writes the same events with the same fields, but for what it cannot see: how long a packet
# waited for the address of its next hop, and what connect(2) does not show of the answer.
if has setpriv; then
	install -m 755 "$SONDE" "$tmp/sonde" || exit 1
	allow_echoes
	named() {
		flat "$1" | grep -vx 'reply arp_ns\|target arp_ns\|reply ttl\|reply size'
	}
	for options in '-c 2 -i 20ms 10.0.0.2' '--tcp -c 1 10.0.0.2' '--tcp -p 81 -W 50ms -c 1 10.0.0.2' '-c 1 192.0.2.1' \
		'-c 1 nosuch.invalid 10.0.0.2'; do
		told ping "$options" sonde ping --json $options
		named "$tmp/out" >"$tmp/with.names"
		told ping "$options, without privilege" $unprivileged "$tmp/sonde" ping --json $options
		named "$tmp/out" >"$tmp/without.names"
		check "ping $options: with and without privilege, the same names" diff "$tmp/with.names" "$tmp/without.names"
	done
else
	skip 'without privilege' 'no setpriv(1)'
fi
rest probe doubt doubts icmp_every_ns from icmp_type icmp_code frame name was is
rest ping early ambiguous echoed wrong_byte was should_be mtu
rest send remark left_out no_5_tuple
rest read
rest flows start dur_ns side cause frames
rest lab

# A name means the same in all commands.
cat "$tmp"/*.all >"$tmp/all"
# odd FIELD PATTERN: values of a field that are none of these.
odd() {
	grep -o "\"$1\":\"[^\"]*\"" "$tmp/all" | sort -u | grep -vxE "\"$1\":\"($2)\""
}
check 'clocks have three names' test -z "$(odd clock 'kernel frame|kernel socket|user')"
check 'a cause is a word' test -z "$(odd cause '[a-z-]+')"
check 'and so is a verdict' test -z "$(odd verdict '[a-z|-]+')"
check 'ways are those of --via' test -z "$(odd via 'raw|link|libnet')"
check 'the command line is words' sh -c '
	! grep "\"type\":\"run\"" "$0" | grep -v "\"argv\":\[\"sonde\",\"[a-z]*\","' "$tmp/all"
# What is printed as packet, built again, is hex.
differ=$(sed -n 's/.*"packet":"\([^"]*\)","hex":"\([0-9a-f]*\)".*/\2 \1/p' "$tmp/all" | while read -r hex packet; do
	built=$(echo "$packet" | sonde send --dry-run --json -f - 2>/dev/null | sed -n 's/.*"hex":"\([0-9a-f]*\)".*/\1/p')
	[ "$built" = "$hex" ] || echo "$packet"
done)
check "hex is the bytes of packet${differ:+, but not of $differ}" test -z "$differ"
