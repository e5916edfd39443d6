#include "tests/unit/wire.h"

/* By hand, from RFC 1661, 2. */
static const struct wire_row drawn[] = {
	{ "ppp: IPv4",
	  "ppp / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "0021 450000150001000040ff65e70a0000010a000002 78" },
	{ "ppp: in GRE",
	  "gre / ppp proto=lcp / text:x",
	  "0000 880b c021 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "ppp");
}
