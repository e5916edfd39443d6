#include "probe/ping.h"

#include <string.h>

#include "base/hash.h"
#include "probe/ping_state.h"

#define MIN_ENTRIES 65536 /* so many packets are remembered at least, for what comes late */
#define BURST       64    /* packets that may be made up for at once */
#define BEHIND_NS   (100 * SONDE_MS) /* how far rounds may fall behind and still be made up for */

static uint64_t power_of_two(uint64_t at_least)
{
	uint64_t n = 1;
	while (n < at_least)
		n *= 2;
	return n;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

bool sonde_ping_next_event(struct sonde_ping *p, struct sonde_ping_event *out)
{
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

/* Whether all entries hold packets that still wait for an answer. */
static bool ring_is_full(const struct sonde_ping *p)
{
	return p->next_n - p->oldest_n >= p->n_entries;
}

static bool is_due(const struct sonde_ping *p, sonde_time now)
{
	return !all_sent(p) && !ring_is_full(p) && due_at(p) <= now;
}

/* The next packet is on its way. Returns its number. */
static uint64_t take_next(struct sonde_ping *p, sonde_time now)
{
	if (begins_round(p))
		sonde_pace_take(&p->rounds, now);
	sonde_pace_take(&p->pace, now);
	uint64_t n = p->next_n++;
	*sonde_ping_entry(p, n) = (struct sonde_ping_entry){
		.n = n,
		.give_up_at = now + p->o.timeout_ns,
		.state = SONDE_PING_STATE_SENT,
		.number = sonde_ping_number(p, n),
		.seq = (uint32_t)sonde_ping_token(p, n),
	};
	p->targets[n % p->n_targets].sent++;
	return n;
}

static const struct sonde_addr *next_target(const struct sonde_ping *p)
{
	return &p->targets[p->next_n % p->n_targets].addr;
}

static struct sonde_ping_template *template_of(struct sonde_ping *p, const struct sonde_addr *target)
{
	return &p->templates[target->family == SONDE_IP6];
}

static int next_batch(struct sonde_engine *e, struct sonde_batch *b, sonde_time now)
{
	struct sonde_ping *p = sonde_ping_of(e);
	if (!is_due(p, now))
		return 0;
	struct sonde_ping_template *template = template_of(p, next_target(p));
	if (!template->ready) {
		b->items[0].dst = *next_target(p);
		int err = sonde_ping_build(p, b->packet, p->next_n);
		if (err)
			return err;
		b->items[b->n++].id = take_next(p, now);
		return 1;
	}
	b->shape = &template->shape;
	b->source_slot = template->source;
	while (b->n < SONDE_BATCH && is_due(p, now) && template_of(p, next_target(p)) == template) {
		b->items[b->n].dst = *next_target(p);
		sonde_ping_stamp(p, b->stamped + b->n * SONDE_BATCH_FRAME, p->next_n);
		b->items[b->n++].id = take_next(p, now);
	}
	return 1;
}

/* Read which answers belong to a stamped packet: those of the target's earlier packets, but for the numbers, as long as
 * the source address is the same. */
static bool read_stamped(struct sonde_ping_target *t, const struct sonde_sent *sent)
{
	struct sonde_packet read;
	if (t->has_question && sonde_addr_equal_bytes(&t->question.src, &sent->src))
		return true;
	sonde_dissect(&read, sent->bytes.data, (uint32_t)sent->bytes.len, (uint32_t)sent->bytes.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	read.delivery = sent->delivery;
	return sonde_question_of(&t->question, &read) == 0;
}

static void note_changes(const struct sonde_ping *p, struct sonde_ping_entry *entry, struct sonde_view payload)
{
	entry->no_token = !sonde_ping_has_token(p, entry->n, payload, false);
	entry->is_changed = sonde_ping_compare(p, entry->n, payload, false).any;
}

/* The same for a built packet, which the caller may have changed. */
static bool read_built(struct sonde_ping *p, struct sonde_ping_entry *entry, struct sonde_ping_target *t,
		       struct sonde_packet *packet)
{
	if (sonde_question_of(&t->question, packet))
		return false;
	entry->number = p->o.kind == SONDE_PING_ICMP ? t->question.count : t->question.sport;
	entry->seq = t->question.seq;
	if (p->o.overlaid)
		note_changes(p, entry, sonde_payload(packet));
	else
		sonde_ping_make_template(p, template_of(p, &t->addr), packet);
	return true;
}

static void on_sent(struct sonde_engine *e, const struct sonde_sent *sent)
{
	struct sonde_ping *p = sonde_ping_of(e);
	struct sonde_ping_entry *entry = sonde_ping_entry(p, sent->id);
	struct sonde_ping_target *t = &p->targets[sent->id % p->n_targets];
	if (entry->n != sent->id)
		return;
	entry->stamp = sent->stamp;
	entry->clock = (uint8_t)sent->clock;
	if (sent->packet)
		t->has_question |= read_built(p, entry, t, sent->packet);
	else if (sent->bytes.len)
		t->has_question |= read_stamped(t, sent);
	p->has_groups |= t->question.any_source;
}

static void on_refused(struct sonde_engine *e, uint64_t id, int code)
{
	struct sonde_ping *p = sonde_ping_of(e);
	struct sonde_ping_target *t = &p->targets[id % p->n_targets];
	struct sonde_ping_entry *entry = sonde_ping_entry(p, id);
	if (entry->n != id || entry->state != SONDE_PING_STATE_SENT)
		return;
	entry->state = SONDE_PING_STATE_REFUSED;
	t->sent--;
	t->refused++;
	sonde_ping_emit(p, &(struct sonde_ping_event){ .kind = SONDE_PING_REFUSED,
						  .target = (uint32_t)(id % p->n_targets),
						  .round = id / p->n_targets,
						  .code = code });
}

static void on_missed(struct sonde_engine *e)
{
	sonde_ping_of(e)->o.sees_frames = false;
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static bool has_left(const struct sonde_ping *p, const struct sonde_ping_entry *entry)
{
	return !p->o.sees_frames || entry->clock != SONDE_STAMP_USER;
}

static void give_up(struct sonde_ping *p, struct sonde_ping_entry *entry)
{
	struct sonde_ping_target *t = &p->targets[entry->n % p->n_targets];
	bool left = has_left(p, entry);
	entry->state = left ? SONDE_PING_STATE_LOST : SONDE_PING_STATE_DROPPED;
	t->lost += left;
	t->dropped += !left;
	t->sent -= !left;
	sonde_ping_emit(p, &(struct sonde_ping_event){
				   .kind = left ? SONDE_PING_LOST : SONDE_PING_DROPPED,
				   .code = left ? 0 : sonde_ping_why_dropped(p, entry),
				   .rule = left ? sonde_rule_for(t->question.kind, SONDE_SILENCE, false) : NULL,
				   .target = (uint32_t)(entry->n % p->n_targets),
				   .round = entry->n / p->n_targets,
			   });
}

static void on_time(struct sonde_engine *e, sonde_time now)
{
	struct sonde_ping *p = sonde_ping_of(e);
	for (; p->oldest_n < p->next_n && sonde_ping_has_room(p); p->oldest_n++) {
		struct sonde_ping_entry *entry = sonde_ping_entry(p, p->oldest_n);
		if (entry->state != SONDE_PING_STATE_SENT)
			continue;
		if (entry->give_up_at > now)
			return;
		give_up(p, entry);
	}
}

bool sonde_ping_stop(struct sonde_ping *p)
{
	for (uint64_t n = p->oldest_n; n < p->next_n; n++) {
		struct sonde_ping_entry *entry = sonde_ping_entry(p, n);
		if (entry->state != SONDE_PING_STATE_SENT || has_left(p, entry))
			continue;
		if (!sonde_ping_has_room(p))
			return false;
		give_up(p, entry);
	}
	return true;
}

static sonde_time next_deadline(const struct sonde_engine *e)
{
	const struct sonde_ping *p = (const struct sonde_ping *)e;
	sonde_time give_up = p->oldest_n < p->next_n ? sonde_ping_entry(p, p->oldest_n)->give_up_at : SONDE_NEVER;
	sonde_time due = all_sent(p) || ring_is_full(p) ? SONDE_NEVER : due_at(p);
	return due < give_up ? due : give_up;
}

/* --- Beginning and end ------------------------------------------------------------------------------------------- */

static const struct sonde_engine_ops ops = {
	.next_batch = next_batch,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_frame = sonde_ping_on_frame,
	.on_missed = on_missed,
	.on_time = on_time,
	.next_deadline = next_deadline,
};

/* The tables of a run, in the order in which they lie in its memory. */
struct tables {
	uint64_t n_entries, n_slots;
	size_t targets, histograms, entries, by_addr, size; /* where each begins, and the end */
};

static size_t aligned(size_t size)
{
	const size_t cache_line = 64;
	return (size + cache_line - 1) / cache_line * cache_line;
}

static struct tables tables_for(uint32_t n_targets)
{
	uint64_t n = n_targets;
	struct tables t = { .n_entries = power_of_two(MIN_ENTRIES > 4 * n ? MIN_ENTRIES : 4 * n),
			    .n_slots = power_of_two(2 * n + 1) };
	t.histograms = aligned(n * sizeof(struct sonde_ping_target));
	t.by_addr = t.histograms + aligned(n <= SONDE_PING_HISTOGRAMS ? n * sizeof(struct sonde_histogram) : 0);
	t.entries = t.by_addr + aligned(t.n_slots * sizeof(uint32_t));
	t.size = t.entries + t.n_entries * sizeof(struct sonde_ping_entry);
	return t;
}

size_t sonde_ping_memory(uint32_t n_targets)
{
	return tables_for(n_targets).size;
}

void sonde_ping_init(struct sonde_ping *p, const struct sonde_ping_options *o, const struct sonde_addr *targets,
		     uint32_t n_targets, void *memory, sonde_time now)
{
	struct tables t = tables_for(n_targets);
	uint8_t *start = memory;
	memset(p, 0, sizeof *p);
	p->engine.ops = &ops;
	p->o = *o;
	p->n_targets = n_targets;
	p->n_slots = (uint32_t)t.n_slots;
	p->n_entries = t.n_entries;
	p->targets = (void *)start;
	p->target_histograms = n_targets <= SONDE_PING_HISTOGRAMS ? (void *)(start + t.histograms) : NULL;
	p->by_addr = (void *)(start + t.by_addr);
	p->entries = (void *)(start + t.entries);
	for (uint32_t i = 0; i < n_targets; i++) {
		p->targets[i].addr = targets[i];
		p->targets[i].port = o->ports ? o->ports[i] : o->port;
		sonde_ping_index_target(p, i);
	}
	p->pace = sonde_pace(o->gap_ns, BURST, now);
	p->rounds = sonde_pace(o->interval_ns, o->interval_ns ? (unsigned)(BEHIND_NS / o->interval_ns) + 1 : 0, now);
	p->id = o->id ? o->id : (uint16_t)(1 + sonde_random_below(sonde_random(o->seed, 0, 2, 0), UINT16_MAX));
}
