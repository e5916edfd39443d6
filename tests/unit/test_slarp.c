#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* CiscoHDLC.pcap, frame 3 */
	{ "slarp: a keepalive",
	  "chdlc address=multicast / slarp code=keepalive mysequence=5 yoursequence=2 / hex:0078f0a20000",
	  "8f008035000000020000000500000002ffff0078f0a20000" },
	/* hdlc_slarp.pcapng, frame 2 */
	{ "slarp: a request",
	  "chdlc address=multicast / slarp code=request reliability=0x0000 / zero:6",
	  "8f0080350000000000000000000000000000000000000000" },
	/* hdlc_slarp.pcapng, frame 3 */
	{ "slarp: a reply",
	  "chdlc address=multicast / slarp code=reply addr=15.0.0.1 mask=255.255.255.252 reliability=0x0000 / "
	  "zero:6",
	  "8f008035000000010f000001fffffffc0000000000000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "slarp");
}
