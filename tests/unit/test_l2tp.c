#include "tests/unit/wire.h"

/* By hand, from RFC 2661, 3.1 and 4.1, and RFC 3931, 4.1.2. */
static const struct wire_row drawn[] = {
	{ "l2tp: a control message",
	  "l2tp flags=T+L+S tunnel=0 session=0 avps=message:sccrq,version:256,framing:3,host:lac,tunnel:7",
	  "c8 02 0037 0000 0000 0000 0000 8008 0000 0000 0001 8008 0000 0002 0100 800a 0000 0003 00000003 8009 "
	  "0000 0007 6c6163 8008 0000 0009 0007" },
	{ "l2tp: an AVP that is not mandatory, of a vendor",
	  "l2tp flags=T+L tunnel=1 session=0 avps=window:4:flags=0x00,655360:01",
	  "c0 02 0017 0001 0000 0008 0000 000a 0004 0007 000a 0000 01" },
	{ "l2tp: data with an offset",
	  "l2tp flags=L+O tunnel=1 session=2 pad=05 / hdlc / ppp / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "42 02 0024 0001 0002 0001 05 ff03 0021 450000150001000040ff65e70a0000010a000002 78" },
	{ "l2tp: data of version 3",
	  "l2tp version=3 id=7 / text:x",
	  "00 03 0000 00000007 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "l2tp");
}
