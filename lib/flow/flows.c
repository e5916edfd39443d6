#include "flow/flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "flow/flows_state.h"
#include "flow/said.h"
#include "proto/tcp.h"

#define FIRST_SLOTS 4096

/* What most flows have, and what a packet touches, is small. */
_Static_assert(sizeof(struct sonde_flow_id) == 44, "the key has no gaps");
_Static_assert(sizeof(struct sonde_flow) == 144 && sizeof(struct sonde_flow_tcp) == 160, "flows stay small");

/* --- The index ---------------------------------------------------------------------------------------------------- */

/* A universal hash: the key's words times secret numbers, summed up. Whoever does not know the secret finds two keys
 * with the same hash with a chance of 2^-32 (multilinear hashing; Lemire and Kaser, 2014). */
static uint32_t hash_id(const uint64_t secret[static FLOW_ID_WORDS + 1], const struct sonde_flow_id *id)
{
	uint32_t words[FLOW_ID_WORDS];
	uint64_t sum = secret[FLOW_ID_WORDS];
	memcpy(words, id, sizeof words);
	/* An address has four words; of IPv4, all but the first are 0. */
	sum += secret[0] * words[0] + secret[4] * words[4];
	for (unsigned i = 8; i < FLOW_ID_WORDS; i++)
		sum += secret[i] * words[i];
	for (unsigned i = 1; id->family == SONDE_IP6 && i < 4; i++)
		sum += secret[i] * words[i] + secret[4 + i] * words[4 + i];
	return (uint32_t)(sum >> 32);
}

uint32_t sonde_flow_hash(const struct sonde_flows *t, const struct sonde_flow_id *id)
{
	return hash_id(t->secret, id);
}

bool sonde_flow_is_mine(const struct sonde_flows *t, const struct sonde_flow_id *id)
{
	return t->o.n_shards <= 1 || (uint64_t)hash_id(t->shard_secret, id) * t->o.n_shards >> 32 == t->o.shard;
}

static void make_secret(uint64_t secret[static FLOW_ID_WORDS + 1], struct sonde_key key)
{
	for (unsigned i = 0; i <= FLOW_ID_WORDS; i++) {
		uint8_t byte = (uint8_t)i;
		secret[i] = sonde_siphash(key, sonde_view(&byte, 1));
	}
}

/* The slot of the flow with this key, or the free slot for it. */
static struct flow_slot *slot_of(const struct sonde_flows *t, const struct sonde_flow_id *id, uint32_t hash)
{
	uint32_t mask = t->n_slots - 1, at = hash & mask;
	while (t->slots[at].flow && (t->slots[at].hash != hash ||
				     memcmp(&sonde_flow_at(&t->pools, t->slots[at].flow)->id, id, sizeof *id) != 0))
		at = (at + 1) & mask;
	return &t->slots[at];
}

static int grow(struct sonde_flows *t)
{
	uint32_t n = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS;
	struct flow_slot *slots = n ? calloc(n, sizeof *slots) : NULL;
	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < t->n_slots; i++) {
		uint32_t at = t->slots[i].hash & (n - 1);
		if (!t->slots[i].flow)
			continue;
		while (slots[at].flow)
			at = (at + 1) & (n - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->n_slots = n;
	return 0;
}

/* Free a slot, and move those behind it up that would not be found any more (Knuth, 6.4, algorithm R). */
static void free_slot(struct sonde_flows *t, struct flow_slot *slot)
{
	uint32_t mask = t->n_slots - 1, hole = (uint32_t)(slot - t->slots);
	for (uint32_t at = (hole + 1) & mask; t->slots[at].flow; at = (at + 1) & mask) {
		uint32_t home = t->slots[at].hash & mask;
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			t->slots[hole] = t->slots[at];
			hole = at;
		}
	}
	t->slots[hole].flow = 0;
	t->n_open--;
}

/* --- Flows that end ----------------------------------------------------------------------------------------------- */

/* Bytes of the parts of a flow. */
static uint64_t bytes_of(const struct sonde_flows *t, const struct sonde_flow *f)
{
	const struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, f);
	return t->pools.flows.size + (sonde_flow_tcp_of(&t->pools, f) ? t->pools.tcps.size : 0) +
	       (odd && odd->stalls ? t->pools.stalls.size : 0) + (odd && odd->said ? t->pools.said.size : 0) +
	       (odd && odd->details ? t->pools.details.size : 0) +
	       (odd ? t->pools.odds.size + (odd->sides[0].n_holes + odd->sides[1].n_holes) * t->pools.holes.size : 0);
}

