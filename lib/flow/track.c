#include "flow/track.h"

#include "base/span.h"
#include "flow/history.h"

struct sonde_flow_odd *sonde_flow_odd_of(const struct sonde_flow_pools *p, const struct sonde_flow *f)
{
	const struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(p, f);
	uint32_t number = tcp ? tcp->odd : f->id.proto == SONDE_FLOW_TCP ? 0 : f->more;
	return number ? (struct sonde_flow_odd *)sonde_pool_at(&p->odds, number) : NULL;
}

struct sonde_flow_odd *sonde_flow_odd_need(struct sonde_tracked *t)
{
	struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(t->pools, t->flow);
	uint32_t *number = tcp ? &tcp->odd : &t->flow->more;
	if (!*number && (tcp || t->flow->id.proto != SONDE_FLOW_TCP))
		*number = sonde_pool_take(&t->pools->odds);
	if (!*number)
		t->no_memory = true;
	return *number ? (struct sonde_flow_odd *)sonde_pool_at(&t->pools->odds, *number) : NULL;
}

static void count_odd(struct sonde_tracked *t)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_need(t);
	if (!odd)
		return;
	struct sonde_flow_odd_side *side = &odd->sides[t->side];
	side->fragments += (t->ends->flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT)) != 0;
	if (t->wrong_sum)
		sonde_history_count(t->flow, sonde_flow_tcp_of(t->pools, t->flow), t->side, SONDE_LETTER_WRONG_SUM,
				    ++side->wrong_sums);
}

static struct sonde_flow_stalls *stalls_need(struct sonde_tracked *t)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_need(t);
	if (odd && !odd->stalls)
		odd->stalls = sonde_pool_take(&t->pools->stalls);
	if (!odd || !odd->stalls) {
		t->no_memory = true;
		return NULL;
	}
	return (struct sonde_flow_stalls *)sonde_pool_at(&t->pools->stalls, odd->stalls);
}

void sonde_flow_track_stall(struct sonde_tracked *t, enum sonde_stall_cause cause, bool has_data)
{
	struct sonde_flow_stalls *s = stalls_need(t);
	if (!s)
		return;
	const struct sonde_stall stall = {
		.start = s->last_time, .duration = sonde_time_since(t->time, s->last_time),
		.frame_before = s->last_frame, .frame = t->number, .side = (uint8_t)t->side, .cause = (uint8_t)cause,
		.asked = s->last_data && s->last_data != t->side + 1,
	};
	if (s->last_frame && stall.duration >= SONDE_STALL_LEAST)
		sonde_stall_keep(s, &stall);
	s->last_frame = t->number;
	s->last_time = t->time;
	if (has_data)
		s->last_data = (uint8_t)(t->side + 1);
}

/* Without acknowledgements, whoever speaks had been silent. */
static void track_stall(struct sonde_tracked *t)
{
	bool server = t->side != t->flow->began;
	sonde_flow_track_stall(t, server ? SONDE_STALL_SERVER : SONDE_STALL_CLIENT, true);
}

void sonde_flow_track(struct sonde_tracked *t)
{
	struct sonde_flow *f = t->flow;
	const struct sonde_ends *e = t->ends;
	struct sonde_flow_counts *s = &f->counts[t->side];
	bool is_fragment = e->flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT);
	s->packets++;
	s->frame_bytes += t->frame_len;
	s->ip_bytes += e->ip_len;
	s->payload_bytes += e->payload_len;
	if (t->time > f->last)
		f->last = t->time;
	if (is_fragment || t->wrong_sum)
		count_odd(t);
	/* A header with a wrong checksum may say anything. */
	if (t->wrong_sum || e->flags & (SONDE_ENDS_LATER_FRAGMENT | SONDE_ENDS_CUT_HEADER))
		return;
	struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(t->pools, f);
	if (tcp)
		sonde_flow_track_tcp(t, tcp);
	else
		sonde_history_once(f, NULL, t->side, SONDE_LETTER_DATA);
	if (!tcp && t->pools->finds_stalls)
		track_stall(t);
}
