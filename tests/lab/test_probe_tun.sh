#!/bin/sh
# lab: pair
# sonde probe over an interface without a link layer: a host behind a tun device, which answers as it should.
. "$LIB"
[ "$(id -u)" -eq 0 ] || skip_all 'a tun device is made by root'
has python3 || skip_all 'no python3 here'
[ -c /dev/net/tun ] || skip_all 'no /dev/net/tun here'
tmp=$(mktemp -d) || exit 1
trap 'kill $host 2>/dev/null; rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

# The host: port 22 is open, 81 silent, the others are closed. It ends by itself after half a minute.
cat >"$tmp/host.py" <<'E2'
import fcntl
import os
import select
import struct
import time

def total(data):
    data += b"\0" * (len(data) % 2)
    n = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while n >> 16:
        n = (n & 0xffff) + (n >> 16)
    return ~n & 0xffff

def answer(packet):
    v6 = packet[0] >> 4 == 6
    at = 40 if v6 else (packet[0] & 15) * 4
    proto = packet[6] if v6 else packet[9]
    src, dst = (packet[8:24], packet[24:40]) if v6 else (packet[12:16], packet[16:20])
    if proto != 6 or len(packet) < at + 20:
        return None
    sport, dport, seq = struct.unpack("!HHI", packet[at:at + 8])
    if dport == 81 or not packet[at + 13] & 2:
        return None
    flags = 0x12 if dport == 22 else 0x14
    tcp = struct.pack("!HHIIBBHHH", dport, sport, 1000, (seq + 1) & 0xffffffff, 0x50, flags, 1000, 0, 0)
    pseudo = dst + src + struct.pack("!II" if v6 else "!HH", *((20, 6) if v6 else (6, 20)))
    tcp = tcp[:16] + struct.pack("!H", total(pseudo + tcp)) + tcp[18:]
    if v6:
        return struct.pack("!IHBB", 6 << 28, 20, 6, 64) + dst + src + tcp
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 1, 0, 64, 6, 0) + dst + src
    return ip[:10] + struct.pack("!H", total(ip)) + ip[12:] + tcp

fd = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"tun7", 0x1001))
end = time.monotonic() + 30
while time.monotonic() < end:
    if select.select([fd], [], [], 1)[0]:
        reply = answer(os.read(fd, 65535))
        if reply:
            os.write(fd, reply)
E2
ip tuntap add dev tun7 mode tun
ip addr add 198.51.100.1/30 dev tun7
ip -6 addr add 2001:db8:7::1/126 nodad dev tun7
ip link set tun7 up
python3 "$tmp/host.py" &
host=$!
await grep -q 1 /sys/class/net/tun7/carrier

for target in 198.51.100.2 2001:db8:7::2; do
	expect 0 "$target" sonde probe --json "$target" -p 20-90 -w "$tmp/file.pcapng"
	tells 'one is open' '"port":22,.*"state":"open","rule":"syn-ack"'
	tells 'one is silent' '"port":81,.*"state":"filtered","rule":"no-answer"'
	tells 'the others are closed' '"type":"summary".*"open":1,"closed":69,"filtered":1,'
	tells 'nothing is in doubt' '"doubtful":0'
	expect 0 'packets are written' sonde read -q "$tmp/file.pcapng" -o packets -c 1
	tells 'without a link layer' '^frame [^/]*/ ip'
done
expect 0 'by the pace that is asked for' sonde probe --rate max 198.51.100.2 -p 1-2000
tells 'all are right' '2000 ports: 1 open, 1998 closed, 1 filtered'
