#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* quic_retry.pcap, frame 2 */
	{ "quic: a retry",
	  "null / ip6 flow=0xe0e00 src=::1 dst=::1 / udp sport=443 dport=62821 checksum=partial / quic type=retry "
	  "bits=0xf version=0x00000001 scid=e1051eaa7adfb230 / "
	  "hex:4560cfe26e2d3ded33fc90c079b4521a8f14c16fe05c7aedfcdd1fcc597a8ee829347d305442fb17a25cc93df7746f1a7de3"
	  "23462823b33d7c17ebac994cdbb6a85215f10316c399fc999a17dddde6e9950e1c0a33dee64eceaf3e72d0d29a183ec83b03e7ca"
	  "5431f0ce5fdca7c168045429abeb5efa231155110752106aaba8f67ccb6438caacb0bb5656f40504ed4b",
	  "1e000000600e0e0000a71140000000000000000000000000000000010000000000000000000000000000000101bbf56500a700ba"
	  "ff000000010008e1051eaa7adfb2304560cfe26e2d3ded33fc90c079b4521a8f14c16fe05c7aedfcdd1fcc597a8ee829347d3054"
	  "42fb17a25cc93df7746f1a7de323462823b33d7c17ebac994cdbb6a85215f10316c399fc999a17dddde6e9950e1c0a33dee64ece"
	  "af3e72d0d29a183ec83b03e7ca5431f0ce5fdca7c168045429abeb5efa231155110752106aaba8f67ccb6438caacb0bb5656f405"
	  "04ed4b" },
	/* chromium-115.0.5790.110-api-cirrus-com.pcap, frame 3 */
	{ "quic: a handshake",
	  "ether dst=ce:8c:a2:70:a8:30 src=50:eb:71:47:df:c4 / ip id=63975 flags=DF src=82.239.54.117 "
	  "dst=110.213.53.115 / udp sport=53727 dport=443 / quic type=handshake bits=0x4 version=0x00000001 "
	  "dcid=d5412c47018cdfe8 / "
	  "hex:404711753410f5fb44bdc9c0d717f68b8d5fa8b0a3e434565dc122a8a96a286518ea1ffcf18799684914abc9b8fbd4d4dfad"
	  "27524a504fa3300ddb776a9d73726ec3470f4cb3a13c694dd5412c47018cdfe80337cedfd01aed4f6edd73634be8e61b5c79fe36"
	  "1c058f1361ca7daa945152c9048043834f6bc08eb252d6d84f2d5b77aef897690edb800dfc9f70b318ecae865128ad9b",
	  "ce8ca270a83050eb7147dfc40800450000c1f9e740004011129852ef36756ed53573d1df01bb00ade8c7e40000000108d5412c47"
	  "018cdfe800404711753410f5fb44bdc9c0d717f68b8d5fa8b0a3e434565dc122a8a96a286518ea1ffcf18799684914abc9b8fbd4"
	  "d4dfad27524a504fa3300ddb776a9d73726ec3470f4cb3a13c694dd5412c47018cdfe80337cedfd01aed4f6edd73634be8e61b5c"
	  "79fe361c058f1361ca7daa945152c9048043834f6bc08eb252d6d84f2d5b77aef897690edb800dfc9f70b318ecae865128ad9b" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "quic");
}
