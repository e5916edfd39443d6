/* The members of a table of flows, walked for saving and for loading. What is loaded may be made up: numbers that the
 * table uses as places, or that must agree with each other, are looked at; all others may be any. */
#include <errno.h>

#include "flow/flows_state.h"
#include "flow/history.h"
#include "flow/said.h"
#include "flow/state.h"

/* Members that are fields of bits. */
#define BITS(s, member, width)                                                                                         \
	do {                                                                                                           \
		uint64_t bits_ = (member);                                                                             \
		bits_of(s, &bits_, width);                                                                             \
		(member) = bits_ & ((UINT64_C(1) << (width)) - 1);                                                     \
	} while (0)

static void bits_of(struct sonde_saved *s, uint64_t *v, unsigned width)
{
	uint32_t small = (uint32_t)*v;
	if (width > 32) {
		sonde_saved_u64(s, v);
	} else {
		sonde_saved_u32(s, &small);
		*v = small;
	}
	sonde_saved_require(s, *v >> width == 0, "a number is too large");
}

static void bool_of(struct sonde_saved *s, bool *v)
{
	uint8_t byte = *v;
	sonde_saved_u8(s, &byte);
	sonde_saved_require(s, byte <= 1, "a yes or no is neither");
	*v = byte == 1;
}

/* A member of a pool: whether there is one, and a new one where one is loaded. NULL: there is none. */
static void *part_of(struct sonde_saved *s, struct sonde_pool *pool, uint32_t *number)
{
	bool there = *number;
	bool_of(s, &there);
	if (s->loads)
		*number = there && !s->err ? sonde_pool_take(pool) : 0;
	if (s->loads && there && !*number && !s->err)
		s->err = -ENOMEM;
	return *number ? sonde_pool_at(pool, *number) : NULL;
}

/* --- TCP ---------------------------------------------------------------------------------------------------------- */

/* The segments of a side that wait, from the oldest on. */
static void segments_of(struct sonde_saved *s, struct sonde_flow_pools *p, struct sonde_flow_tcp_side *side)
{
	uint16_t n = side->n_waiting;
	uint32_t at = side->sent;
	sonde_saved_u16(s, &n);
	sonde_saved_require(s, n <= SONDE_MOST_SEGMENTS, "too many segments wait");
	for (uint16_t i = 0; i < n && !s->err; i++) {
		uint32_t number = s->loads ? sonde_pool_take(&p->segments)
					   : ((struct sonde_segment *)sonde_pool_at(&p->segments, at))->next;
		if (!number) {
			s->err = -ENOMEM;
			return;
		}
		struct sonde_segment *segment = sonde_pool_at(&p->segments, number);
		bool again = segment->time == SONDE_SENT_AGAIN;
		sonde_saved_u32(s, &segment->end);
		bool_of(s, &again);
		if (!again)
			sonde_saved_time(s, &segment->time);
		at = number;
		if (!s->loads)
			continue;
		struct sonde_segment *newest = side->sent ? sonde_pool_at(&p->segments, side->sent) : segment;
		if (again)
			segment->time = SONDE_SENT_AGAIN;
		segment->next = side->sent ? newest->next : number;
		newest->next = number;
		side->sent = number;
		side->n_waiting++;
	}
}

static void tcp_side_of(struct sonde_saved *s, struct sonde_flow_pools *p, struct sonde_flow_tcp_side *side)
{
	uint32_t squares;
	uint64_t least = side->rtt_least, most = side->rtt_most;
	memcpy(&squares, &side->rtt_squares, sizeof squares);
	sonde_saved_u32(s, &side->isn);
	sonde_saved_u32(s, &side->next);
	sonde_saved_u32(s, &side->acked);
	sonde_saved_u32(s, &side->win);
	sonde_saved_u32(s, &side->most_in_flight);
	sonde_saved_u32(s, &side->data_packets);
	sonde_saved_u32(s, &side->n_round_trips);
	sonde_saved_u64(s, &side->rtt_sum);
	bits_of(s, &least, 48);
	bits_of(s, &most, 48);
	side->rtt_least = least & SONDE_FLOW_MOST_SPAN;
	side->rtt_most = most & SONDE_FLOW_MOST_SPAN;
	BITS(s, side->mss, 16);
	BITS(s, side->state, 3);
	sonde_saved_require(s, side->state <= SONDE_TCP_RESET, "there is no such state of TCP");
	BITS(s, side->wscale, 4);
	BITS(s, side->has_wscale, 1);
	BITS(s, side->sack_permitted, 1);
	BITS(s, side->known, 1);
	BITS(s, side->spoke, 1);
	BITS(s, side->same_acks, 2);
	BITS(s, side->syn, 1);
	BITS(s, side->fin, 1);
	sonde_saved_u32(s, &squares);
	memcpy(&side->rtt_squares, &squares, sizeof squares);
	sonde_saved_u16(s, &side->last_id);
	segments_of(s, p, side);
}

