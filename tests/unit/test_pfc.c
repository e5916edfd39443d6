#include "tests/unit/wire.h"

/* By hand, from RFC 1661, 6.5. */
static const struct wire_row drawn[] = {
	{ "pfc: IPv4",
	  "pfc / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "21 450000150001000040ff65e70a0000010a000002 78" },
	{ "pfc: behind HDLC-like framing",
	  "hdlc / pfc / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "ff03 21 450000150001000040ff65e70a0000010a000002 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "pfc");
}
