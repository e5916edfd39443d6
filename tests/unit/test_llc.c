#include "proto/llc.h"

#include "packet/packet.h"
#include "proto/ether.h"
#include "tests/unit/wire.h"

#define FRAME     "wlan type=data addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03"
#define FRAME_HEX "0800 0000 020000000001 020000000002 020000000003 0000"

/* By hand, from IEEE 802.2, IEEE 802 and RFC 1042. */
static const struct wire_row drawn[] = {
	{ "llc: SNAP of Ethernet", FRAME " / llc / vlan id=7 / text:x",
	  FRAME_HEX "aaaa03 000000 8100 0007 88b5 78" },
	{ "llc: SNAP of a bridge", FRAME " / llc oui=0x0000f8 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / text:x",
	  FRAME_HEX "aaaa03 0000f8 0800 450000150001000040ff65e70a0000010a000002 78" },
	{ "llc: SNAP of a vendor", FRAME " / llc oui=0x00000c / cdp have=1",
	  FRAME_HEX "aaaa03 00000c 2000 02" },
	{ "llc: spanning tree", FRAME " / llc dsap=0x42 ssap=0x42 / stp type=config have=4",
	  FRAME_HEX "424203 00000000" },
	{ "llc: a numbered frame", FRAME " / llc dsap=0xf0 ssap=0xf1 control=0x01 control2=0x08 / text:x",
	  FRAME_HEX "f0f1 0108 78" },
	{ "llc: cut in SNAP", FRAME " / llc oui=0x000001 have=6 / hex:08", FRAME_HEX "aaaa03 000001 08" },
};

/* Frames of the captures in tcpdump's and zeek's tests. */
static const struct wire_row captured[] = {
	/* ncp.pcap, frame 61 */
	{ "llc: spanning tree in Ethernet, padded",
	  "ether dst=01:80:c2:00:00:00 src=00:1f:0a:fd:64:00 / llc dsap=0x42 ssap=0x42 / "
	  "stp type=config rootmac=00:09:97:61:44:a1 cost=10 mac=00:1f:0a:fd:64:00 port=0x8023 age=256 / pad zero:8",
	  "0180c2000000001f0afd64000026424203000000000080000009976144a10000000a8000001f0afd64008023010014000200"
	  "0f000000000000000000" },
};

/* By hand, from IEEE 802.3, 3.2.6, and tcpdump.org/linktypes. */
static const struct wire_row lengths[] = {
	{ "llc: a length in Ethernet", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / llc / text:abc",
	  "020000000002 020000000001 000b aaaa03 000000 88b5 616263" },
	{ "llc: a length that lies", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x000c / llc / text:abc",
	  "020000000002 020000000001 000c aaaa03 000000 88b5 616263" },
	{ "llc: a length behind a tag", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / vlan id=7 / llc / "
	  "arp op=request sha=00:00:00:00:00:00 spa=0.0.0.0 tpa=0.0.0.0",
	  "020000000002 020000000001 8100 0007 0024 aaaa03 000000 0806 0001080006040001 000000000000 00000000"
	  "000000000000 00000000" },
	{ "llc: IPX without LLC", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x0004 / hex:ffff0004",
	  "020000000002 020000000001 0004 ffff0004" },
	{ "llc: Linux cooked", "sll pkttype=host addr=02:00:00:00:00:01 / llc / text:abc",
	  "0000 0001 0006 020000000001 0000 0004 aaaa03 000000 88b5 616263" },
};

/* 1501 would be read as a type. */
static void a_length_has_an_end(void **state)
{
	static uint8_t buffer[4096], zeros[1500];
	struct sonde_packet p;
	(void)state;
	for (uint32_t len = 1499; len <= 1501; len++) {
		sonde_packet_init(&p, buffer, sizeof buffer);
		assert_int_equal(sonde_push(&p, &sonde_ether), 0);
		assert_int_equal(sonde_push(&p, &sonde_llc), 1);
		assert_int_equal(sonde_push_payload(&p, sonde_view(zeros, len - 8)), 0);
		sonde_finish(&p);
		assert_int_equal(sonde_check_fit(&p, NULL), len <= 1500 ? 0 : SONDE_E_RANGE);
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_ROWS(&u, wire_test_bytes, lengths);
	UNIT_TEST(&u, a_length_has_an_end);
	return unit_run(&u, "llc");
}
