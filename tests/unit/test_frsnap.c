#include "tests/unit/wire.h"

/* By hand, from RFC 2427, 4.1. */
static const struct wire_row drawn[] = {
	{ "frsnap: a vendor",
	  "fr address=16/EA / nlpidpad / frsnap oui=0x00000c type=cdp / text:x",
	  "0401 03 00 80 00000c 2000 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "frsnap");
}