/* --- What most flows do not have ---------------------------------------------------------------------------------- */

static void holes_of(struct sonde_saved *s, struct sonde_flow_pools *p, struct sonde_flow_odd_side *side)
{
	uint32_t n = side->n_holes, *link = &side->holes;
	sonde_saved_u32(s, &n);
	sonde_saved_require(s, n <= SONDE_MOST_HOLES, "too many holes");
	for (uint32_t i = 0; i < n && !s->err; i++) {
		if (s->loads)
			*link = sonde_pool_take(&p->holes);
		if (!*link) {
			s->err = -ENOMEM;
			return;
		}
		struct sonde_hole *hole = sonde_pool_at(&p->holes, *link);
		sonde_saved_u32(s, &hole->from);
		sonde_saved_u32(s, &hole->to);
		sonde_saved_u32(s, &hole->told);
		side->n_holes += s->loads;
		link = &hole->next;
	}
}

static void odd_side_of(struct sonde_saved *s, struct sonde_flow_pools *p, struct sonde_flow_odd_side *side)
{
	uint32_t *const numbers[] = {
		&side->rexmt_packets, &side->rexmt_control, &side->out_of_order, &side->dup_acks,
		&side->triple_dup_acks, &side->zero_windows, &side->window_probes, &side->keep_alives, &side->sacks,
		&side->dsacks, &side->gaps, &side->wrong_sums, &side->fragments, &side->last_class,
	};
	sonde_saved_u64(s, &side->rexmt_bytes);
	sonde_saved_u64(s, &side->probe_bytes);
	sonde_saved_u64(s, &side->missed_bytes);
	for (unsigned i = 0; i < SONDE_RETRANSMISSIONS; i++)
		sonde_saved_u32(s, &side->classes[i]);
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sonde_saved_u32(s, numbers[i]);
	sonde_saved_require(s, side->last_class <= SONDE_RETRANSMISSIONS, "there is no such retransmission");
	holes_of(s, p, side);
}

static void stalls_of(struct sonde_saved *s, struct sonde_flow_stalls *stalls)
{
	sonde_saved_u64(s, &stalls->last_frame);
	sonde_saved_time(s, &stalls->last_time);
	sonde_saved_u8(s, &stalls->last_data);
	sonde_saved_u32(s, &stalls->n);
	for (unsigned i = 0; i < SONDE_STALL_CAUSES; i++)
		sonde_saved_time(s, &stalls->sums[i]);
	for (unsigned i = 0; i < SONDE_STALLS; i++) {
		struct sonde_stall *stall = &stalls->longest[i];
		sonde_saved_time(s, &stall->start);
		sonde_saved_time(s, &stall->duration);
		sonde_saved_u64(s, &stall->frame);
		sonde_saved_u64(s, &stall->frame_before);
		sonde_saved_u8(s, &stall->side);
		sonde_saved_u8(s, &stall->cause);
		bool_of(s, &stall->asked);
		sonde_saved_require(s, stall->side <= 1 && stall->cause < SONDE_STALL_CAUSES, "no such stall");
	}
}

static void details_of(struct sonde_saved *s, struct sonde_flow_details_side *d)
{
	sonde_time *const times[] = { &d->last, &d->longest_idle, &d->first_data, &d->last_data };
	uint64_t *const sums[] = { &d->urgent_bytes, &d->cut_bytes, &d->window_sum, &d->initial_bytes };
	uint32_t *const numbers[] = { &d->syns,      &d->fins,         &d->resets,      &d->acks,
				      &d->pure_acks, &d->n_data,       &d->pushed,      &d->urgent,
				      &d->cut,       &d->least_len,    &d->most_len,    &d->least_window,
				      &d->n_windows, &d->most_window,  &d->initial_segments, &d->n_again };
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
		sonde_saved_time(s, times[i]);
		sonde_saved_u64(s, sums[i]);
	}
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sonde_saved_u32(s, numbers[i]);
	sonde_saved_u8(s, &d->most_sacks);
	bool_of(s, &d->acknowledged);
	bool_of(s, &d->has_timestamps);
	bool_of(s, &d->scales);
}

