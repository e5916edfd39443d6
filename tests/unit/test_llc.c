#include "tests/unit/wire.h"

#define FRAME     "wlan type=data addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03"
#define FRAME_HEX "0800 0000 020000000001 020000000002 020000000003 0000"

/* By hand, from IEEE 802.2, IEEE 802 and RFC 1042. */
static const struct wire_row drawn[] = {
	{ "llc: SNAP of Ethernet", FRAME " / llc / vlan id=7 / text:x",
	  FRAME_HEX "aaaa03 000000 8100 0007 88b5 78" },
	{ "llc: SNAP of a bridge", FRAME " / llc oui=0x0000f8 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  FRAME_HEX "aaaa03 0000f8 0800 450000150001000040ff65e70a0000010a000002 78" },
	{ "llc: SNAP of a vendor", FRAME " / llc oui=0x00000c type=0x2000 / hex:02",
	  FRAME_HEX "aaaa03 00000c 2000 02" },
	{ "llc: spanning tree", FRAME " / llc dsap=0x42 ssap=0x42 / zero:4", FRAME_HEX "424203 00000000" },
	{ "llc: a numbered frame", FRAME " / llc dsap=0xf0 ssap=0xf1 control=0x01 control2=0x08 / text:x",
	  FRAME_HEX "f0f1 0108 78" },
	{ "llc: cut in SNAP", FRAME " / llc oui=0x000001 have=6 / hex:08", FRAME_HEX "aaaa03 000001 08" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	return unit_run(&u, "llc");
}
