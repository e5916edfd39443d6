#include "tests/unit/wire.h"

/* By hand, from RFC 8489, 5 and 14. */
static const struct wire_row drawn[] = {
	{ "stun: a binding request",
	  "stun type=binding id=000102030405060708090a0b attributes=software:abc,priority:0x01020304",
	  "0001 0010 2112a442 000102030405060708090a0b 8022 0003 616263 00 0024 0004 01020304" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "stun");
}
