#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "loop: IPv4", "loop / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "000000024500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "loop: IPv6 of OpenBSD", "loop / ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "00000018600000000008114020010db800000000000000000000000120010db800000000000000000000000203e807d0000898b1" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	return unit_run(&u, "proto_loop");
}
