#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* NTP_sync.pcap, frame 3 */
	{ "ntp: symmetric, not synchronized",
	  "ether dst=00:0c:41:82:b2:53 src=00:d0:59:6c:40:4e / ip id=2626 ttl=128 src=192.168.50.50 "
	  "dst=67.129.68.9 / udp sport=123 dport=123 / ntp leap=unsynchronized version=3 mode=active poll=10 "
	  "precision=-6 rootdisp=66192 transmit=0xc50204ecec42ee92",
	  "000c4182b25300d0596c404e08004500004c0a4200008011b5fac0a8323243814409007b007b0038f8d2d9000afa000000000001"
	  "029000000000000000000000000000000000000000000000000000000000c50204ecec42ee92" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "ntp");
}
