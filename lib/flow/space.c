/* The sequence space of a side: what was seen is all from its first number to s->next, but the holes. */
#include "flow/track.h"

static struct sonde_hole *hole_at(const struct sonde_flow_pools *p, uint32_t number)
{
	return (struct sonde_hole *)sonde_pool_at(&p->holes, number);
}

/* Take the hole at *link out of the list. */
static void remove_hole(struct sonde_flow_pools *p, struct sonde_flow_odd_side *odd, uint32_t *link)
{
	uint32_t number = *link;
	*link = hole_at(p, number)->next;
	sonde_pool_give(&p->holes, number);
	odd->n_holes--;
}

/* Put a hole at *link. Where there are too many, the lowest is given up: its bytes are missing. */
static void add_hole(struct sonde_tracked *t, struct sonde_flow_odd_side *odd, uint32_t *link, uint32_t from,
		     uint32_t to)
{
	uint32_t number = sonde_pool_take(&t->pools->holes);
	if (!number) {
		t->no_memory = true;
		return;
	}
	*hole_at(t->pools, number) = (struct sonde_hole){ .next = *link, .from = from, .to = to };
	*link = number;
	odd->n_holes++;
	if (odd->n_holes > SONDE_MOST_HOLES) {
		const struct sonde_hole *lowest = hole_at(t->pools, odd->holes);
		odd->missed_bytes += lowest->to - lowest->from;
		remove_hole(t->pools, odd, &odd->holes);
	}
}

void sonde_space_skip(struct sonde_tracked *t, unsigned side, struct sonde_flow_tcp_side *s, uint32_t to)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_need(t);
	uint32_t *link;
	if (odd) {
		link = &odd->sides[side].holes;
		while (*link)
			link = &hole_at(t->pools, *link)->next;
		add_hole(t, &odd->sides[side], link, s->next, to);
	}
	s->next = to;
}

/* Fill the part of [from, to) that is in holes. Returns how much that is; *late: whether a segment above one of them
 * was seen before, as it was not where an acknowledgement alone told that bytes are missing. */
static uint32_t fill(struct sonde_tracked *t, struct sonde_flow_odd_side *odd, uint32_t from, uint32_t to,
		     uint32_t next, bool *late)
{
	uint32_t filled = 0;
	for (uint32_t *link = &odd->holes; *link;) {
		struct sonde_hole *hole = hole_at(t->pools, *link);
		if (sonde_seq_diff(hole->from, to) >= 0)
			break;
		bool from_first = sonde_seq_diff(from, hole->from) <= 0, to_last = sonde_seq_diff(to, hole->to) >= 0;
		uint32_t start = from_first ? hole->from : from, end = to_last ? hole->to : to;
		if (sonde_seq_diff(end, start) <= 0) {
			link = &hole->next;
			continue;
		}
		filled += end - start;
		*late |= hole->to != next;
		if (from_first && to_last) {
			remove_hole(t->pools, odd, link);
			continue;
		}
		if (from_first)
			hole->from = end;
		else if (to_last)
			hole->to = start;
		if (!from_first && !to_last) {
			uint32_t above = hole->to;
			hole->to = start;
			add_hole(t, odd, &hole->next, end, above);
			return filled;
		}
		link = &hole->next;
	}
	return filled;
}

uint32_t sonde_space_add(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t from, uint32_t to, bool *late)
{
	int32_t ahead = sonde_seq_diff(from, s->next);
	uint32_t again = 0;
	*late = false;
	if (ahead > 0)
		sonde_space_skip(t, t->side, s, from);
	if (ahead < 0) {
		uint32_t old_end = sonde_seq_diff(to, s->next) < 0 ? to : s->next, filled = 0;
		struct sonde_flow_odd *odd = sonde_flow_odd_need(t);
		if (odd && odd->sides[t->side].holes)
			filled = fill(t, &odd->sides[t->side], from, old_end, s->next, late);
		/* What comes before the first number that was known is new, too. */
		if (!s->syn && sonde_seq_diff(from, s->isn + 1) < 0) {
			uint32_t before = s->isn + 1 - from;
			filled += before < old_end - from ? before : old_end - from;
			*late = true;
			s->isn = from - 1;
		}
		again = old_end - from - filled;
	}
	if (sonde_seq_diff(to, s->next) > 0)
		s->next = to;
	return again;
}

uint32_t sonde_space_acknowledged(struct sonde_flow_pools *p, struct sonde_flow_odd_side *odd, uint32_t ack)
{
	uint32_t told = 0;
	for (uint32_t at = odd->holes; at;) {
		struct sonde_hole *hole = hole_at(p, at);
		if (sonde_seq_diff(hole->to, ack) > 0)
			break;
		told += !hole->told;
		hole->told = 1;
		at = hole->next;
	}
	return told;
}

uint64_t sonde_space_missing(const struct sonde_flow_pools *p, const struct sonde_flow_odd_side *odd, bool acknowledged)
{
	uint64_t bytes = odd->missed_bytes;
	for (uint32_t at = odd->holes; at; at = hole_at(p, at)->next) {
		const struct sonde_hole *hole = hole_at(p, at);
		if (hole->told || !acknowledged)
			bytes += hole->to - hole->from;
	}
	return bytes;
}

void sonde_space_free(struct sonde_flow_pools *p, struct sonde_flow_odd_side *odd)
{
	while (odd->holes)
		remove_hole(p, odd, &odd->holes);
}
