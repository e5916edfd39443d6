#!/bin/sh
# sonde probe --udp asks each port in the protocol of its service: another program reads each question as that protocol,
# and a service that answers nothing else answers it.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Ports, and what tshark calls their questions.
protocols='7 ECHO
53 DNS
67 DHCP
69 TFTP
111 Portmap
123 NTP
137 NBNS
161 SNMP
177 XDMCP
389 CLDAP
427 SRVLOC
443 QUIC
500 ISAKMP
520 RIPv2
521 RIPng
623 ASF
1194 OpenVPN
1645 RADIUS
1701 L2TP
1812 RADIUS
1900 SSDP
2049 NFS
2152 GTP
3478 STUN
4500 ISAKMP
5060 SIP
5351 NAT-PMP
5353 MDNS
5683 CoAP
11211 MEMCACHE
47808 BACnet-APDU'
list=$(echo "$protocols" | cut -d' ' -f1 | paste -sd,)
expect 0 'the questions are built' "$SONDE" probe --udp --dry-run -w "$tmp/asked" 10.0.0.2 -p "$list"
if has tshark; then
	seen=$(tshark -n -r "$tmp/asked" -T fields -e udp.dstport -e _ws.col.Protocol 2>/dev/null | tr '\t' ' ' | sort -n)
	check 'tshark reads each as the protocol of its port' test "$seen" = "$protocols"
	check 'and finds none malformed' test -z "$(tshark -n -r "$tmp/asked" -Y _ws.malformed 2>/dev/null)"
else
	skip 'tshark reads each as the protocol of its port' 'no tshark'
fi

# A server of names and one of time that are silent unless they are asked as they want to be; on 9, one that never says
# anything; on 3478, one that answers with the number of somebody else's question.
cat >"$tmp/servers.py" <<'PY'
import select, socket, struct, sys
def named(b):
    ok = len(b) > 12 and b[2] & 0x80 == 0 and b[4:6] == b"\0\1" and b[12:].find(b"\0") > 0
    return b[:2] + struct.pack("!H", 0x8185) + b[4:] if ok else None
def timed(b):
    return b"\x24\1" + bytes(22) + b[40:48] + bytes(16) if len(b) == 48 and b[0] & 7 == 3 else None
def other(b):
    return struct.pack("!HHI", 0x101, 0, 0x2112a442) + bytes(12)
rules = { 53: named, 123: timed, 9: lambda b: None, 3478: other }
sockets = {}
for port in rules:
    for family, any in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        s = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((any, port))
        sockets[s] = rules[port]
open(sys.argv[1], "w").close()
for _ in range(10000):
    ready = select.select(list(sockets), [], [], 60)[0]
    if not ready:
        break
    for s in ready:
        data, peer = s.recvfrom(2048)
        answer = sockets[s](data)
        if answer:
            s.sendto(answer, peer)
PY
cat >"$tmp/net" <<'NET'
host client
host server
link client server
NET
cat >"$tmp/run" <<'RUN'
ip netns exec server python3 "$2/servers.py" "$2/ready" &
server=$!
tries=500
until [ -e "$2/ready" ] || [ $((tries -= 1)) -eq 0 ]; do sleep 0.02; done
for v in 4 6; do
	"$1" probe -$v --udp --json server -p 9,53,123,3478 >"$2/out$v"
done
kill $server
RUN
if has python3; then
	expect 0 'servers are asked' "$SONDE" lab run -t "$tmp/net" sh "$tmp/run" "$SONDE" "$tmp"
	for v in 4 6; do
		check "IPv$v: who answers only questions is open, answers to other questions are none" test "$(
			sed -n 's/.*"port":\([0-9]*\),.*"state":"\([^"]*\)","rule":"\([^"]*\)".*/\1 \2 \3/p' "$tmp/out$v"
		)" = '9 open|filtered no-answer
53 open udp-reply
123 open udp-reply
3478 open|filtered no-answer'
		check "IPv$v: those are rejected" grep -q '"rejected":[1-9]' "$tmp/out$v"
	done
else
	skip 'servers are asked' 'no python3'
fi
