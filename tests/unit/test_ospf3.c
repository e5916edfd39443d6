#include "tests/unit/wire.h"

/* By hand, from RFC 5340, A.3.1. */
static const struct wire_row drawn[] = {
	{ "ospf3: a hello without a pseudo-header",
	  "ospf3 type=hello router=1.2.3.4 area=0.0.0.1 instance=2",
	  "03 01 0010 01020304 00000001 f6e7 02 00" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "ospf3");
}