static void add_ended(struct sonde_flows *t, struct sonde_flow *f, uint32_t number, enum sonde_flow_end why)
{
	t->ended_bytes += bytes_of(t, f);
	f->end = why & 3u;
	f->ended = 1;
	f->next = 0;
	if (t->last_ended)
		sonde_flow_at(&t->pools, t->last_ended)->next = number;
	else
		t->first_ended = number;
	t->last_ended = number;
}

/* No more acknowledgements will come. */
static void forget_segments(struct sonde_flows *t, const struct sonde_flow *f)
{
	struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(&t->pools, f);
	for (unsigned side = 0; tcp && side < 2; side++)
		sonde_round_trip_free(&t->pools, &tcp->sides[side]);
}

/* End a flow that is in the index. */
static void end_flow(struct sonde_flows *t, uint32_t number, enum sonde_flow_end why)
{
	struct sonde_flow *f = sonde_flow_at(&t->pools, number);
	free_slot(t, slot_of(t, &f->id, hash_id(t->secret, &f->id)));
	forget_segments(t, f);
	add_ended(t, f, number, why);
}

/* End a flow whose place in the index and in the wheel the next one of the same sockets takes. */
static int replace_flow(struct sonde_flows *t, struct sonde_flow *f, enum sonde_flow_end why)
{
	uint32_t number = sonde_pool_take(&t->pools.flows);
	if (!number)
		return -ENOMEM;
	struct sonde_flow *old = sonde_flow_at(&t->pools, number);
	uint32_t next = f->next, due = f->due;
	*old = *f;
	*f = (struct sonde_flow){ .id = old->id };
	f->next = next;
	f->due = due & 1u;
	old->due = 0;
	forget_segments(t, old);
	add_ended(t, old, number, why);
	return 0;
}

static struct sonde_wheel *wheel_of(struct sonde_flows *t, const struct sonde_flow *f)
{
	return &t->wheels[f->id.proto != SONDE_FLOW_TCP];
}

static bool has_wheels(const struct sonde_flows *t)
{
	return t->o.expires || t->o.most_bytes;
}

void sonde_flows_tell_time(struct sonde_flows *t, sonde_time now)
{
	uint32_t number;
	if (!t->has_time)
		t->last_time = t->steady_since = now;
	if (!t->has_time || now > t->newest)
		t->newest = now;
	t->has_time = true;
	for (unsigned i = 0; t->o.expires && i < 2; i++)
		while ((number = sonde_wheel_due(&t->wheels[i], &t->pools.flows, now)))
			end_flow(t, number, SONDE_FLOW_SILENT);
}

/* End what was silent for longest, until what is open fits again. */
void sonde_flow_make_room(struct sonde_flows *t)
{
	while (t->o.most_bytes && t->n_open && sonde_flows_bytes(t) - t->ended_bytes > t->o.most_bytes) {
		uint32_t tcp = sonde_wheel_longest(&t->wheels[0], &t->pools.flows);
		uint32_t other = sonde_wheel_longest(&t->wheels[1], &t->pools.flows), number = tcp ? tcp : other;
		if (tcp && other) {
			bool tcp_first = sonde_flow_at(&t->pools, tcp)->last <= sonde_flow_at(&t->pools, other)->last;
			number = tcp_first ? tcp : other;
			uint32_t spared = tcp_first ? other : tcp;
			sonde_wheel_put(&t->wheels[tcp_first], &t->pools.flows, spared);
		}
		if (!number)
			return;
		end_flow(t, number, SONDE_FLOW_EVICTED);
		t->stats.evicted++;
	}
}

/* Whether a flow has been silent at a time, and `more` longer than need be. */
static bool is_silent(const struct sonde_flows *t, const struct sonde_flow *f, sonde_time now, sonde_time more)
{
	const struct sonde_wheel *w = &t->wheels[f->id.proto != SONDE_FLOW_TCP];
	return sonde_time_since(now, f->last) > sonde_time_plus(f->closed ? w->closed_silence : w->silence, more);
}

static void empty_wheels(struct sonde_flows *t)
{
	for (unsigned i = 0; i < 2; i++)
		memset(t->wheels[i].slots, 0, sizeof t->wheels[i].slots);
}

