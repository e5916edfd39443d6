#include "tests/unit/wire.h"

/* By hand, from RFC 2516, 4 and RFC 1661, 6.5. */
static const struct wire_row drawn[] = {
	{ "pppoec: IPv4",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / pppoec session=0x0011 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "020000000002 020000000001 8864 11000011 0016 21 450000150001000040ff65e70a0000010a000002 78" },
	{ "pppoec: padding behind",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / pppoec session=0x0011 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x / pad hex:0000",
	  "020000000002 020000000001 8864 11000011 0016 21 450000150001000040ff65e70a0000010a000002 78 0000" },
	{ "pppoec: a protocol without a description",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / pppoec session=0x0011 proto=45 / hex:0102",
	  "020000000002 020000000001 8864 11000011 0003 2d 0102" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "pppoec");
}
