#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "null: IPv4, little-endian", "null / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "020000004500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "null: IPv6 of Darwin, little-endian",
	  "null / ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "1e000000600000000008114020010db800000000000000000000000120010db800000000000000000000000203e807d0000898b1" },
	{ "null: IPv6 of FreeBSD, big-endian",
	  "null family=ip6-freebsd-be / ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "0000001c600000000008114020010db800000000000000000000000120010db800000000000000000000000203e807d0000898b1" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* icmpv6-RFC2894-RR.pcap, frame 4 */
	{ "null: IPv6 of FreeBSD",
	  "null family=ip6-freebsd / ip6 src=2001:db8:1:0:a00:27ff:fef4:4dcf dst=2001:db8:1:0:a00:27ff:fef4:4dcf / "
	  "icmp6 type=renumber code=0 rest=0x01000000 / "
	  "hex:001000000000000002070030008000003ffe0501ffff000000000000000000003010000000278d0000093a80000000003ffe"
	  "0501ffff00000000000000000000",
	  "1c0000006000000000483a4020010db8000100000a0027fffef44dcf20010db8000100000a0027fffef44dcf8a0096fb01000000"
	  "001000000000000002070030008000003ffe0501ffff000000000000000000003010000000278d0000093a80000000003ffe0501"
	  "ffff00000000000000000000" },
};

/* The address families of libpcap's link types 0 and 108, in each order of bytes. */
static const struct wire_row families[] = {
	{ "null: ip6-freebsd", "null family=ip6-freebsd / ip6 src=:: dst=::",
	  "1c000000 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: ip6-netbsd", "null family=ip6-netbsd / ip6 src=:: dst=::",
	  "18000000 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: ip6-linux", "null family=ip6-linux / ip6 src=:: dst=::",
	  "0a000000 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: ip-be", "null family=ip-be / ip id=0 src=1.2.3.4 dst=5.6.7.8",
	  "00000002 450000140000000040ff69d80102030405060708" },
	{ "null: ip6-be", "null family=ip6-be / ip6 src=:: dst=::",
	  "0000001e 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: ip6-netbsd-be", "null family=ip6-netbsd-be / ip6 src=:: dst=::",
	  "00000018 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: ip6-linux-be", "null family=ip6-linux-be / ip6 src=:: dst=::",
	  "0000000a 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "null: a family without a description", "null family=7 / hex:01", "07000000 01" },
	{ "null: a family without a description, the other way round",
	  "null family=117440512 / hex:01", "00000007 01" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, families);
	UNIT_ROWS(&u, wire_test, captured);
	return unit_run(&u, "null");
}
