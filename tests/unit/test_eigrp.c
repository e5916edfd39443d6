#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* EIGRP_adjacency.pcap, frame 1 */
	{ "eigrp: a hello",
	  "ether dst=01:00:5e:00:00:0a src=c2:01:73:fe:00:00 / ip tos=0xc0 id=0 ttl=2 src=10.0.0.1 dst=224.0.0.10 "
	  "/ eigrp opcode=hello as=100 tlvs=parameters:1:0:1:0:0:0:15,version:12:4:1:2",
	  "01005e00000ac20173fe0000080045c0003c000000000258cd9f0a000001e000000a0205ee680000000000000000000000000000"
	  "00640001000c010001000000000f000400080c040102" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "eigrp");
}
