#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "sll: an outgoing packet",
	  "sll pkttype=outgoing addr=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000",
	  "000400010006020000000001000008004500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "sll: a loopback packet",
	  "sll pkttype=host hatype=772 addr=00:00:00:00:00:00 / ip6 src=2001:db8::1 dst=2001:db8::2 / "
	  "udp sport=1000 dport=2000",
	  "000003040006000000000000000086dd600000000008114020010db800000000000000000000000120010db80000000000000000"
	  "0000000203e807d0000898b1" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* babel.pcap, frame 25 */
	{ "sll: a tunnel, without an address",
	  "sll pkttype=host hatype=778 halen=0 addr=00:00:00:00:00:00 / "
	  "ip6 src=fe80::68d3:1235:d068:1f9e dst=ff02::16 / hopopts options=ra:0 / "
	  "icmp6 type=mld-report2 code=0 records=to_ex:[ff02::1:6],to_ex:[ff02::cca6:c0f9:e182:5359]",
	  "0000030a0000000000000000000086dd6000000000380001fe8000000000000068d31235d0681f9eff0200000000000000000000"
	  "000000163a000502000001008f003f600000000204000000ff02000000000000000000000001000604000000ff02000000000000"
	  "cca6c0f9e1825359" },
};

/* Netlink, whose protocols are no Ethernet types, from the page of the link type at tcpdump.org. */
static const struct wire_row drawn[] = {
	{ "sll: netlink", "sll pkttype=outgoing hatype=824 halen=0 addr=00:00:00:00:00:00 proto=ip / hex:45000014",
	  "0004 0338 0000 000000000000 0000 0800 45000014" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	return unit_run(&u, "sll");
}