/* Whether fragments that wait for their first one may be given up, and then belong to this flow. */
static bool may_get_fragments(const struct sonde_flow *f, bool any_waits)
{
	return any_waits && !f->id.ports[0] && !f->id.ports[1];
}

int sonde_flows_end_silent(struct sonde_flows *t, sonde_time more)
{
	uint32_t *waiting;
	int n = sonde_datagrams_waiting(&waiting, &t->datagrams);
	free(waiting);
	empty_wheels(t);
	bool is_steady = t->has_time && sonde_time_since(t->last_time, t->steady_since) > more;
	for (uint32_t i = 0; is_steady && i < t->n_slots;) {
		const struct sonde_flow *f = t->slots[i].flow ? sonde_flow_at(&t->pools, t->slots[i].flow) : NULL;
		/* Where a flow ends, those behind it move up. */
		if (f && is_silent(t, f, t->last_time, more) && !may_get_fragments(f, n != 0))
			end_flow(t, t->slots[i].flow, SONDE_FLOW_SILENT);
		else
			i++;
	}
	return n < 0 ? n : 0;
}

/* What lies behind the slots is fetched some slots ahead: the flow, and then its TCP part. */
static void fetch_ahead(const struct sonde_flows *t, uint32_t i)
{
	const uint32_t ahead = 8;
	if (i + 2 * ahead < t->n_slots && t->slots[i + 2 * ahead].flow)
		__builtin_prefetch(sonde_flow_at(&t->pools, t->slots[i + 2 * ahead].flow), 1);
	if (i + ahead < t->n_slots && t->slots[i + ahead].flow) {
		const struct sonde_flow_tcp *tcp =
			sonde_flow_tcp_of(&t->pools, sonde_flow_at(&t->pools, t->slots[i + ahead].flow));
		if (tcp)
			__builtin_prefetch(&tcp->odd);
	}
}

void sonde_flows_end_open(struct sonde_flows *t)
{
	for (uint32_t i = 0; i < t->n_slots; i++) {
		struct sonde_flow *f = t->slots[i].flow ? sonde_flow_at(&t->pools, t->slots[i].flow) : NULL;
		fetch_ahead(t, i);
		if (f)
			add_ended(t, f, t->slots[i].flow,
				  is_silent(t, f, t->newest, 0) ? SONDE_FLOW_SILENT : SONDE_FLOW_OPEN);
		t->slots[i].flow = 0;
	}
	sonde_pool_free(&t->pools.segments);
	t->n_open = 0;
	empty_wheels(t);
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

int sonde_flows_new(struct sonde_flows **out, const struct sonde_flows_options *o)
{
	struct sonde_flows *t = *out = calloc(1, sizeof *t);
	if (!t)
		return -ENOMEM;
	t->o = *o;
	t->datagrams.secret = o->secret;
	t->tunnels.secret = o->secret;
	make_secret(t->secret, o->secret);
	make_secret(t->shard_secret, o->shard_secret);
	t->packets = calloc(FLOW_STEPS, sizeof *t->packets);
	t->steps = calloc(FLOW_STEPS, sizeof *t->steps);
	sonde_pool_init(&t->pools.flows, sizeof(struct sonde_flow));
	sonde_pool_init(&t->pools.tcps, sizeof(struct sonde_flow_tcp));
	sonde_pool_init(&t->pools.odds, sizeof(struct sonde_flow_odd));
	sonde_pool_init(&t->pools.stalls, sizeof(struct sonde_flow_stalls));
	sonde_pool_init(&t->pools.details, sizeof(struct sonde_flow_details));
	t->pools.finds_stalls = o->finds_stalls;
	t->pools.finds_details = o->finds_details;
	sonde_pool_init(&t->pools.said, sizeof(struct sonde_flow_said));
	sonde_pool_init(&t->pools.segments, sizeof(struct sonde_segment));
	sonde_pool_init(&t->pools.holes, sizeof(struct sonde_hole));
	const sonde_time tcp = o->tcp_silence ? o->tcp_silence : SONDE_FLOW_TCP_SILENCE;
	const sonde_time other = o->other_silence ? o->other_silence : SONDE_FLOW_OTHER_SILENCE;
	sonde_wheel_init(&t->wheels[0], tcp, o->closed_silence && o->closed_silence < tcp ? o->closed_silence : tcp);
	sonde_wheel_init(&t->wheels[1], other, other);
	return t->packets && t->steps ? grow(t) : -ENOMEM;
}

void sonde_flows_free(struct sonde_flows *t)
{
	if (!t)
		return;
	sonde_pool_free(&t->pools.flows);
	sonde_pool_free(&t->pools.tcps);
	sonde_pool_free(&t->pools.odds);
	sonde_pool_free(&t->pools.stalls);
	sonde_pool_free(&t->pools.details);
	sonde_pool_free(&t->pools.said);
	sonde_pool_free(&t->pools.segments);
	sonde_pool_free(&t->pools.holes);
	sonde_datagrams_free(&t->datagrams);
	sonde_tunnels_free(&t->tunnels);
	free(t->packets);
	free(t->slots);
	free(t->steps);
	free(t);
}

struct sonde_flow *sonde_flows_next_ended(const struct sonde_flows *t)
{
	return t->first_ended ? sonde_flow_at(&t->pools, t->first_ended) : NULL;
}

struct sonde_flow *sonde_flows_ended_after(const struct sonde_flows *t, const struct sonde_flow *f)
{
	return f->next ? sonde_flow_at(&t->pools, f->next) : NULL;
}

void sonde_flows_drop_first(struct sonde_flows *t)
{
	uint32_t number = t->first_ended;
	struct sonde_flow *f = sonde_flow_at(&t->pools, number);
	const struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(&t->pools, f);
	struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, f);
	t->ended_bytes -= bytes_of(t, f);
	for (unsigned side = 0; odd && side < 2; side++)
		sonde_space_free(&t->pools, &odd->sides[side]);
	if (odd) {
		sonde_pool_give(&t->pools.stalls, odd->stalls);
		sonde_pool_give(&t->pools.said, odd->said);
		sonde_pool_give(&t->pools.details, odd->details);
	}
	if (tcp)
		sonde_pool_give(&t->pools.odds, tcp->odd);
	sonde_pool_give(tcp ? &t->pools.tcps : &t->pools.odds, f->more);
	t->first_ended = f->next;
	if (!t->first_ended)
		t->last_ended = 0;
	sonde_pool_give(&t->pools.flows, number);
}