static void odd_of(struct sonde_saved *s, struct sonde_flow_pools *p, uint32_t *number)
{
	struct sonde_flow_odd *odd = part_of(s, &p->odds, number);
	if (!odd)
		return;
	for (unsigned side = 0; side < 2; side++)
		odd_side_of(s, p, &odd->sides[side]);
	sonde_saved_u32(s, &odd->icmp_errors);
	sonde_saved_u8(s, &odd->icmp_type);
	sonde_saved_u8(s, &odd->icmp_code);
	struct sonde_flow_details *details = part_of(s, &p->details, &odd->details);
	if (details)
		for (unsigned side = 0; side < 2; side++)
			details_of(s, &details->sides[side]);
	struct sonde_flow_stalls *stalls = part_of(s, &p->stalls, &odd->stalls);
	if (stalls)
		stalls_of(s, stalls);
	struct sonde_flow_said *said = part_of(s, &p->said, &odd->said);
	if (!said)
		return;
	sonde_saved_text(s, said->service, sizeof said->service);
	sonde_saved_text(s, said->name, sizeof said->name);
	sonde_saved_text(s, said->alpn, sizeof said->alpn);
}

/* --- A flow ------------------------------------------------------------------------------------------------------- */

static void id_of(struct sonde_saved *s, const struct sonde_flows *t, struct sonde_flow_id *id)
{
	sonde_saved_bytes(s, id->addrs, sizeof id->addrs);
	sonde_saved_u16(s, &id->ports[0]);
	sonde_saved_u16(s, &id->ports[1]);
	sonde_saved_u8(s, &id->proto);
	sonde_saved_u8(s, &id->family);
	sonde_saved_u16(s, &id->vlan);
	sonde_saved_u32(s, &id->tunnel);
	sonde_saved_require(s, id->family == SONDE_IP4 || id->family == SONDE_IP6, "a flow is of no IP");
	sonde_saved_require(s, id->tunnel <= t->tunnels.n, "a flow is in a tunnel that is not there");
}

/* Whether all is 0 behind the first n letters. */
static bool ends_after(uint64_t history, unsigned n)
{
	return n * SONDE_FLOW_LETTER_BITS >= 64 || history >> n * SONDE_FLOW_LETTER_BITS == 0;
}

/* The letters of the history are places in a table. Later ones are put where nothing is. */
static void check_history(struct sonde_saved *s, const struct sonde_flow *f, const struct sonde_flow_tcp *tcp)
{
	unsigned most = tcp ? SONDE_FLOW_MOST_LETTERS : SONDE_FLOW_LETTERS;
	unsigned later = f->letters > SONDE_FLOW_LETTERS ? f->letters - SONDE_FLOW_LETTERS : 0;
	bool good = f->letters <= most + 1 && ends_after(f->history, f->letters) &&
		    (!tcp || ends_after(tcp->history, later));
	for (unsigned i = 0; i < f->letters && i < most; i++) {
		uint64_t word = i < SONDE_FLOW_LETTERS
					? f->history >> i * SONDE_FLOW_LETTER_BITS
					: tcp->history >> (i - SONDE_FLOW_LETTERS) * SONDE_FLOW_LETTER_BITS;
		unsigned letter = (unsigned)(word & ((1 << SONDE_FLOW_LETTER_BITS) - 1)) >> 1;
		good &= letter >= SONDE_LETTER_SYN && letter <= SONDE_LETTER_ZERO_WINDOW;
	}
	sonde_saved_require(s, good, "a history has other letters");
}

static void times_of(struct sonde_saved *s, struct sonde_flow_times *t)
{
	uint64_t spans[] = { t->syn_to_synack, t->synack_to_ack, t->first_answer, t->over };
	for (unsigned i = 0; i < sizeof spans / sizeof *spans; i++)
		bits_of(s, &spans[i], 48);
	t->syn_to_synack = spans[0] & SONDE_FLOW_MOST_SPAN;
	t->synack_to_ack = spans[1] & SONDE_FLOW_MOST_SPAN;
	t->first_answer = spans[2] & SONDE_FLOW_MOST_SPAN;
	t->over = spans[3] & SONDE_FLOW_MOST_SPAN;
}

