#include "tests/unit/wire.h"

/* By hand, from RFC 6347, 4.1. */
static const struct wire_row drawn[] = {
	{ "dtls: two records",
	  "dtls type=change-cipher-spec seq=1 data=01 / dtls type=application-data epoch=1 data=0203",
	  "14 fefd 0000 000000000001 0001 01 17 fefd 0001 000000000000 0002 0203" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* dtls13-wolfssl.pcap, frame 2 */
	{ "dtls: a handshake",
	  "ether dst=00:16:3e:ff:c3:ad src=00:16:3e:5a:ea:9c / ip id=55283 flags=DF src=10.168.36.144 "
	  "dst=10.168.36.147 / udp sport=11111 dport=33714 checksum=partial / dtls type=handshake "
	  "data=020000770000000000000077fefdcf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c0013010"
	  "0004f002b0002fefc002c0045004320681e0dd7766c563f4d9bf447d42aaff902167f4ab5291372eacc2c1c2c697d331301bc80b"
	  "ef9ebf4776099aa3e8f401f0f55b75f013de850ac9c3e0d4ba452ee6095",
	  "00163effc3ad00163e5aea9c0800450000acd7f34000401103db0aa824900aa824932b6783b200985f1c16fefd00000000000000"
	  "000083020000770000000000000077fefdcf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c001301"
	  "00004f002b0002fefc002c0045004320681e0dd7766c563f4d9bf447d42aaff902167f4ab5291372eacc2c1c2c697d331301bc80"
	  "bef9ebf4776099aa3e8f401f0f55b75f013de850ac9c3e0d4ba452ee6095" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "dtls");
}
