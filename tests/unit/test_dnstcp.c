#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "dnstcp: a question",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=53 seq=1 ack=2 flags=PA / dnstcp / "
	  "dns id=7 qname=example.com qtype=AXFR",
	  "4500004700010000400666ae0a0000010a0000029c4000350000000100000002 5018ffff34a00000 001d"
	  "000701000001000000000000076578616d706c6503636f6d0000fc0001" },
};

/* By hand. */
static const struct wire_row odd[] = {
	{ "dnstcp: a length beyond the segment", "dnstcp length=400 / dns id=1 qname=a qtype=A",
	  "0190000101000001000000000000016100000100 01" },
	{ "dnstcp: messages follow each other",
	  "dnstcp / dns id=1 qname=a qtype=A / dnstcp / dns id=2 qname=b qtype=NS",
	  "0013 0001 0100 0001 0000 0000 0000 01610000010001 0013 0002 0100 0001 0000 0000 0000 01620000020001" },
	{ "dnstcp: what begins behind a message is data", "dnstcp length=19 / dns id=1 qname=a qtype=A / hex:0013",
	  "0013000101000001000000000000016100000100010013" },
};

/* A segment from the middle of a message is no message. */
static void what_does_not_look_like_it_is_data(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip dst=10.0.0.2 / tcp dport=53 / text:in-the-middle-of-something");
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_layers, 2);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	UNIT_TEST(&u, what_does_not_look_like_it_is_data);
	return unit_run(&u, "dnstcp");
}
