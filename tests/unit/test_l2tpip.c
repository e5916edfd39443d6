#include "tests/unit/wire.h"

#define FRAME "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x"
#define BYTES "020000000002 020000000001 0800 450000150001000040ff65e70a0000010a000002 78"

/* By hand, from RFC 3931, 4.1.1 and 4.1.2. */
static const struct wire_row drawn[] = {
	{ "l2tpip: a frame", "l2tpip session=7 / " FRAME, "00000007 " BYTES },
	{ "l2tpip: a frame behind a cookie", "l2tpip session=7 cookie=01020304 / " FRAME, "00000007 01020304 " BYTES },
	{ "l2tpip: and behind a long one", "l2tpip session=7 cookie=0102030405060708 / " FRAME,
	  "00000007 0102030405060708 " BYTES },
	{ "l2tpip: something else", "l2tpip session=7 / hex:010203", "00000007 010203" },
	{ "l2tpip: a control message", "l2tpip session=0 / l2tp flags=T+L+S version=3 id=9 ns=1 avps=message:hello",
	  "00000000 c803 0014 00000009 0001 0000 8008 0000 0000 0006" },
	{ "l2tpip: over IP", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / l2tpip session=7 / hex:01",
	  "45000019000100004073666f0a0000010a000002 00000007 01" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "l2tpip");
}
