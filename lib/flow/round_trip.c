/* Round trips of TCP by Karn's rule: an acknowledgement of exactly the last byte of a segment that was sent once, with
 * nothing before it sent again since. */
#include "base/span.h"
#include "flow/track.h"

static struct sonde_segment *segment_at(const struct sonde_flow_pools *p, uint32_t number)
{
	return (struct sonde_segment *)sonde_pool_at(&p->segments, number);
}

void sonde_round_trip_sent(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t end)
{
	if (s->n_waiting == SONDE_MOST_SEGMENTS)
		return;
	struct sonde_pool *pool = &t->pools->segments;
	uint32_t number = sonde_pool_take(pool);
	if (!number) {
		t->no_memory = true;
		return;
	}
	struct sonde_segment *new = segment_at(t->pools, number);
	struct sonde_segment *newest = s->sent ? segment_at(t->pools, s->sent) : new;
	*new = (struct sonde_segment){ .next = s->sent ? newest->next : number, .end = end, .time = t->time };
	newest->next = number;
	s->sent = number;
	s->n_waiting++;
}

void sonde_round_trip_sent_again(struct sonde_flow_pools *p, struct sonde_flow_tcp_side *s, uint32_t from)
{
	for (uint32_t left = s->n_waiting, at = s->sent; left; left--) {
		struct sonde_segment *segment = segment_at(p, at);
		if (sonde_seq_diff(segment->end, from) > 0)
			segment->time = SONDE_SENT_AGAIN;
		at = segment->next;
	}
}

/* Mean and deviation without a second pass (Welford, 1962). */
static void add_sample(struct sonde_flow_tcp_side *s, sonde_time rtt)
{
	const uint64_t ns = sonde_flow_span(rtt);
	double before = s->n_round_trips ? (double)s->rtt_sum / s->n_round_trips : 0;
	s->rtt_sum += ns;
	s->n_round_trips++;
	double mean = (double)s->rtt_sum / s->n_round_trips;
	s->rtt_squares += (float)(((double)ns - before) * ((double)ns - mean));
	if (s->n_round_trips == 1 || ns < s->rtt_least)
		s->rtt_least = ns & SONDE_FLOW_MOST_SPAN;
	if (ns > s->rtt_most)
		s->rtt_most = ns & SONDE_FLOW_MOST_SPAN;
}

void sonde_round_trip_acknowledged(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t ack)
{
	while (s->sent) {
		struct sonde_segment *newest = segment_at(t->pools, s->sent);
		uint32_t number = newest->next;
		struct sonde_segment *oldest = segment_at(t->pools, number);
		if (sonde_seq_diff(oldest->end, ack) > 0)
			return;
		if (oldest->end == ack && oldest->time != SONDE_SENT_AGAIN)
			add_sample(s, sonde_time_since(t->time, oldest->time));
		newest->next = oldest->next;
		if (number == s->sent)
			s->sent = 0;
		sonde_pool_give(&t->pools->segments, number);
		s->n_waiting--;
	}
}

sonde_time sonde_round_trip_newest(const struct sonde_flow_pools *p, const struct sonde_flow_tcp_side *s)
{
	return s->sent ? segment_at(p, s->sent)->time : SONDE_SENT_AGAIN;
}

void sonde_round_trip_free(struct sonde_flow_pools *p, struct sonde_flow_tcp_side *s)
{
	for (uint32_t at = s->sent; s->n_waiting; s->n_waiting--) {
		uint32_t next = segment_at(p, at)->next;
		sonde_pool_give(&p->segments, at);
		at = next;
	}
	s->sent = 0;
}
