/* Which frame is the packet that was sent. */
#include "session/session.h"

#include "tests/unit/wire.h"

#define PROBE "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=40000 dport=53 / text:abcd"

static const struct ours_row {
	const char *name, *frame;
	bool ours;
} rows[] = {
	{ "ours: itself", PROBE, true },
	{ "ours: with a link layer", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / " PROBE, true },
	{ "ours: padded", "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / " PROBE " / pad zero:14", true },
	{ "ours: another", "ip src=10.0.0.1 dst=10.0.0.2 id=8 / udp sport=40000 dport=53 / text:abcd", false },
	{ "ours: quoted as it was sent", "ip src=10.0.0.2 dst=10.0.0.1 id=1 / icmp type=unreach code=port / " PROBE,
	  false },
};

static void is_ours(void **state)
{
	const struct ours_row *row = *state;
	uint8_t sent[WIRE_MAX], seen[WIRE_MAX];
	struct sonde_packet p, frame;
	struct sonde_received got = { .ifindex = 1 };
	wire_build(&p, sent, PROBE);
	wire_build(&frame, seen, row->frame);
	wire_read(&got.packet, seen, frame.len, frame.layers[0].proto);
	got.record.bytes = sonde_view(seen, frame.len);
	assert_int_equal(sonde_session_is_ours(&got, sonde_view(p.data, p.len)), row->ours);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_ours, rows);
	return unit_run(&u, "session");
}
