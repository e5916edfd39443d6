#include "tests/unit/wire.h"

/* By hand, from IEEE 802.1D, 9.3.2. */
static const struct wire_row drawn[] = {
	{ "stp: a change of the topology",
	  "stp type=change",
	  "0000 00 80" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* ncp.pcap, frame 61 */
	{ "stp: a configuration",
	  "ether dst=01:80:c2:00:00:00 src=00:1f:0a:fd:64:00 / llc dsap=0x42 ssap=0x42 / stp type=config "
	  "rootmac=00:09:97:61:44:a1 cost=10 mac=00:1f:0a:fd:64:00 port=0x8023 age=256 / pad zero:8",
	  "0180c2000000001f0afd64000026424203000000000080000009976144a10000000a8000001f0afd640080230100140002000f00"
	  "0000000000000000" },
	/* wikipedia.pcap, frame 4 */
	{ "stp: rapid",
	  "ether dst=01:80:c2:00:00:00 src=00:13:7f:4f:8e:f2 / llc dsap=0x42 ssap=0x42 / stp version=2 type=rapid "
	  "flags=0x3c rootprio=33488 rootmac=00:13:7f:be:8c:c0 prio=33488 mac=00:13:7f:be:8c:c0 port=0x8193 / pad "
	  "zero:7",
	  "0180c200000000137f4f8ef20027424203000002023c82d000137fbe8cc00000000082d000137fbe8cc081930000140002000f00"
	  "0000000000000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "stp");
}
