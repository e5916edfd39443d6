#include "tests/unit/wire.h"

/* By hand, from RFC 2328, A.3.1, D.4.2 and D.4.3. */
static const struct wire_row drawn[] = {
	{ "ospf: a password is not in the sum",
	  "ospf type=hello router=1.2.3.4 area=0.0.0.1 authtype=simple auth=7061737300000000",
	  "02 01 0018 01020304 00000001 f9de 0001 7061737300000000" },
	{ "ospf: no sum with cryptographic authentication",
	  "ospf type=hello router=1.2.3.4 area=0.0.0.1 authtype=cryptographic auth=0000011000000007 / zero:16",
	  "02 01 0028 01020304 00000001 0000 0002 0000011000000007 00000000000000000000000000000000" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* ospf-ack.pcap, frame 1 */
	{ "ospf: an acknowledgement",
	  "ether dst=01:00:5e:00:00:05 src=02:02:00:02:00:00 / ip tos=0xc0 id=7082 flags=DF ttl=1 src=1.0.1.2 "
	  "dst=224.0.0.5 / ospf type=lsack router=2.2.2.2 area=0.0.0.1 / "
	  "hex:002e220101010101010101018000000262ba0024002b2203010000000101010180000001c26b001c",
	  "01005e000005020200020000080045c000541baa400001597ae001000102e000000502050040020202020000000188e800000000"
	  "000000000000002e220101010101010101018000000262ba0024002b2203010000000101010180000001c26b001c" },
	/* ospf.pcap, frame 4 */
	{ "ospf: a hello",
	  "ether dst=01:00:5e:00:00:05 src=08:00:27:76:e3:69 / ip tos=0xc0 id=32865 flags=DF ttl=1 src=10.0.0.2 "
	  "dst=224.0.0.5 / ospf type=hello router=172.16.0.2 area=0.0.0.0 / "
	  "hex:fffffffc000a0200000000280000000000000000ac100001",
	  "01005e00000508002776e369080045c000448061400001590e390a000002e000000502010030ac10000200000000a37b00000000"
	  "000000000000fffffffc000a0200000000280000000000000000ac100001" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "ospf");
}
