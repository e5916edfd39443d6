#!/bin/sh
# sonde probe without CAP_NET_RAW: connect(2) gives the same verdicts as frames, and what it cannot do is refused.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
has setpriv || skip_all 'no setpriv(1) to give up capabilities'
chmod 755 "$tmp"
install -m 755 "$SONDE" "$tmp/sonde" || exit 1
cat >"$tmp/net" <<'NET'
host client
router r
host server
link client r
link r server
listen server tcp 22,80
filter r drop tcp dport=23
filter r admin tcp dport=24
filter r reset tcp dport=25
filter r reject tcp dport=26
NET

# lab [--at HOST] COMMAND...
lab() {
	"$SONDE" lab run -t "$tmp/net" "$@"
}
# ports: "PORT STATE RULE TYPE/CODE" of each in $tmp/out.
ports() {
	sed -n 's/.*"type":"port".*"port":\([0-9]*\),.*"state":"\([^"]*\)","rule":"\([^"]*\)".*/& \1 \2 \3/p' "$tmp/out" |
		sed 's/.*"icmp_type":\([0-9]*\),"icmp_code":\([0-9]*\).*} \(.*\)/\3 \1\/\2/; s/^{.*} //'
}
# Where the lab is an ordinary user's, it has no nobody.
lab $unprivileged true 2>/dev/null || unprivileged='setpriv --bounding-set=-all --inh-caps=-all'
probe_as_user() {
	lab $unprivileged "$tmp/sonde" probe --json "$@" >"$tmp/out" 2>"$tmp/err"
}
probe_as_root() {
	lab "$SONDE" probe --connect --json "$@" >"$tmp/out" 2>"$tmp/err"
}

wanted4='22 open connected
23 filtered no-answer
24 filtered prohibited 3/13
25 closed refused
26 filtered port-unreach 3/3
27 closed refused'
wanted6=$(echo "$wanted4" | sed 's,3/13,1/1,; s,3/3,1/4,')
for as in user root; do
	expect 0 "IPv4, as $as" probe_as_$as -4 server -p 22-27
	check "IPv4, as $as: each answer has its verdict" test "$(ports)" = "$wanted4"
	expect 0 "IPv6, as $as" probe_as_$as -6 server -p 22-27
	check "IPv6, as $as: each answer has its verdict" test "$(ports)" = "$wanted6"
	case $as in
	user) check 'a user is told what is lost by it' grep -q 'without CAP_NET_RAW, ports are asked by connect' "$tmp/err" ;;
	root) check 'root asked for it, and is told nothing' test ! -s "$tmp/err" ;;
	esac
done
check 'no RST of the kernel is counted' grep -q '"kernel_resets":0' "$tmp/out"

# With this seed, two sockets would ask for the port that they have themselves.
expect 0 'ports of its own host, with 32 sockets' sh -c "ulimit -n 64; '$SONDE' lab run -t '$tmp/net' --at server $unprivileged '$tmp/sonde' \
	probe -q -4 --json --seed 4 127.0.0.1 -p 60990-65535 >'$tmp/out'"
check 'no socket takes itself for a listener' grep -q '"type":"summary".*"open":0,"closed":4546,' "$tmp/out"

expect 1 'no route' lab sh -c "ip route del default; exec $unprivileged $tmp/sonde probe -4 --json 203.0.113.1 -p 22"
for refused in --syn --ack --udp --sctp --discover '-w /dev/null'; do
	case $refused in -w*) status=2 ;; *) status=3 ;; esac
	expect $status "$refused" probe_as_user $refused server
done
expect 2 'UDP among the ports' probe_as_user server -p 22,u:53
check 'is refused by name' grep -q -- '--connect is for TCP: udp ports' "$tmp/err"

# The kernel tells connect(2) after three seconds that a host does not tell its link address; its table says so before.
printf 'host client\nhost server\nlink client server\nlisten server tcp 22\n' >"$tmp/net"
for family in '-4 10.0.0.77' '-6 fd00::77'; do
	expect 0 "${family#* }, a host that is not there" probe_as_root $family -p 22,23
	check 'is down, not filtered' grep -q '"type":"summary".*"down":1,.*"filtered":0,' "$tmp/out"
done