static void tcp_of(struct sonde_saved *s, struct sonde_flow_pools *p, struct sonde_flow *f)
{
	struct sonde_flow_tcp *tcp = part_of(s, &p->tcps, &f->more);
	sonde_saved_require(s, tcp, "a flow of TCP is not whole");
	if (!tcp)
		return;
	for (unsigned side = 0; side < 2; side++)
		tcp_side_of(s, p, &tcp->sides[side]);
	times_of(s, &tcp->times);
	sonde_saved_u32(s, &tcp->history);
	odd_of(s, p, &tcp->odd);
	check_history(s, f, tcp);
}

static void flow_of(struct sonde_saved *s, struct sonde_flows *t, struct sonde_flow *f)
{
	BITS(s, f->began, 1);
	BITS(s, f->closed, 1);
	BITS(s, f->first_from, 1);
	BITS(s, f->grade, 2);
	BITS(s, f->handshake, 2);
	BITS(s, f->letters, 5);
	BITS(s, f->seen, 2 * SONDE_LETTERS_ONCE);
	sonde_saved_time(s, &f->first);
	sonde_saved_require(s, f->first <= f->last, "a flow ends before it begins");
	for (unsigned side = 0; side < 2; side++) {
		sonde_saved_u64(s, &f->counts[side].packets);
		sonde_saved_u64(s, &f->counts[side].frame_bytes);
		sonde_saved_u64(s, &f->counts[side].ip_bytes);
		sonde_saved_u64(s, &f->counts[side].payload_bytes);
	}
	sonde_saved_u64(s, &f->history);
	sonde_saved_require(s, f->grade != SONDE_FLOW_NOT_KNOWN, "a flow did not begin");
	if (f->id.proto == SONDE_FLOW_TCP) {
		tcp_of(s, &t->pools, f);
		return;
	}
	sonde_saved_require(s, f->handshake == SONDE_NO_HANDSHAKE, "a flow without TCP has its handshake");
	check_history(s, f, NULL);
	odd_of(s, &t->pools, &f->more);
}

static void save_flows(struct sonde_saved *s, struct sonde_flows *t)
{
	bool more = true;
	for (uint32_t i = 0; i < t->n_slots && !s->err; i++) {
		if (!t->slots[i].flow)
			continue;
		struct sonde_flow *f = sonde_flow_at(&t->pools, t->slots[i].flow);
		bool_of(s, &more);
		id_of(s, t, &f->id);
		sonde_saved_time(s, &f->last);
		flow_of(s, t, f);
	}
	more = false;
	bool_of(s, &more);
}

static void load_flows(struct sonde_saved *s, struct sonde_flows *t)
{
	bool more = false;
	for (bool_of(s, &more); more && !s->err; bool_of(s, &more)) {
		struct sonde_flow_id id;
		sonde_time last = 0;
		memset(&id, 0, sizeof id);
		id_of(s, t, &id);
		sonde_saved_time(s, &last);
		uint32_t hash = sonde_flow_hash(t, &id);
		sonde_saved_require(s, !sonde_flow_number(t, &id, hash), "a flow is there twice");
		uint32_t number = s->err ? 0 : sonde_flow_put(t, &id, hash, last);
		if (!number && !s->err)
			s->err = -ENOMEM;
		if (number)
			flow_of(s, t, sonde_flow_at(&t->pools, number));
	}
}

/* --- Fragments and tunnels ---------------------------------------------------------------------------------------- */

static void tunnels_of(struct sonde_saved *s, struct sonde_tunnels *tunnels)
{
	uint32_t n = tunnels->n;
	sonde_saved_u32(s, &n);
	for (uint32_t i = 0; i < n && !s->err; i++) {
		struct sonde_tunnel loaded = { .encap = 0 }, *tunnel = s->loads ? &loaded : &tunnels->all[i];
		sonde_saved_u64(s, &tunnel->encap);
		sonde_saved_text(s, tunnel->text, sizeof tunnel->text);
		if (!s->loads || s->err)
			continue;
		uint32_t number = sonde_tunnel_add(tunnels, loaded.encap);
		if (number)
			strcpy(tunnels->all[number - 1].text, loaded.text);
		else
			s->err = -ENOMEM;
	}
}

static void ends_of(struct sonde_saved *s, struct sonde_ends *e)
{
	sonde_saved_bytes(s, e->src, sizeof e->src);
	sonde_saved_bytes(s, e->dst, sizeof e->dst);
	sonde_saved_u16(s, &e->sport);
	sonde_saved_u16(s, &e->dport);
	sonde_saved_u8(s, &e->proto);
	sonde_saved_u8(s, &e->family);
	sonde_saved_u16(s, &e->vlan);
	sonde_saved_u64(s, &e->encap);
	sonde_saved_u16(s, &e->tcp_flags);
	sonde_saved_u32(s, &e->fragment_id);
	sonde_saved_u8(s, &e->icmp_type);
	sonde_saved_u8(s, &e->icmp_code);
	sonde_saved_u8(s, &e->flags);
	sonde_saved_require(s, e->family == SONDE_IP4 || e->family == SONDE_IP6, "a fragment is of no IP");
}

