#include "tests/unit/wire.h"

/* By hand, from 3GPP TS 29.281, 5.1 and 5.2. */
static const struct wire_row drawn[] = {
	{ "gtpu: an extension header",
	  "gtpu flags=E teid=0x00000007 extensions=pdu-session:0009 / hex:ff",
	  "34 ff 0009 00000007 0000 00 85 01 0009 00 ff" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* gtp-iphone.pcap, frame 1 */
	{ "gtpu: a packet",
	  "sll pkttype=host hatype=772 addr=00:00:00:00:00:00 / ip id=0 flags=DF src=127.0.1.1 dst=127.0.1.100 / "
	  "udp sport=2152 dport=2152 checksum=partial / gtpu teid=0x7e10b568 / ip id=18694 src=192.168.3.129 "
	  "dst=192.168.168.1 / udp sport=57801 dport=53 / dns id=54067 qname=sentitlement.mobile.att.net qtype=A",
	  "000003040006000000000000000008004500006d0000400040113a1b7f0001017f00016408680868005900d030ff00497e10b568"
	  "4500004949060000401104cbc0a80381c0a8a801e1c90035003563edd333010000010000000000000c73656e7469746c656d656e"
	  "74066d6f62696c6503617474036e65740000010001" },
	/* gtp8_teredo.pcap, frame 1 */
	{ "gtpu: Teredo in it",
	  "ether dst=00:00:0c:07:ac:e8 src=88:e0:f3:c8:bf:f0 / ip id=0 ttl=60 src=174.94.190.213 "
	  "dst=190.104.181.57 / udp sport=2152 dport=2152 / gtpu teid=0x981137bc / ip id=17056 ttl=128 "
	  "src=172.24.204.200 dst=65.55.158.118 / udp sport=56528 dport=3544 / ip6 length=0 hlim=21 "
	  "src=2001:0:5ef5:79fd:3ca5:6ae6:2b37:be97 dst=2001:0:4137:9e76:201a:3f51:3afd:573e / "
	  "hex:010477a05e7603080000ac18ccc8dcd00502df78",
	  "00000c07ace888e0f3c8bff008004500007c000000003c119d9bae5ebed5be68b539086808680068653730ff0058981137bc4500"
	  "005842a0000080119f66ac18ccc841379e76dcd00dd8004491246000000000003b15200100005ef579fd3ca56ae62b37be972001"
	  "000041379e76201a3f513afd573e010477a05e7603080000ac18ccc8dcd00502df78" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "gtpu");
}
