#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "loop: IPv4", "loop / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "000000024500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "loop: IPv6 of OpenBSD", "loop / ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "00000018600000000008114020010db800000000000000000000000120010db800000000000000000000000203e807d0000898b1" },
};

/* The address families of libpcap's link types 0 and 108, in each order of bytes. */
static const struct wire_row families[] = {
	{ "loop: ip6-freebsd", "loop family=ip6-freebsd / ip6 src=:: dst=::",
	  "0000001c 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "loop: ip6-darwin", "loop family=ip6-darwin / ip6 src=:: dst=::",
	  "0000001e 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "loop: ip6-linux", "loop family=ip6-linux / ip6 src=:: dst=::",
	  "0000000a 6000000000003b400000000000000000000000000000000000000000000000000000000000000000" },
	{ "loop: a family without a description", "loop family=7 / hex:01", "00000007 01" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, families);
	return unit_run(&u, "proto_loop");
}
