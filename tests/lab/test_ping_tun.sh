#!/bin/sh
# lab: pair
# sonde ping and send through a tun device, whose frames have no link header: a program at its other end answers echoes.
. "$LIB"
has python3 || skip_all 'no python3 to answer for a tun device'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

cat >"$tmp/answer" <<'PYTHON'
import fcntl, os, struct

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"t0", IFF_TUN | IFF_NO_PI))

def summed(message, pseudo=b""):
    words = pseudo + message + b"\0" * (len(message) % 2)
    n = sum(struct.unpack("!%dH" % (len(words) // 2), words))
    while n >> 16:
        n = (n & 0xffff) + (n >> 16)
    return message[:2] + struct.pack("!H", n ^ 0xffff) + message[4:]

while True:
    p = os.read(tun, 2048)
    if p[0] == 0x45 and p[9] == 1 and p[20] == 8:
        os.write(tun, p[:12] + p[16:20] + p[12:16] + summed(b"\0\0\0\0" + p[24:]))
    elif p[0] >> 4 == 6 and p[6] == 58 and p[40] == 128:
        ends = p[24:40] + p[8:24]
        pseudo = ends + struct.pack("!II", len(p) - 40, 58)
        os.write(tun, p[:8] + ends + summed(b"\x81\0\0\0" + p[44:], pseudo))
PYTHON
timeout 100 python3 "$tmp/answer" 2>"$tmp/said" &
answers=$!
await sh -c 'test -s "$0" || ip link show t0' "$tmp/said"
ip link show t0 >/dev/null 2>&1 || skip_all "no tun device may be made here: $(tail -n 1 "$tmp/said")"
ip address add 192.0.2.1/24 dev t0
ip address add 2001:db8::1/64 dev t0 nodad
ip link set t0 up

for address in 192.0.2.7 2001:db8::7; do
	check "$address: echoes" sonde ping -c 3 -i 20ms -W 5s $address
	tells "$address: are answered" '^3 sent, 3 received, 0 lost'
done
check 'its own address' sonde ping -c 2 -i 20ms 192.0.2.1
check 'a packet' sonde send -W 5s ip dst=192.0.2.9 / icmp type=echo
tells 'is answered, too' '(rule echo-reply)'
expect 1 'ARP' sonde ping --arp -c 1 192.0.2.7
tells 'has no place there' 'the packet starts with ether, frames of t0 start with ip or ip6'
kill $answers
wait $answers 2>/dev/null
expect 1 'the device goes with its program' sonde ping -c 2 -i 20ms 192.0.2.7
tells 'and the route with it' '^not sent: 2 no-route'