static void datagram_of(struct sonde_saved *s, struct sonde_datagram *d, uint32_t n_tunnels)
{
	sonde_saved_u64(s, &d->hash);
	sonde_saved_time(s, &d->time);
	sonde_saved_u16(s, &d->sport);
	sonde_saved_u16(s, &d->dport);
	bool_of(s, &d->known);
	sonde_saved_u64(s, &d->early.packets);
	sonde_saved_require(s, d->hash, "a datagram has no hash");
	if (!d->early.packets)
		return;
	sonde_saved_u64(s, &d->early.frame_bytes);
	sonde_saved_u64(s, &d->early.ip_bytes);
	sonde_saved_u64(s, &d->early.payload_bytes);
	sonde_saved_time(s, &d->early.first);
	sonde_saved_time(s, &d->early.last);
	sonde_saved_u32(s, &d->tunnel);
	sonde_saved_require(s, d->tunnel <= n_tunnels, "a datagram is in a tunnel that is not there");
	ends_of(s, &d->ends);
}

static void datagrams_of(struct sonde_saved *s, struct sonde_datagrams *datagrams, uint32_t n_tunnels)
{
	uint32_t at = 0, none = SONDE_DATAGRAMS;
	/* Their places follow from it. */
	sonde_saved_u64(s, &datagrams->secret.k0);
	sonde_saved_u64(s, &datagrams->secret.k1);
	if (s->loads) {
		for (sonde_saved_u32(s, &at); at != none && !s->err; sonde_saved_u32(s, &at)) {
			struct sonde_datagram *d = sonde_datagram_at(datagrams, at);
			sonde_saved_require(s, at < SONDE_DATAGRAMS, "a datagram has no place");
			if (!d && !s->err)
				s->err = -ENOMEM;
			if (d && !s->err)
				datagram_of(s, d, n_tunnels);
		}
		return;
	}
	for (; datagrams->slots && at < SONDE_DATAGRAMS && !s->err; at++) {
		if (!datagrams->slots[at].hash)
			continue;
		sonde_saved_u32(s, &at);
		datagram_of(s, &datagrams->slots[at], n_tunnels);
	}
	sonde_saved_u32(s, &none);
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

/* What must be the same in both runs. */
static void options_of(struct sonde_saved *s, const struct sonde_flows *t)
{
	const struct sonde_flows_options *o = &t->o;
	bool is_split = o->n_shards > 1;
	const struct {
		uint64_t value;
		const char *reason;
	} mine[] = {
		{ (uint64_t)t->wheels[0].silence, "it is of a run with another timeout" },
		{ (uint64_t)t->wheels[1].silence, "it is of a run with another timeout" },
		{ o->trusts_sums, "one of both runs trusts checksums, the other verifies them" },
		{ o->finds_services, "one of both runs finds services, the other does not" },
		{ o->finds_details, "one of both runs keeps figures of segments, the other does not" },
		{ o->finds_stalls, "one of both runs finds what flows waited for, the other does not" },
		{ is_split ? o->shard : 0, "it is of another shard" },
		{ is_split ? o->n_shards : 1, "it is of a run with another number of shards" },
		{ o->shard_secret.k0, "it is of a run with other shards" },
		{ o->shard_secret.k1, "it is of a run with other shards" },
	};
	for (unsigned i = 0; i < sizeof mine / sizeof *mine; i++) {
		uint64_t is = mine[i].value;
		sonde_saved_u64(s, &is);
		sonde_saved_require(s, is == mine[i].value, mine[i].reason);
	}
}

void sonde_flows_state(struct sonde_saved *s, struct sonde_flows *t)
{
	options_of(s, t);
	bool_of(s, &t->has_time);
	sonde_saved_time(s, &t->newest);
	sonde_saved_time(s, &t->last_time);
	sonde_saved_time(s, &t->steady_since);
	tunnels_of(s, &t->tunnels);
	datagrams_of(s, &t->datagrams, t->tunnels.n);
	if (s->loads)
		load_flows(s, t);
	else
		save_flows(s, t);
}
