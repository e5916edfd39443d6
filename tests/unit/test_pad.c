#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "pad: a trailer that is no filling",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "
	  "arp op=reply sha=02:00:00:00:00:01 spa=10.0.0.1 tha=02:00:00:00:00:02 tpa=10.0.0.2 / pad text:trailer",
	  "020000000002020000000001080600010800060400020200000000010a0000010200000000020a000002747261696c6572" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	return unit_run(&u, "pad");
}
