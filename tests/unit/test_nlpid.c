#include "tests/unit/wire.h"

/* By hand, from RFC 2427, 3. */
static const struct wire_row drawn[] = {
	{ "nlpid: IPv6",
	  "fr address=16/EA / nlpid / ip6 src=::1 dst=::2",
	  "0401 03 8e 60000000 0000 3b 40 00000000000000000000000000000001 00000000000000000000000000000002" },
	{ "nlpid: PPP",
	  "fr address=16/EA / nlpid / ppp / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "0401 03 cf 0021 450000150001000040ff65e70a0000010a000002 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "nlpid");
}
