#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "sll2: a packet of interface 7",
	  "sll2 ifindex=7 pkttype=multicast addr=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000",
	  "08000000000000070001020602000000000100004500001c00010000401166ce0a0000010a00000203e807d00008e023" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	return unit_run(&u, "sll2");
}
