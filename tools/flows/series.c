/* sonde flows --series: what passed in each interval. Nothing is kept but the flows that are open. */
#include <inttypes.h>

#include "base/span.h"
#include "tools/common/units.h"
#include "tools/flows/flows.h"

/* Intervals begin at multiples of their length since 1970, so that those of several captures are the same. */
static sonde_time begin_of(const struct flows_series *s, sonde_time time)
{
	sonde_time into = time % s->span;
	return sonde_time_plus(time, into < 0 ? -(into + s->span) : -into);
}

/* What was counted since the interval began. */
static struct sonde_flows_stats since(const struct flows_series *s, const struct sonde_flows_stats *now)
{
	const struct sonde_flows_stats *then = &s->before;
	return (struct sonde_flows_stats){
		.frames = now->frames - then->frames,
		.flows = now->flows - then->flows,
		.packets = { now->packets[0] - then->packets[0], now->packets[1] - then->packets[1] },
		.ip_bytes = { now->ip_bytes[0] - then->ip_bytes[0], now->ip_bytes[1] - then->ip_bytes[1] },
		.rexmt_packets = now->rexmt_packets - then->rexmt_packets,
	};
}

static void print_json(struct flows_printer *p, sonde_time begin, const struct sonde_flows_stats *n)
{
	struct json *j = &p->json;
	json_event(j, "flows", "interval", begin);
	json_int(j, "dur_ns", p->f->series.span);
	json_uint(j, "frames", n->frames);
	json_uint(j, "flows", n->flows);
	json_uint(j, "orig_pkts", n->packets[0]);
	json_uint(j, "resp_pkts", n->packets[1]);
	json_uint(j, "orig_ip_bytes", n->ip_bytes[0]);
	json_uint(j, "resp_ip_bytes", n->ip_bytes[1]);
	json_uint(j, "rexmt_pkts", n->rexmt_packets);
	json_end(j);
}

static void print_csv(sonde_time begin, const struct sonde_flows_stats *n)
{
	char time[SONDE_TIME_STRLEN];
	printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
	       sonde_time_format(time, begin), n->frames, n->flows, n->packets[0], n->packets[1], n->ip_bytes[0],
	       n->ip_bytes[1], n->rexmt_packets);
}

static void print_text(struct flows_printer *p, sonde_time begin, const struct sonde_flows_stats *n)
{
	const uint64_t values[] = { n->frames,      n->flows,       n->packets[0],    n->packets[1],
				    n->ip_bytes[0], n->ip_bytes[1], n->rexmt_packets };
	char cell[UNITS_STRLEN];
	printf("%12s", units_seconds(cell, sonde_time_since(begin, begin_of(&p->f->series, p->first))));
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
		printf(" %10s", units_count(cell, values[i]));
	putchar('\n');
}

static void print_interval(struct flows_printer *p, const struct sonde_flows_stats *n)
{
	sonde_time begin = p->f->series.begin;
	if (p->o->json)
		print_json(p, begin, n);
	else if (p->f->form == FLOWS_CSV)
		print_csv(begin, n);
	else
		print_text(p, begin, n);
	p->n_rows++;
}

void flows_series_begin(const struct flows_printer *p)
{
	if (p->f->form == FLOWS_CSV)
		puts("ts,frames,flows,orig_pkts,resp_pkts,orig_ip_bytes,resp_ip_bytes,rexmt_pkts");
	else if (!p->o->json)
		printf("%12s %10s %10s %10s %10s %10s %10s %10s\n", "time", "frames", "flows", "pkts orig", "resp",
		       "bytes orig", "resp", "rexmt");
}

bool flows_series_is_over(const struct flows_series *s, sonde_time time)
{
	return s->has_begun && sonde_time_since(time, s->begin) >= s->span;
}

void flows_series_go_to(struct flows_series *s, sonde_time time)
{
	if (!s->has_begun || sonde_time_since(time, s->begin) >= s->span)
		s->begin = begin_of(s, time);
	s->has_begun = true;
}

void flows_series_end(struct flows_printer *p, struct flows_series *s, const struct sonde_flows *t)
{
	const struct sonde_flows_stats now = sonde_flows_stats(t), n = since(s, &now);
	if (n.frames)
		print_interval(p, &n);
	s->before = now;
}