const struct sonde_flow *sonde_flows_next_open(const struct sonde_flows *t, uint32_t *place)
{
	while (*place < t->n_slots) {
		uint32_t number = t->slots[(*place)++].flow;
		if (number)
			return sonde_flow_at(&t->pools, number);
	}
	return NULL;
}

struct sonde_flows_stats sonde_flows_stats(const struct sonde_flows *t)
{
	struct sonde_flows_stats st = t->stats;
	st.rexmt_packets = t->pools.n_again;
	return st;
}

uint64_t sonde_flows_bytes(const struct sonde_flows *t)
{
	const struct sonde_flow_pools *p = &t->pools;
	return sonde_pool_bytes(&p->flows) + sonde_pool_bytes(&p->tcps) + sonde_pool_bytes(&p->odds) +
	       sonde_pool_bytes(&p->stalls) + sonde_pool_bytes(&p->said) + sonde_pool_bytes(&p->details) +
	       sonde_pool_bytes(&p->segments) + sonde_pool_bytes(&p->holes) + t->n_slots * sizeof *t->slots;
}

/* --- The flow of a packet ----------------------------------------------------------------------------------------- */

uint32_t sonde_flow_number(const struct sonde_flows *t, const struct sonde_flow_id *id, uint32_t hash)
{
	return slot_of(t, id, hash)->flow;
}

uint32_t sonde_flow_put(struct sonde_flows *t, const struct sonde_flow_id *id, uint32_t hash, sonde_time time)
{
	if (t->n_open >= t->n_slots / 8 * 7 && grow(t))
		return 0;
	uint32_t number = sonde_pool_take(&t->pools.flows);
	if (!number)
		return 0;
	struct sonde_flow *f = sonde_flow_at(&t->pools, number);
	f->id = *id;
	f->last = time;
	*slot_of(t, &f->id, hash) = (struct flow_slot){ hash, number };
	t->n_open++;
	if (has_wheels(t))
		sonde_wheel_put(wheel_of(t, f), &t->pools.flows, number);
	return number;
}

/* Whether a connection is over, and this SYN begins another one. */
static bool begins_anew(const struct sonde_flows *t, const struct sonde_flow *f, const struct flow_step *step)
{
	const struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(&t->pools, f);
	const struct sonde_flows_packet *p = step->packet;
	if (!tcp || (p->ends.tcp_flags & (SONDE_TCP_SYN | SONDE_TCP_ACK_FLAG)) != SONDE_TCP_SYN ||
	    p->sum == SONDE_SUM_WRONG ||
	    step->is_error)
		return false;
	const struct sonde_flow_tcp_side *sender = &tcp->sides[step->side];
	return f->closed && !(sender->syn && sender->isn == p->ends.seq);
}

