#include "tests/unit/wire.h"

/* RFC 4253, 4.2, 6 and 7.3, in hex. */
static const struct wire_row rows[] = {
	{ "ssh: the first line",
	  "ssh software=billsSSH_3.6.3q3\\x20x",
	  "5353482d322e302d62696c6c735353485f332e362e33713320780d0a" },
	{ "ssh: an old one, which ends with a line feed",
	  "ssh version=1.99 software=x\\x0a",
	  "5353482d312e39392d780a" },
	{ "sshpacket: new keys",
	  "sshpacket padding=10 type=newkeys / zero:10",
	  "0000000c0a15 00000000000000000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "ssh");
}
