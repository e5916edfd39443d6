#include "proto/chdlc.h"

#include "packet/packet.h"
#include "proto/hdlc.h"
#include "proto/pfc.h"
#include "proto/ppp.h"
#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* CiscoHDLC.pcap, frame 1 */
	{ "chdlc: IPv4",
	  "chdlc / ip id=0 ttl=255 src=10.0.0.1 dst=10.0.0.2 / icmp type=echo code=0 id=0 seq=0 / "
	  "hex:0000000000034c3cabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
	  "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
	  "0f0008004500006400000000ff01a7960a0000010a0000020800320b000000000000000000034c3cabcdabcdabcdabcdabcdabcd"
	  "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd" },
	/* CiscoHDLC.pcap, frame 2 */
	{ "chdlc: IPv6",
	  "chdlc / ip6 hlim=0 src=2402:f000:1:8e01::5555 dst=2607:fcd0:100:2300::b108:2a6b / tcp sport=1234 "
	  "dport=80 seq=0 flags=0 win=0",
	  "0f0086dd60000000001406002402f00000018e0100000000000055552607fcd00100230000000000b1082a6b04d2005000000000"
	  "0000000050000000911c0000" },
};

/* tcpdump.org/linktypes: link type 50 is PPP in HDLC-like framing or Cisco HDLC; frames of PPP alone are met, too. */
static void a_link_of_serial_lines_is_told_by_its_first_byte(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		const uint8_t frame[] = { (uint8_t)first, 0, 0, 0 };
		bool cisco = first == 0x0f || first == 0x8f;
		const struct sonde_proto *other = first & 1 ? &sonde_pfc : &sonde_ppp;
		struct sonde_packet p;
		sonde_dissect(&p, frame, sizeof frame, sizeof frame, (struct sonde_id){ SONDE_SPACE_LINK, 50 });
		assert_ptr_equal(p.layers[0].proto, first == 0xff ? &sonde_hdlc : cisco ? &sonde_chdlc : other);
		sonde_dissect(&p, frame, sizeof frame, sizeof frame, (struct sonde_id){ SONDE_SPACE_LINK, 104 });
		assert_ptr_equal(p.layers[0].proto, &sonde_chdlc);
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_TEST(&u, a_link_of_serial_lines_is_told_by_its_first_byte);
	return unit_run(&u, "chdlc");
}
