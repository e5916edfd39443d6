#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* IKEv1.pcap, frame 14 */
	{ "esp: in IPv6",
	  "ether dst=08:5b:0e:3c:11:5d src=b4:0c:25:05:8e:10 / ip6 hlim=63 src=2003:51:6012::2 dst=2003:51:6012::4 "
	  "/ esp spi=0x3d71315a / "
	  "hex:aab33985de977ea5b0bf314ce076ffb7d1b31044abf45adda21b9f50cd902c06830a25d2a6c400d7308ea97b463ff57c8d50"
	  "36d9a8245ad33454ab8445439f8a1cc24c5cf11d139985b8ba8374b4b349a9d146ad2cc5e787c77901ba730ab8b4f2db6b4ce1b0"
	  "b53acdc793488192069f4d11f2c308f029ab66d6aca61ebe8793ad80d2e610445b1011643f2ba995e848",
	  "085b0e3c115db40c25058e1086dd600000000098323f200300516012000000000000000000022003005160120000000000000000"
	  "00043d71315a00000001aab33985de977ea5b0bf314ce076ffb7d1b31044abf45adda21b9f50cd902c06830a25d2a6c400d7308e"
	  "a97b463ff57c8d5036d9a8245ad33454ab8445439f8a1cc24c5cf11d139985b8ba8374b4b349a9d146ad2cc5e787c77901ba730a"
	  "b8b4f2db6b4ce1b0b53acdc793488192069f4d11f2c308f029ab66d6aca61ebe8793ad80d2e610445b1011643f2ba995e848" },
	/* esp_truncated.pcap, frame 1 */
	{ "esp: in UDP",
	  "ether dst=ac:22:05:b2:8f:d4 src=00:00:25:20:79:71 / ip length=70 id=6401 flags=MF+DF ttl=60 "
	  "checksum=0x0000 src=0.254.92.182 dst=255.127.255.121 / udp sport=4500 dport=8472 length=362 "
	  "checksum=0x6673 / hex:c0f7d4c3",
	  "ac2205b28fd4000025207971080045000046190160003c11000000fe5cb6ff7fff7911942118016a6673c0f7d4c3" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "esp");
}