/* Why the flow that is there is not that of this packet; SONDE_FLOW_OPEN: it is. */
static enum sonde_flow_end is_over(const struct sonde_flows *t, const struct sonde_flow *f,
				   const struct flow_step *step)
{
	if (is_silent(t, f, step->packet->frame.time, 0))
		return SONDE_FLOW_SILENT;
	return begins_anew(t, f, step) ? SONDE_FLOW_REUSED : SONDE_FLOW_OPEN;
}

struct sonde_flow *sonde_flow_find(const struct sonde_flows *t, const struct flow_step *step)
{
	uint32_t number = sonde_flow_number(t, &step->id, step->hash);
	struct sonde_flow *f = number ? sonde_flow_at(&t->pools, number) : NULL;
	return f && is_over(t, f, step) == SONDE_FLOW_OPEN ? f : NULL;
}

struct sonde_flow *sonde_flow_need(struct sonde_flows *t, const struct flow_step *step)
{
	uint32_t number = sonde_flow_number(t, &step->id, step->hash);
	struct sonde_flow *f = number ? sonde_flow_at(&t->pools, number) : NULL;
	enum sonde_flow_end why = f ? is_over(t, f, step) : SONDE_FLOW_OPEN;
	if (why != SONDE_FLOW_OPEN && replace_flow(t, f, why))
		return NULL;
	if (!f) {
		number = sonde_flow_put(t, &step->id, step->hash, step->packet->frame.time);
		f = number ? sonde_flow_at(&t->pools, number) : NULL;
	}
	if (!f || f->grade != SONDE_FLOW_NOT_KNOWN)
		return f;
	f->first = f->last = step->packet->frame.time;
	f->first_from = step->side & 1u;
	t->stats.flows++;
	if (f->id.proto == SONDE_FLOW_TCP && !(f->more = sonde_pool_take(&t->pools.tcps)))
		return NULL;
	return f;
}

/* --- Fetching ahead ----------------------------------------------------------------------------------------------- */

/* Items do not begin where a line of the cache does. */
static void prefetch(const void *item, size_t size)
{
	const uint8_t *bytes = item;
	for (size_t at = 0; at < size; at += 64)
		__builtin_prefetch(bytes + at, 1);
	__builtin_prefetch(bytes + size - 1, 1);
}

void sonde_flow_prefetch_slot(const struct sonde_flows *t, uint32_t hash)
{
	__builtin_prefetch(&t->slots[hash & (t->n_slots - 1)]);
}

/* The flow with the packet's hash is most likely its own. */
void sonde_flow_prefetch(const struct sonde_flows *t, struct flow_step *step)
{
	uint32_t mask = t->n_slots - 1, at = step->hash & mask;
	while (t->slots[at].flow && t->slots[at].hash != step->hash)
		at = (at + 1) & mask;
	step->likely = t->slots[at].flow;
	if (step->likely)
		prefetch(sonde_pool_at(&t->pools.flows, step->likely), sizeof(struct sonde_flow));
}

static const struct sonde_flow_tcp *likely_tcp(const struct sonde_flows *t, const struct flow_step *step)
{
	return step->likely ? sonde_flow_tcp_of(&t->pools, sonde_flow_at(&t->pools, step->likely)) : NULL;
}

void sonde_flow_prefetch_tcp(const struct sonde_flows *t, const struct flow_step *step)
{
	const struct sonde_flow_tcp *tcp = likely_tcp(t, step);
	if (tcp)
		prefetch(tcp, sizeof *tcp);
}

void sonde_flow_prefetch_rest(const struct sonde_flows *t, const struct flow_step *step)
{
	const struct sonde_flow_tcp *tcp = likely_tcp(t, step);
	if (!tcp)
		return;
	if (tcp->odd)
		prefetch(sonde_pool_at(&t->pools.odds, tcp->odd), sizeof(struct sonde_flow_odd));
	for (unsigned side = 0; side < 2; side++)
		if (tcp->sides[side].sent)
			__builtin_prefetch(sonde_pool_at(&t->pools.segments, tcp->sides[side].sent), 1);
}
