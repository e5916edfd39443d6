#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "pppoe: IPv4 in a session",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / pppoe code=data session=0x0011 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "020000000002020000000001886411000011001e00214500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "pppoe: IPv6 in a session, padding behind",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / pppoe code=data session=0x0011 / "
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000 / pad zero:4",
	  "02000000000202000000000188641100001100320057600000000008114020010db800000000000000000000000120010db80000"
	  "0000000000000000000203e807d0000898b100000000" },
	{ "pppoe: discovery with tags",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=pppoe-discovery / "
	  "pppoe code=padi session=0x0000 tags=service,host-uniq:01020304",
	  "020000000002020000000001886311090000000c010100000103000401020304" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* pppoes.pcap, frame 1 */
	{ "pppoe: LCP in a session",
	  "ether dst=00:02:18:03:00:07 src=00:04:23:a9:5d:8e / pppoe code=data session=0x0017 proto=lcp / "
	  "hex:096a000ca4cbea340ee2f609",
	  "000218030007000423a95d8e886411000017000ec021096a000ca4cbea340ee2f609" },
	/* pppoe.pcap, frame 1 */
	{ "pppoe: discovery with the largest payload",
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:0c:29:90:3a:8b type=pppoe-discovery / "
	  "pppoe code=padi session=0x0000 tags=service,max-payload:1500,host-uniq:16372c16",
	  "ffffffffffff000c29903a8b8863110900000012010100000120000205dc0103000416372c16" },
};

/* From the drawings in RFC 2516, 4 and 5. */
static const struct wire_row drawn[] = {
	{ "pppoe: the end of a session", "pppoe code=padt session=0x0011", "11a700110000" },
	{ "pppoe: a length that promises more", "pppoe code=pado session=0x0000 length=99 tags=ac:6162,end",
	  "1107 0000 0063 0102 0002 6162 0000 0000" },
	{ "pppoe: a label stack", "pppoe code=data session=0x0011 / mpls label=16 / ip id=0 src=1.2.3.4 dst=5.6.7.8",
	  "1100 0011 001a 0281 00010140 450000140000000040ff69d80102030405060708" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	return unit_run(&u, "pppoe");
}
