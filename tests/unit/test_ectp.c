#include "tests/unit/wire.h"

/* By hand, from Ethernet 2.0, 8. */
static const struct wire_row drawn[] = {
	{ "ectp: forwarding",
	  "ectp skip=8 function=forward addr=02:00:00:00:00:03 / text:x",
	  "0800 0200 020000000003 78" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* mpls-basic.pcap, frame 4 */
	{ "ectp: a reply",
	  "ether dst=00:30:96:e6:fc:39 src=00:30:96:e6:fc:39 / ectp function=reply / zero:40",
	  "003096e6fc39003096e6fc3990000000010000000000000000000000000000000000000000000000000000000000000000000000"
	  "0000000000000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "ectp");
}
