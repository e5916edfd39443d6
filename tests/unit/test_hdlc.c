#include "tests/unit/wire.h"

/* By hand, from RFC 1662, 3.1. */
static const struct wire_row drawn[] = {
	{ "hdlc: IPv4",
	  "hdlc / ppp / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "ff03 0021 450000150001000040ff65e70a0000010a000002 78" },
	{ "hdlc: a numbered frame",
	  "hdlc control=0x3f / hex:0021",
	  "ff3f 0021" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* truncated-aack.pcap, frame 1 */
	{ "hdlc: password authentication",
	  "hdlc / ppp proto=pap / hex:020100049486",
	  "ff03c023020100049486" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "hdlc");
}
