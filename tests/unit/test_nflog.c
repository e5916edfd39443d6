#include "proto/nflog.h"
#include "tests/unit/wire.h"

/* Read by tshark 4.0.17 with the same fields, padded and not. */
static const struct wire_row rows[] = {
	{ "nflog: all that is said of a packet",
	  "nflog family=ip resource=5 tlvs=packet:ip:1,mark:0x00000007,time:1700000000:250,indev:2,outdev:3,hwa"
	  "ddr:6:0:0200000000010000,prefix:dropped,uid:1000,gid:100,hwtype:1,hwheader:0102030405,hwlen:14 / nfl"
	  "ogdata / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=7 / text:a",
	  "020000050800010008000100080002000000000714000300000000006553f10000000000000000fa08000400000000020800"
	  "050000000003100008000006000002000000000100000c000a0064726f707065640008000b00000003e808000e0000000064"
	  "06000f000001000009001000010203040500000006001100000e0000210009004500001d00010000401166cd0a0000010a00"
	  "00020001000700098ad161" },
	{ "nflog: a packet that is filled up",
	  "nflog family=ip / nflogdata / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=7 / text:a / "
	  "pad hex:000000",
	  "02000000210009004500001d00010000401166cd0a0000010a00000200010007000"
	  "98ad161000000" },
	{ "nflog: without a packet", "nflog family=ip6 tlvs=mark:0x00000007", "0a0000000800020000000007" },
};

/* Of a big-endian machine: lengths and types are the other way round. */
static void others_are_bytes(void **state)
{
	uint8_t bytes[WIRE_MAX];
	(void)state;
	size_t len = wire_hex(bytes, "02000005 00080002 00000007 00190009 45000015000100004000 66de0a0000010a00000261");
	assert_false(sonde_nflog.heuristic(sonde_view(bytes, len)));
	len = wire_hex(bytes, "02000005 08000200 00000007");
	assert_true(sonde_nflog.heuristic(sonde_view(bytes, len)));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_TEST(&u, others_are_bytes);
	return unit_run(&u, "nflog");
}
