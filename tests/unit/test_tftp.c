#include "tests/unit/wire.h"

/* RFC 1350, 5, and RFC 2347, in hex. */
static const struct wire_row rows[] = {
	{ "tftp: a read request with options",
	  "tftp opcode=rrq file=boot.img mode=octet options=blksize:1428,tsize:0",
	  "0001 626f6f742e696d6700 6f6374657400 626c6b73697a6500 3134323800 7473697a6500 3000" },
	{ "tftp: data",
	  "tftp opcode=data block=1 / text:abc",
	  "00030001 616263" },
	{ "tftp: ack",
	  "tftp opcode=ack block=1",
	  "00040001" },
	{ "tftp: error",
	  "tftp opcode=error code=not-found message=none",
	  "00050001 6e6f6e6500" },
	{ "tftp: options are acknowledged",
	  "tftp opcode=oack options=blksize:1428",
	  "0006 626c6b73697a6500 3134323800" },
	{ "tftp: a name without its end",
	  "tftp opcode=rrq have=2 / text:boot",
	  "0001 626f6f74" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "tftp");
}
