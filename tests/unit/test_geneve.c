#include "tests/unit/wire.h"

/* By hand, from RFC 8926, 3.4 and 3.5. */
static const struct wire_row drawn[] = {
	{ "geneve: reserved bits of an option",
	  "geneve flags=O+C vni=1 options=hex:0102807100010002 / arp op=request sha=00:00:00:00:00:00 spa=0.0.0.0 "
	  "tpa=0.0.0.0",
	  "02 c0 0806 000001 00 01028071 00010002 0001080006040001 000000000000 00000000 000000000000 00000000" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* geneve.pcap, frame 1 */
	{ "geneve: an option, ICMP in Ethernet in it",
	  "ether dst=00:1b:21:3c:ac:30 src=00:1b:21:3c:ab:64 / ip id=57261 flags=DF src=20.0.0.1 dst=20.0.0.2 / "
	  "udp sport=12618 dport=6081 checksum=0x0000 / geneve flags=C vni=10 options=128:0000000c / ether "
	  "dst=fe:71:d8:83:72:4f src=b6:9e:d2:49:51:48 / ip id=48546 flags=DF src=30.0.0.1 dst=30.0.0.2 / icmp "
	  "type=echo code=0 id=10578 seq=23 / "
	  "hex:f1a2ce540000000017780c0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031"
	  "323334353637",
	  "001b213cac30001b213cab6408004500008edfad4000401132af1400000114000002314a17c1007a00000240655800000a000000"
	  "80010000000cfe71d883724fb69ed2495148080045000054bda24000400141041e0000011e00000208002c5429520017f1a2ce54"
	  "0000000017780c0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637" },
	/* geneve-arp.pcap, frame 1 */
	{ "geneve: ARP in it",
	  "ether dst=00:11:22:33:44:55 src=66:77:88:99:aa:bb / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=12345 "
	  "dport=6081 / geneve vni=1 / arp op=request sha=aa:bb:cc:dd:ee:ff spa=10.0.0.1 tpa=10.0.0.2",
	  "00112233445566778899aabb08004500004000010000401166aa0a0000010a000002303917c1002c11f100000806000001000001"
	  "080006040001aabbccddeeff0a0000010000000000000a000002" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "geneve");
}
