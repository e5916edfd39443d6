#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "sll2: a packet of interface 7",
	  "sll2 ifindex=7 pkttype=multicast addr=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000",
	  "08000000000000070001020602000000000100004500001c00010000401166ce0a0000010a00000203e807d00008e023" },
};

/* Netlink, whose protocols are no Ethernet types, from the page of the link type at tcpdump.org. */
static const struct wire_row drawn[] = {
	{ "sll2: netlink",
	  "sll2 proto=ip ifindex=7 hatype=824 pkttype=outgoing halen=0 addr=00:00:00:00:00:00 addr78=0x0102 / "
	  "hex:45000014",
	  "0800 0000 00000007 0338 04 00 000000000000 0102 45000014" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, drawn);
	return unit_run(&u, "sll2");
}
