#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* erspanIII.pcap, frame 1 */
	{ "erspan3: ICMP",
	  "ether dst=00:50:56:eb:85:f4 src=00:35:1a:f3:9d:44 / ip id=64823 ttl=63 src=10.0.0.1 dst=10.0.0.2 / gre "
	  "seq=62123356 / erspan3 vlan=20 session=0 timestamp=5208 p=1 hwid=3 / ether dst=02:50:56:56:44:52 "
	  "src=00:50:56:be:d5:5d / ip id=57788 ttl=63 src=192.168.15.47 dst=1.1.1.1 / icmp type=echo code=0 id=313 "
	  "seq=0 / "
	  "hex:5c38854c000c20b608090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031"
	  "323334353637",
	  "005056eb85f400351af39d4408004500008afd3700003f2f6a0b0a0000010a000002100022eb03b3ed5c20140000000014580000"
	  "8030025056564452005056bed55d080045000054e1bc00003f01c813c0a80f2f010101010800097d013900005c38854c000c20b6"
	  "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637" },
	/* gre-erspan3-dot1q.pcap, frame 1 */
	{ "erspan3: with a sub-header",
	  "ether dst=02:42:ac:1f:01:87 src=00:ae:cd:00:07:c7 / ip id=0 src=172.31.1.23 dst=172.31.1.135 / gre / "
	  "erspan3 vlan=10 session=0 timestamp=1884323413 gra=user o=1 platform=3 info=0x000000315f742e8 / ether "
	  "dst=00:50:56:8b:6d:c7 src=00:ae:cd:00:0c:f1 / vlan id=10 / ip id=47846 flags=DF src=172.31.10.31 "
	  "dst=172.31.10.2 / icmp type=echo code=0 id=43 seq=4 / "
	  "hex:40b9575e00000000982c020000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031"
	  "323334353637",
	  "0242ac1f018700aecd0007c708004500009200000000402f1f61ac1f0117ac1f0187000022eb200a000070507e55000000070c00"
	  "000315f742e80050568b6dc700aecd000cf18100000a080045000054bae6400040011363ac1f0a1fac1f0a02080006ba002b0004"
	  "40b9575e00000000982c020000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f30313233"
	  "34353637" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "erspan3");
}
