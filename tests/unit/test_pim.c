#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* PIMv2_hellos.pcap, frame 1 */
	{ "pim: a hello",
	  "ether dst=01:00:5e:00:00:0d src=c2:02:52:72:00:00 / ip tos=0xc0 id=895 ttl=1 src=10.0.0.2 "
	  "dst=224.0.0.13 / pim type=hello / hex:000100020069001400043f0ef4cd00130004000000010015000401000000",
	  "01005e00000dc20252720000080045c00036037f00000167cb130a000002e000000d2000aa6e000100020069001400043f0ef4cd"
	  "00130004000000010015000401000000" },
	/* PIM_register_register-stop.pcap, frame 1 */
	{ "pim: a register",
	  "ether dst=cc:05:06:1c:f0:00 src=cc:06:06:1c:f0:01 / ip id=350 ttl=255 src=192.168.0.6 dst=192.168.1.254 "
	  "/ pim type=register / ip id=15 ttl=254 src=192.168.20.10 dst=239.1.2.3 / icmp type=echo code=0 id=3 "
	  "seq=0 / "
	  "hex:000000000005ed60abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
	  "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
	  "cc05061cf000cc06061cf001080045000080015e0000ff673664c0a80006c0a801fe2100deff0000000045000064000f0000fe01"
	  "f6d2c0a8140aef010203080090e100030000000000000005ed60abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
	  "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd" },
	/* PIM_register_register-stop.pcap, frame 2 */
	{ "pim: a register stop",
	  "ether dst=cc:06:06:1c:f0:01 src=cc:05:06:1c:f0:00 / ip tos=0xc0 id=642 ttl=255 src=192.168.1.254 "
	  "dst=192.168.0.6 / pim type=register-stop / hex:01000020ef0102030100c0a8140a / pad zero:8",
	  "cc06061cf001cc05061cf000080045c0002602820000ff6734dac0a801fec0a800062200162801000020ef0102030100c0a8140a"
	  "0000000000000000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "pim");
}
