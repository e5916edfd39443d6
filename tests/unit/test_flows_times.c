/* Times that are further apart than a sonde_time can say. */
#include "flow/report.h"
#include "flow/stalls.h"
#include "tests/unit/wire.h"

#define EARLIEST (INT64_MIN + 1)
#define LATEST   INT64_MAX

struct row {
	const char *name;
	struct sonde_flows_options o;
	sonde_time times[3];
	uint64_t flows;          /* that there are */
	enum sonde_flow_end end; /* of the first */
	sonde_time longest;      /* stall of all, with .o.finds_stalls */
};

static const struct row table[] = {
	{ .name = "silence over more than 292 years ends a flow",
	  .times = { EARLIEST, LATEST, LATEST }, .flows = 2, .end = SONDE_FLOW_SILENT },
	{ .name = "and as many years back do not",
	  .times = { LATEST, EARLIEST, LATEST }, .flows = 1, .end = SONDE_FLOW_OPEN },
	{ .name = "with the longest silence that can be said, one flow stays",
	  .o = { .tcp_silence = INT64_MAX, .other_silence = INT64_MAX },
	  .times = { EARLIEST, LATEST, LATEST }, .flows = 1, .end = SONDE_FLOW_OPEN },
	{ .name = "what it waited for is as long as can be said",
	  .o = { .tcp_silence = INT64_MAX, .other_silence = INT64_MAX, .finds_stalls = true },
	  .times = { EARLIEST, LATEST, LATEST }, .flows = 1, .end = SONDE_FLOW_OPEN, .longest = INT64_MAX },
	{ .name = "flows that expire do so over any span",
	  .o = { .expires = true }, .times = { EARLIEST, LATEST, LATEST }, .flows = 2, .end = SONDE_FLOW_SILENT },
	{ .name = "also after the shortest silence",
	  .o = { .expires = true, .tcp_silence = 1, .other_silence = 1 },
	  .times = { EARLIEST, 0, LATEST }, .flows = 3, .end = SONDE_FLOW_SILENT },
	{ .name = "and not after the longest one",
	  .o = { .expires = true, .tcp_silence = INT64_MAX, .other_silence = INT64_MAX },
	  .times = { LATEST - 1, LATEST, LATEST }, .flows = 1, .end = SONDE_FLOW_OPEN },
};

static void add(struct sonde_flows *t, const struct row *row, const char *text)
{
	for (unsigned i = 0; i < 3; i++) {
		uint8_t bytes[WIRE_MAX];
		struct sonde_packet p;
		wire_build(&p, bytes, text);
		const struct sonde_flows_frame frame = { row->times[i], sonde_view(bytes, p.len), p.len,
							 SONDE_LINK_RAW, i + 1 };
		assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
	}
}

static void spans_are_as_long_as_can_be_said(void **state)
{
	static const char *const texts[] = {
		"ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=53 / text:a",
		"ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=5000 dport=80 flags=A seq=1 ack=1 / text:a",
	};
	const struct row *row = *state;
	for (unsigned i = 0; i < 2; i++) {
		struct sonde_flows *t;
		struct sonde_flow_report r;
		assert_int_equal(sonde_flows_new(&t, &row->o), 0);
		add(t, row, texts[i]);
		assert_int_equal(sonde_flows_end_all(t), 0);
		assert_int_equal(sonde_flows_stats(t).flows, row->flows);
		sonde_flow_report(&r, t, sonde_flows_next_ended(t));
		assert_int_equal(r.end, row->end);
		const struct sonde_stall *longest = r.stalls ? sonde_stall_longest(r.stalls) : NULL;
		assert_int_equal(longest ? longest->duration : 0, row->longest);
		sonde_flows_free(t);
	}
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, spans_are_as_long_as_can_be_said, table);
	return unit_run(&u, "flows_times");
}
