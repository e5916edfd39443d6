/* Sequence numbers counted from 0, told packet by packet. */
#include "flow/relative.h"

#include "base/text.h"
#include "tests/unit/wire.h"

#define MOST 8

#define OUT  "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 "
#define BACK "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 "

/* Packets in the order of time, and what the numbers of each are counted from. */
static const struct row {
	const char *name;
	struct {
		const char *packet;
		uint32_t seq_from, ack_from;
	} packets[MOST];
} rows[] = {
	{ "relative: a handshake",
	  { { OUT "seq=100 flags=S", 100, 0 },
	    { BACK "seq=900 ack=101 flags=SA", 900, 100 },
	    { OUT "seq=101 ack=901 flags=A", 100, 900 },
	    { BACK "seq=901 ack=101 flags=PA / text:a", 900, 100 } } },
	{ "relative: from the middle, each side from before its first",
	  { { OUT "seq=100 ack=900 flags=PA / text:a", 99, 899 },
	    { BACK "seq=902 ack=101 flags=A", 899, 99 },
	    { OUT "seq=101 ack=903 flags=A", 99, 899 } } },
	{ "relative: only the SYN+ACK was seen",
	  { { BACK "seq=900 ack=101 flags=SA", 900, 100 }, { OUT "seq=101 ack=901 flags=A", 100, 900 } } },
	{ "relative: a SYN that is sent again counts from the same",
	  { { OUT "seq=100 flags=S", 100, 0 }, { BACK "seq=900 ack=101 flags=SA", 900, 100 },
	    { OUT "seq=100 flags=S", 100, 900 } } },
	{ "relative: a SYN with another number begins anew",
	  { { OUT "seq=100 flags=S", 100, 0 }, { BACK "seq=900 ack=101 flags=SA", 900, 100 },
	    { OUT "seq=5000 flags=S", 5000, 900 }, { BACK "seq=77 ack=5001 flags=SA", 77, 5000 } } },
	{ "relative: a reset of a port that is closed",
	  { { OUT "seq=100 flags=S", 100, 0 }, { BACK "seq=0 ack=101 flags=RA", 0, 100 },
	    { OUT "seq=100 flags=S", 100, 0 }, { BACK "seq=900 ack=101 flags=SA", 900, 100 } } },
	{ "relative: numbers that wrap",
	  { { OUT "seq=0xffffffff flags=S", 0xffffffff, 0 }, { BACK "seq=0 ack=0 flags=SA", 0, 0xffffffff } } },
	{ "relative: connections apart, and no TCP",
	  { { OUT "seq=100 flags=S", 100, 0 },
	    { "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40001 dport=80 seq=7 flags=S", 7, 0 },
	    { "ether / vlan id=5 / " OUT "seq=8 flags=S", 8, 0 },
	    { "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 dport=80", 0, 0 },
	    { OUT "seq=101 flags=A", 100, 0xffffffff } } },
};

static void numbers_are(void **state)
{
	const struct row *row = *state;
	struct sonde_relatives r;
	assert_int_equal(sonde_relatives_init(&r, sonde_key_from_seed(1)), 0);
	for (size_t i = 0; i < MOST && row->packets[i].packet; i++) {
		uint8_t packet[WIRE_MAX];
		struct sonde_packet p;
		uint32_t seq_from, ack_from;
		wire_build(&p, packet, row->packets[i].packet);
		wire_read(&p, packet, p.len, p.layers[0].proto);
		sonde_relatives_track(&r, &seq_from, &ack_from, &p);
		assert_int_equal(seq_from, row->packets[i].seq_from);
		assert_int_equal(ack_from, row->packets[i].ack_from);
	}
	sonde_relatives_free(&r);
}

static uint32_t from_of(struct sonde_relatives *r, unsigned host, unsigned port, uint32_t seq, const char *flags)
{
	uint8_t packet[WIRE_MAX];
	char text[160];
	struct sonde_packet p;
	uint32_t seq_from, ack_from;
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_text_fmt(&t, "ip src=10.0.0.%u dst=10.0.0.2 / tcp sport=%u dport=80 seq=%u flags=%s", host, port,
		       (unsigned)seq, flags);
	wire_build(&p, packet, text);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	sonde_relatives_track(r, &seq_from, &ack_from, &p);
	return seq_from;
}

/* Four times as many connections as are remembered: the one that speaks all the time is, and a silent one is not. */
static void silent_connections_are_forgotten(void **state)
{
	struct sonde_relatives r;
	(void)state;
	assert_int_equal(sonde_relatives_init(&r, sonde_key_from_seed(1)), 0);
	from_of(&r, 1, 1, 1000, "S");
	from_of(&r, 1, 2, 2000, "S");
	for (unsigned i = 0; i < 4 * SONDE_RELATIVE_CONNECTIONS; i++) {
		from_of(&r, 3 + i / 60000, 100 + i % 60000, i, "S");
		if (i % 1000 == 0)
			assert_int_equal(from_of(&r, 1, 1, 1001 + i, "A"), 1000);
	}
	assert_int_equal(from_of(&r, 1, 2, 5001, "A"), 5000);
	sonde_relatives_free(&r);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, numbers_are, rows);
	UNIT_TEST(&u, silent_connections_are_forgotten);
	return unit_run(&u, "relative sequence numbers");
}
