#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. Its rates are in Mbit/s. */
static const struct wire_row rows[] = {
	{ "radiotap: nothing but a rate",
	  "radiotap rate=4 / wlan type=ack addr1=02:00:00:00:00:01",
	  "000009000400000004d4000000020000000001" },
	{ "radiotap: fields at their places",
	  "radiotap present=0x0018486f tsft=1234605616436508552 flags=shortpreamble rate=12 freq=2412 chflags=cck+2ghz "
	  "signal=-40 noise=-95 antenna=1 mcsknown=0x07 mcs=5 ampduref=9 ampduflags=0x0002 / wlan type=ack "
	  "addr1=02:00:00:00:00:01",
	  "000028006f4818008877665544332211020c6c09a000d8a101000000070005000900000002000000d4000000020000000001" },
	{ "radiotap: vht and timestamp",
	  "radiotap present=0x00600002 vhtknown=0x0044 vhtbandwidth=4 timestamp=5 tsaccuracy=2 tsflags=0x01 / wlan "
	  "type=ack addr1=02:00:00:00:00:01",
	  "000024000200600000004400000400000000000000000000050000000000000002000001d4000000020000000001" },
};

#define ACK     "wlan type=ack addr1=02:00:00:00:00:01"
#define ACK_HEX "d400 0000 020000000001"

/* By hand, from radiotap.org. */
static const struct wire_row drawn[] = {
	{ "radiotap: two antennas",
	  "radiotap present=0xa0000022 present2=0x00000820 signal=-30 signal2=-31 antenna2=1 / " ACK,
	  "0000 1000 220000a0 20080000 00 e2 e1 01" ACK_HEX },
	{ "radiotap: three words",
	  "radiotap present=0xa0000020 present2=0xa0000820 present3=0x00000820 signal=-30 signal2=-31 antenna2=1 "
	  "rest=e002 / " ACK,
	  "0000 1500 200000a0 200800a0 20080000 e2 e1 01 e002" ACK_HEX },
	{ "radiotap: a vendor's word",
	  "radiotap present=0xc0000020 present2=0x00000820 signal=-30 rest=010203 / " ACK,
	  "0000 1000 200000c0 20080000 e2 010203" ACK_HEX },
	{ "radiotap: the check sequence of the frame", "radiotap flags=fcs / " ACK " / pad hex:01020304",
	  "0000 0900 02000000 10" ACK_HEX "01020304" },
	{ "radiotap: bytes between header and body", "radiotap flags=datapad / text:x",
	  "0000 0900 02000000 20 78" },
	{ "radiotap: nothing", "radiotap / " ACK, "0000 0800 00000000" ACK_HEX },
	{ "radiotap: more than there is a description for", "radiotap present=0x10000004 rate=2 rest=010203 / " ACK,
	  "0000 0c00 04000010 02 010203" ACK_HEX },
	{ "radiotap: extended channel, HE, several users",
	  "radiotap present=0x07840000 xchflags=0x00000140 xfreq=5540 xchannel=108 he1=0x0001 he6=0x0600 "
	  "hemu=0102030405060708090a0b0c hemuother=010203040506 / " ACK,
	  "0000 2f00 00008407 40010000 a415 6c 00 0100 0000 0000 0000 0000 0006 "
	  "0102030405060708090a0b0c 010203040506 00" ACK_HEX },
};

/* Headers that are not as they should be. */
static const struct wire_row odd[] = {
	{ "radiotap: something in the gaps, as some drivers leave it",
	  "radiotap rate=2 xfreq=5540 xchannel=108 gaps=4e3497 / " ACK,
	  "0000 1400 04000400 02 4e3497 00000000 a415 6c 00" ACK_HEX },
	{ "radiotap: shorter than its fields", "radiotap length=10 present=0x00000028 freq=1 signal=-30 have=13",
	  "0000 0a00 28000000 0100 0000 e2" },
	{ "radiotap: longer than the frame", "radiotap length=99 present=0x00000004 rate=2 have=9",
	  "0000 6300 04000000 02" },
};

/* What checks the frame is no part of it, and is not there where bytes are missing. */
static void the_check_sequence_is_apart(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_id radiotap = { SONDE_SPACE_LINK, 127 };
	(void)state;
	wire_build(&p, packet, "radiotap flags=fcs / wlan type=probe-request addr1=02:00:00:00:00:01 "
			       "addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:01 elements=ssid:x / pad hex:01020304");
	sonde_dissect(&p, packet, p.len, p.len, radiotap);
	assert_int_equal(p.n_trailers, 1);
	assert_int_equal(p.layers[1].total_len, 27);
	sonde_dissect(&p, packet, p.len - 4, p.len, radiotap);
	assert_int_equal(p.n_trailers, 0);
	assert_int_equal(p.layers[1].have_len, 27);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	UNIT_TEST(&u, the_check_sequence_is_apart);
	return unit_run(&u, "radiotap");
}
