#include "tests/unit/wire.h"

/* By hand, from ITU-T Q.922, 3.3. */
static const struct wire_row drawn[] = {
	{ "fr: a DLCI and flags",
	  "fr address=100/CR+FECN+DE+EA / nlpid / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "1a 4b 03 cc 450000150001000040ff65e70a0000010a000002 78" },
	{ "fr: an address of four bytes",
	  "fr address=100/0 extension=0x0203 / frtype / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  "18 40 0203 0800 450000150001000040ff65e70a0000010a000002 78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "fr");
}
