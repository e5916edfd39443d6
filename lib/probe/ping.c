#include "probe/ping.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "probe/ping_state.h"

#define MIN_ENTRIES 65536 /* so many packets are remembered at least, for what comes late */
#define BURST       64    /* packets that may be made up for at once */
#define BEHIND_NS   (100 * SONDE_MS) /* of rounds, likewise; and one more */

static uint64_t power_of_two(uint64_t at_least)
{
	uint64_t n = 1;
	while (n < at_least)
		n *= 2;
	return n;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static bool next_event(struct sonde_engine *e, struct sonde_event *out)
{
	struct sonde_ping *p = sonde_ping_of(e);
	if (p->event_len == 0)
		return false;
	*out = p->events[p->event_head];
	p->event_head = (p->event_head + 1) % SONDE_PING_EVENTS;
	p->event_len--;
	return true;
}

/* --- Sending ----------------------------------------------------------------------------------------------------- */

static bool all_sent(const struct sonde_ping *p)
{
	return p->o.rounds && p->next_n >= p->o.rounds * p->n_targets;
}

static bool begins_round(const struct sonde_ping *p)
{
	return p->next_n % p->n_targets == 0;
}

static sonde_time due_at(const struct sonde_ping *p)
{
	bool waits = begins_round(p) && p->rounds.due_at > p->pace.due_at;
	return waits ? p->rounds.due_at : p->pace.due_at;
}

/* A packet that is still waited for is not forgotten to send another. */
static bool ring_is_full(const struct sonde_ping *p)
{
	return p->next_n - p->oldest_n >= p->n_entries;
}

static int next_packet(struct sonde_engine *e, struct sonde_packet *packet, uint64_t *id, sonde_time now)
{
	struct sonde_ping *p = sonde_ping_of(e);
	if (all_sent(p) || ring_is_full(p) || due_at(p) > now)
		return 0;
	sonde_packet_init(packet, packet->data, packet->cap);
	int err = sonde_ping_build(p, packet, p->next_n);
	if (err)
		return err;
	if (begins_round(p))
		sonde_pace_take(&p->rounds, now);
	sonde_pace_take(&p->pace, now);
	*id = p->next_n++;
	*sonde_ping_entry(p, *id) = (struct sonde_ping_entry){
		.n = *id,
		.give_up_at = now + p->o.timeout_ns,
		.fate = SONDE_PING_SENT,
		.number = sonde_ping_number(p, *id),
		.seq = (uint32_t)sonde_ping_token(p, *id),
	};
	p->targets[*id % p->n_targets].sent++;
	return 1;
}

/* What its answer will carry. The route's source, too, may change during a run. */
static void read_question(struct sonde_ping *p, struct sonde_ping_entry *entry, struct sonde_ping_target *t,
			  const struct sonde_packet *packet)
{
	if (sonde_question_of(&t->ask, packet))
		return;
	t->asked = true;
	p->has_groups |= t->ask.any_source;
	entry->number = p->o.kind == SONDE_PING_ICMP ? t->ask.count : t->ask.sport;
	entry->seq = t->ask.seq;
	if (p->o.overlaid)
		entry->no_token = !sonde_ping_has_token(p, entry->n, sonde_payload(packet), false);
}

static void on_sent(struct sonde_engine *e, uint64_t id, const struct sonde_packet *packet, sonde_time stamp,
		    enum sonde_stamp_clock clock)
{
	struct sonde_ping *p = sonde_ping_of(e);
	struct sonde_ping_entry *entry = sonde_ping_entry(p, id);
	if (entry->n != id)
		return;
	entry->stamp = stamp;
	entry->clock = (uint8_t)clock;
	if (packet)
		read_question(p, entry, &p->targets[id % p->n_targets], packet);
}

static void on_refused(struct sonde_engine *e, uint64_t id, int code)
{
	struct sonde_ping *p = sonde_ping_of(e);
	struct sonde_ping_target *t = &p->targets[id % p->n_targets];
	struct sonde_ping_entry *entry = sonde_ping_entry(p, id);
	if (entry->n != id || entry->fate != SONDE_PING_SENT)
		return;
	entry->fate = SONDE_PING_REFUSED;
	t->sent--;
	t->refused++;
	sonde_ping_emit(p, &(struct sonde_event){ .kind = SONDE_EVENT_REFUSED,
						  .target = (uint32_t)(id % p->n_targets),
						  .round = id / p->n_targets,
						  .code = code });
}

static const struct sonde_addr *target(const struct sonde_engine *e, uint64_t id)
{
	const struct sonde_ping *p = (const struct sonde_ping *)e;
	return &p->targets[id % p->n_targets].addr;
}

static void on_missed(struct sonde_engine *e)
{
	sonde_ping_of(e)->o.sees_frames = false;
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static void give_up(struct sonde_ping *p, struct sonde_ping_entry *entry)
{
	struct sonde_ping_target *t = &p->targets[entry->n % p->n_targets];
	bool left = !p->o.sees_frames || entry->clock != SONDE_STAMP_USER;
	entry->fate = left ? SONDE_PING_LOST : SONDE_PING_DROPPED;
	t->lost += left;
	t->dropped += !left;
	t->sent -= !left;
	sonde_ping_emit(p, &(struct sonde_event){
				   .kind = left ? SONDE_EVENT_LOST : SONDE_EVENT_DROPPED,
				   .code = left ? 0 : sonde_ping_why_dropped(p, entry),
				   .target = (uint32_t)(entry->n % p->n_targets),
				   .round = entry->n / p->n_targets,
			   });
}

static void on_time(struct sonde_engine *e, sonde_time now)
{
	struct sonde_ping *p = sonde_ping_of(e);
	for (; p->oldest_n < p->next_n && sonde_ping_has_room(p); p->oldest_n++) {
		struct sonde_ping_entry *entry = sonde_ping_entry(p, p->oldest_n);
		if (entry->fate != SONDE_PING_SENT)
			continue;
		if (entry->give_up_at > now)
			return;
		give_up(p, entry);
	}
}

/* Answered packets at the end of the ring need not be waited for. */
static uint64_t first_open(const struct sonde_ping *p)
{
	uint64_t n = p->oldest_n;
	while (n < p->next_n && sonde_ping_entry(p, n)->fate != SONDE_PING_SENT)
		n++;
	return n;
}

static sonde_time next_deadline(const struct sonde_engine *e)
{
	const struct sonde_ping *p = (const struct sonde_ping *)e;
	uint64_t n = first_open(p);
	sonde_time give_up = n < p->next_n ? sonde_ping_entry(p, n)->give_up_at : SONDE_NEVER;
	sonde_time due = all_sent(p) || ring_is_full(p) ? SONDE_NEVER : due_at(p);
	return due < give_up ? due : give_up;
}

/* --- Beginning and end ------------------------------------------------------------------------------------------- */

static const struct sonde_engine_ops ops = {
	.next_packet = next_packet,
	.target = target,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_outgoing = sonde_ping_on_outgoing,
	.on_missed = on_missed,
	.on_packet = sonde_ping_on_packet,
	.on_time = on_time,
	.next_deadline = next_deadline,
	.next_event = next_event,
};

int sonde_ping_init(struct sonde_ping *p, const struct sonde_ping_options *o, const struct sonde_addr *targets,
		    uint32_t n_targets, sonde_time now)
{
	memset(p, 0, sizeof *p);
	p->engine.ops = &ops;
	p->o = *o;
	p->n_targets = n_targets;
	p->n_slots = (uint32_t)power_of_two(2 * (uint64_t)n_targets + 1);
	p->n_entries = power_of_two(MIN_ENTRIES > 4 * (uint64_t)n_targets ? MIN_ENTRIES : 4 * (uint64_t)n_targets);
	p->targets = calloc(n_targets, sizeof *p->targets);
	p->by_addr = calloc(p->n_slots, sizeof *p->by_addr);
	p->entries = calloc(p->n_entries, sizeof *p->entries);
	bool few = n_targets <= SONDE_PING_SPREADS;
	p->spreads = few ? calloc(n_targets, sizeof *p->spreads) : NULL;
	if (!p->targets || !p->by_addr || !p->entries || (few && !p->spreads)) {
		sonde_ping_free(p);
		return -ENOMEM;
	}
	for (uint32_t t = 0; t < n_targets; t++) {
		p->targets[t].addr = targets[t];
		sonde_ping_know(p, t);
	}
	p->pace = sonde_pace(o->gap_ns, BURST, now);
	p->rounds = sonde_pace(o->interval_ns, o->interval_ns ? (unsigned)(BEHIND_NS / o->interval_ns) + 1 : 0, now);
	p->id = o->id ? o->id : (uint16_t)(1 + sonde_random_below(sonde_random(o->seed, 0, 2, 0), UINT16_MAX));
	return 0;
}

void sonde_ping_free(struct sonde_ping *p)
{
	free(p->targets);
	free(p->by_addr);
	free(p->entries);
	free(p->spreads);
	memset(p, 0, sizeof *p);
}
