#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* mip6-good-mh-chksum.pcap, frame 1 */
	{ "mobility: an error",
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:00:00:00:00:00 / ip6 src=2001:4f8:4:7:2e0:81ff:fe52:ffff "
	  "dst=2001:4f8:4:7:2e0:81ff:fe52:9a6b / mobility type=error word=256 data=20010078000100320000000000000001",
	  "ffffffffffff00000000000086dd6000000000188740200104f80004000702e081fffe52ffff200104f80004000702e081fffe52"
	  "9a6b3b020700b0d8010020010078000100320000000000000001" },
	/* mip6_coti.pcap, frame 1 */
	{ "mobility: a test",
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:00:00:00:00:00 / ip6 src=2001:4f8:4:7:2e0:81ff:fe52:ffff "
	  "dst=2001:4f8:4:7:2e0:81ff:fe52:9a6b / mobility type=care-of-init data=0000000000000001",
	  "ffffffffffff00000000000086dd6000000000108740200104f80004000702e081fffe52ffff200104f80004000702e081fffe52"
	  "9a6b3b010200d78d00000000000000000001" },
	/* mip6-bad-mh-chksum.pcap, frame 1 */
	{ "mobility: a wrong checksum",
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:00:00:00:00:00 / ip6 src=2001:4f8:4:7:2e0:81ff:fe52:ffff "
	  "dst=2001:4f8:4:7:2e0:81ff:fe52:9a6b / mobility type=error checksum=0x0001 word=256 "
	  "data=20010078000100320000000000000001",
	  "ffffffffffff00000000000086dd6000000000188740200104f80004000702e081fffe52ffff200104f80004000702e081fffe52"
	  "9a6b3b0207000001010020010078000100320000000000000001" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "mobility");
}
