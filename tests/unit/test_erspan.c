#include "tests/unit/wire.h"

/* By hand, from draft-foschiano-erspan, 4.2. */
static const struct wire_row drawn[] = {
	{ "erspan: type II",
	  "gre seq=5 / erspan vlan=20 cos=3 en=2 t=1 session=100 index=9 / ether dst=02:00:00:00:00:02 "
	  "src=02:00:00:00:00:01 / text:x",
	  "1000 88be 00000005 1014 7464 00000009 020000000002 020000000001 88b5 78" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* erspan-type-i-1.pcap, frame 1 */
	{ "erspan: type I",
	  "ether dst=00:e0:00:9b:6d:81 src=00:25:9e:81:b3:54 / ip tos=0xfc id=0 ttl=32 src=1.1.1.1 "
	  "dst=192.168.255.5 / gre type=erspan / ether dst=00:11:5c:3d:de:00 src=00:25:9e:81:b3:54 / vlan pcp=6 "
	  "id=101 / ip id=40771 ttl=255 src=10.52.128.233 dst=10.52.128.234 / icmp type=echo code=0 id=44114 seq=3 "
	  "/ "
	  "hex:fda18a280d0b1600504e4700fda18a28000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021"
	  "222324252627",
	  "00e0009b6d8100259e81b354080045fc007e00000000202fd7a501010101c0a8ff05000088be00115c3dde0000259e81b3548100"
	  "c0650800450000549f430000ff01062a0a3480e90a3480ea0800042aac520003fda18a280d0b1600504e4700fda18a2800010203"
	  "0405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627" },
	/* arkime_synthetic.pcap, frame 304 */
	{ "erspan: type II without GRE",
	  "ether dst=00:11:22:33:44:35 src=00:11:22:33:44:34 / erspan session=0 / ether dst=94:2a:6f:ee:8c:83 "
	  "src=6a:70:c5:af:f1:f9 / ip id=1 src=192.168.4.1 dst=192.168.4.2 / icmp type=echo code=0 id=0 seq=0",
	  "00112233443500112233443488be1000000000000000942a6fee8c836a70c5aff1f908004500001c000100004001f18cc0a80401"
	  "c0a804020800f7ff00000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "erspan");
}
