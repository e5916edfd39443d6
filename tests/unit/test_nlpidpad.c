#include "tests/unit/wire.h"

/* By hand, from RFC 2427, 4.1. */
static const struct wire_row drawn[] = {
	{ "nlpidpad: SNAP",
	  "fr address=16/EA / nlpidpad / frsnap / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "0401 03 00 80 000000 0800 450000150001000040ff65e70a0000010a000002 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "nlpidpad");
}
