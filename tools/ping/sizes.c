#include <stdlib.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/ping/ping.h"

int ping_sizes_open(struct ping_sizes *s, const struct ping_options *po)
{
	*s = (struct ping_sizes){ .sizes = po->sizes, .n = po->n_sizes > 1 ? po->n_sizes : 0 };
	s->rows = s->n ? calloc(s->n, sizeof *s->rows) : NULL;
	return s->n && !s->rows ? message_out_of_memory() : 0;
}

void ping_sizes_close(struct ping_sizes *s)
{
	free(s->rows);
}

void ping_sizes_event(struct ping_sizes *s, const struct sonde_ping_event *e)
{
	if (!s->n)
		return;
	struct ping_size *row = &s->rows[e->round % s->n];
	row->lost += e->kind == SONDE_PING_LOST;
	row->dropped += e->kind == SONDE_PING_DROPPED;
	row->refused += e->kind == SONDE_PING_REFUSED;
	row->received += e->kind == SONDE_PING_REPLY;
	if (e->kind == SONDE_PING_REPLY && sonde_ping_has_time(e))
		sonde_stats_add(&row->rtt, e->rtt_ns);
}

static bool is_used(const struct ping_size *row)
{
	return row->received + row->lost + row->dropped + row->refused > 0;
}

/* The row as a target without an address, which is counted likewise. */
static struct sonde_ping_target counts_of(const struct ping_size *row)
{
	return (struct sonde_ping_target){
		.sent = row->received + row->lost,
		.received = row->received,
		.lost = row->lost,
		.dropped = row->dropped,
		.refused = row->refused,
		.rtt = row->rtt,
	};
}

void ping_sizes_print(const struct ping_sizes *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct sonde_ping_target counts = counts_of(&s->rows[i]);
		if (!is_used(&s->rows[i]))
			continue;
		printf("-s %u: ", (unsigned)s->sizes[i]);
		ping_print_counts(&counts);
	}
}

void ping_sizes_json(struct json *j, const struct ping_sizes *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct sonde_ping_target counts = counts_of(&s->rows[i]);
		if (!is_used(&s->rows[i]))
			continue;
		json_event(j, "ping", "size", sonde_clock_real());
		json_uint(j, "payload", s->sizes[i]);
		ping_json_counts(j, &counts);
		json_end(j);
	}
}
