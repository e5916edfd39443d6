#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "vxlan: an Ethernet frame in UDP",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=50000 dport=4789 / vxlan vni=5001 / "
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000",
	  "4500004e000100004011669c0a0000010a000002c35012b5003a8c77080000000013890002000000000202000000000108004500"
	  "001c00010000401166ce0a0000010a00000203e807d00008e023" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* vxlan.pcap, frame 2 */
	{ "vxlan: ARP inside",
	  "ether dst=36:dc:85:1e:b3:40 src=00:16:3e:08:71:cf / "
	  "ip id=47106 flags=DF ttl=62 src=192.168.202.1 dst=192.168.203.1 / "
	  "udp sport=42710 dport=4789 checksum=0x0000 / vxlan vni=100 / "
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:30:88:01:00:02 / "
	  "arp op=request sha=00:30:88:01:00:02 spa=192.168.203.5 tpa=192.168.203.3",
	  "36dc851eb34000163e0871cf08004500004eb80240003e116e48c0a8ca01c0a8cb01a6d612b5003a00000800000000006400ffff"
	  "ffffffff00308801000208060001080006040001003088010002c0a8cb05000000000000c0a8cb03" },
};

/* What is inside names the port. */
static void the_port_is_its_own(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "udp / vxlan vni=7");
	assert_int_equal(sonde_get_be16(packet + 2), 4789);
	wire_build(&p, packet, "udp dport=5 / vxlan vni=7");
	assert_int_equal(sonde_get_be16(packet + 2), 5);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_TEST(&u, the_port_is_its_own);
	return unit_run(&u, "vxlan");
}
