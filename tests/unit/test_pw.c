#include "tests/unit/wire.h"

/* By hand, from RFC 4385, 3. */
static const struct wire_row drawn[] = {
	{ "pw: Ethernet behind a control word",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16 / pw seq=7 / ether "
	  "dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "020000000002 020000000001 8847 00010140 0000 0007 020000000002 020000000001 0800 "
	  "450000150001000040ff65e70a0000010a000002 78" },
	{ "pw: Ethernet without one",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16 / ether dst=02:00:00:00:00:02 "
	  "src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "020000000002 020000000001 8847 00010140 020000000002 020000000001 0800 "
	  "450000150001000040ff65e70a0000010a000002 78" },
	{ "pw: what is no frame",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16 / hex:0000000701",
	  "020000000002 020000000001 8847 00010140 0000 0007 01" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "pw");
}
