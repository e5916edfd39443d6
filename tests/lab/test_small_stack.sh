#!/bin/sh
# Every command works with a stack of 64 KiB.
. "$LIB"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
captures=$(dirname "$LIB")/../../captures

# small STATUS COMMAND...: the command ends with this status.
small() {
	want=$1
	shift
	expect "$want" "$(echo "$*" | sed "s|$tmp/||g; s|$captures/||g; s|$SONDE|sonde|g")" \
		sh -c 'ulimit -s 64; exec timeout 20 "$@"' sh "$SONDE" "$@"
}

small 0 send --dry-run ip dst=10.0.0.2 / tcp dport=80 options=mss:1460,sackok
small 0 send --dry-run -w "$tmp/sent" ip dst=10.0.0.2 / udp dport=7 / text:hello
small 0 send --dry-run --fragment 100 ip dst=10.0.0.2 / udp dport=7 / zero:1000
small 0 send --dry-run -r "$captures/tcp.pcapng" --set 'ip ttl=9'
small 2 send --dry-run ip dst=10.0.0.2 / udp / zero:262144
small 2 send --dry-run ip dst=10.0.0.2 / udp / file:/dev/zero
for form in line tree packets; do
	small 0 read -o "$form" "$captures/tcp.pcapng"
	small 0 read -o "$form" "$captures/malformed.pcapng"
done
small 0 read --json "$captures/ip6.pcapng"
small 0 read --coverage "$captures/tunnels.pcapng"
small 0 read "$captures/tcp.pcapng" -- 'tcp port 80 or host 10.0.0.1 and not ip6'
small 0 ping --dry-run 10.0.0.1
small 0 ping --dry-run 10.0.0.0/24 --exclude 10.0.0.7
small 1 connect 127.0.0.1 9
small 1 connect --check 127.0.0.1 7-9
small 0 lab show diamond
small 0 help
small 0 help fields tcp
for command in send read ping connect listen lab; do
	small 0 "$command" --help
done
