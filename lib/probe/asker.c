#include "probe/asker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "packet/pattern.h"
#include "packet/question_fault.h"

#define FIRST_CAP  64
#define BURST_NS   SONDE_MS /* how much of the pace a late wake-up makes up for at once */
#define RECENT     (2 * SONDE_BATCH) /* a refusal comes at most so many packets after it was handed over */

static struct sonde_asker *asker_of(struct sonde_engine *e)
{
	return (struct sonde_asker *)e;
}

/* --- Entries ----------------------------------------------------------------------------------------------------- */

static struct sonde_asker_entry *entry_at(const struct sonde_asker *a, uint64_t serial)
{
	return &a->entries[serial & (a->cap - 1)];
}

static struct sonde_asker_bucket *bucket_of(const struct sonde_asker *a, const struct sonde_question_key *key)
{
	uint8_t bytes[sizeof key->host.bytes + sizeof key->number];
	memcpy(bytes, key->host.bytes, sizeof key->host.bytes);
	memcpy(bytes + sizeof key->host.bytes, &key->number, sizeof key->number);
	return &a->buckets[sonde_siphash(a->key, sonde_view(bytes, sizeof bytes)) & (a->cap - 1)];
}

/* The bucket's first unseen entry is the one at `at` (serial + 1), or the next whose frame was not seen. */
static void skip_seen(struct sonde_asker *a, struct sonde_asker_bucket *bucket, uint64_t at)
{
	while (at && entry_at(a, at - 1)->clock != SONDE_STAMP_USER)
		at = entry_at(a, at - 1)->next;
	bucket->unseen = at;
}

/* Questions with the same key stand in the order of sending. */
static void chain(struct sonde_asker *a, uint64_t serial)
{
	struct sonde_asker_entry *entry = entry_at(a, serial);
	struct sonde_question_key key = sonde_question_key(&entry->question);
	struct sonde_asker_bucket *bucket = bucket_of(a, &key);
	entry->prev = bucket->last;
	entry->next = 0;
	if (bucket->last)
		entry_at(a, bucket->last - 1)->next = serial + 1;
	else
		bucket->first = serial + 1;
	bucket->last = serial + 1;
	if (!bucket->unseen)
		skip_seen(a, bucket, serial + 1);
}

static void unchain(struct sonde_asker *a, struct sonde_asker_entry *entry)
{
	struct sonde_question_key key = sonde_question_key(&entry->question);
	struct sonde_asker_bucket *bucket = bucket_of(a, &key);
	if (entry->prev)
		entry_at(a, entry->prev - 1)->next = entry->next;
	else
		bucket->first = entry->next;
	if (entry->next)
		entry_at(a, entry->next - 1)->prev = entry->prev;
	else
		bucket->last = entry->prev;
	if (bucket->unseen && entry_at(a, bucket->unseen - 1) == entry)
		skip_seen(a, bucket, entry->next);
	entry->done = true;
}

static void forget_done(struct sonde_asker *a)
{
	while (a->oldest < a->next && entry_at(a, a->oldest)->done)
		a->oldest++;
}

/* Move the entries to tables of twice the size. */
static bool grow(struct sonde_asker *a)
{
	uint64_t cap = a->cap ? 2 * a->cap : FIRST_CAP;
	struct sonde_asker_entry *entries = calloc(cap, sizeof *entries), *old = a->entries;
	struct sonde_asker_bucket *buckets = calloc(cap, sizeof *buckets);
	if (!entries || !buckets) {
		free(entries);
		free(buckets);
		return false;
	}
	for (uint64_t serial = a->oldest; serial < a->next; serial++)
		entries[serial & (cap - 1)] = *entry_at(a, serial);
	free(a->buckets);
	a->entries = entries;
	a->buckets = buckets;
	a->cap = cap;
	free(old);
	for (uint64_t serial = a->oldest; serial < a->next; serial++)
		if (!entry_at(a, serial)->done)
			chain(a, serial);
	return true;
}

uint64_t sonde_asker_unanswered(const struct sonde_asker *a)
{
	uint64_t n = 0;
	for (uint64_t serial = a->oldest; serial < a->next; serial++)
		n += !entry_at(a, serial)->done && entry_at(a, serial)->replies == 0;
	return n;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static bool has_room(const struct sonde_asker *a)
{
	return a->event_len < SONDE_ASKER_EVENTS;
}

/* The next event's place, filled with what the entry says. The caller has looked whether there is room. */
static struct sonde_asker_event *emit(struct sonde_asker *a, const struct sonde_asker_entry *entry,
				      enum sonde_asker_event_kind kind)
{
	struct sonde_asker_event *e = &a->events[(a->event_head + a->event_len++) % SONDE_ASKER_EVENTS];
	*e = (struct sonde_asker_event){
		.kind = kind,
		.id = entry->id,
		.question = entry->question,
		.sent_at = entry->sent_at,
		.clock = (enum sonde_stamp_clock)entry->clock,
		.sent_number = entry->sent_number,
	};
	return e;
}

bool sonde_asker_next_event(struct sonde_asker *a, struct sonde_asker_event *out)
{
	if (a->event_len == 0)
		return false;
	*out = a->events[a->event_head];
	a->event_head = (a->event_head + 1) % SONDE_ASKER_EVENTS;
	a->event_len--;
	return true;
}

/* --- Out --------------------------------------------------------------------------------------------------------- */

/* How many packets the pace allows now. */
static unsigned allowed(const struct sonde_asker *a, sonde_time now)
{
	if (a->pace.due_at > now)
		return 0;
	sonde_time behind = now - a->pace.due_at < a->pace.burst_ns ? now - a->pace.due_at : a->pace.burst_ns;
	uint64_t n = a->o.gap_ns ? (uint64_t)(behind / a->o.gap_ns) + 1 : SONDE_BATCH;
	return n < SONDE_BATCH ? (unsigned)n : SONDE_BATCH;
}

/* Whether the next packet's own time, if it has one, has come; else the pace waits for it. Returns 1, 0, or an
 * error. */
static int is_due(struct sonde_asker *a, sonde_time now)
{
	sonde_time offset = 0;
	int got = a->source.due ? a->source.due(a->source.arg, &offset) : 1;
	a->all_built = got == 0;
	if (got != 1 || a->began_at + offset <= now)
		return got;
	a->pace.due_at = a->began_at + offset;
	return 0;
}

static int next_batch(struct sonde_engine *e, struct sonde_batch *b, sonde_time now)
{
	struct sonde_asker *a = asker_of(e);
	unsigned most = a->all_built ? 0 : allowed(a, now);
	if (most == 0 || a->out_of_memory)
		return a->out_of_memory ? -ENOMEM : 0;
	int got = is_due(a, now);
	if (got != 1)
		return got;
	got = a->source.next(a->source.arg, b, most);
	a->all_built = got == 0;
	if (got != 1)
		return got;
	for (unsigned i = 0; i < b->n; i++) {
		b->items[i].id = a->next_id++;
		sonde_pace_take(&a->pace, now);
	}
	a->n_sent += b->n;
	return 1;
}

/* Read which answers belong to a packet. Without IP or ARP none can be recognised. */
static bool read_question(struct sonde_question *q, const char **fault, const struct sonde_sent *sent)
{
	struct sonde_packet read;
	*fault = NULL;
	if (sent->packet) {
		*fault = sonde_question_fault(sent->packet);
		return sonde_question_of(q, sent->packet) == 0;
	}
	sonde_dissect(&read, sent->bytes.data, (uint32_t)sent->bytes.len, (uint32_t)sent->bytes.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	read.delivery = sent->delivery;
	*fault = sonde_question_fault(&read);
	return sonde_question_of(q, &read) == 0;
}

static void on_sent(struct sonde_engine *e, const struct sonde_sent *sent)
{
	struct sonde_asker *a = asker_of(e);
	struct sonde_question q;
	const char *fault;
	if (sent->packet && a->source.finished)
		a->source.finished(a->source.arg, sent->packet);
	if (!a->o.waits || !read_question(&q, &fault, sent))
		return;
	if (a->next - a->oldest == a->cap && !grow(a)) {
		a->out_of_memory = true;
		return;
	}
	*entry_at(a, a->next) = (struct sonde_asker_entry){
		.id = sent->id,
		.question = q,
		.fault = fault,
		.sent_at = sent->stamp,
		.give_up_at = sent->now + a->o.wait_ns,
		.clock = (uint8_t)sent->clock,
	};
	a->asks_groups |= q.any_source;
	a->asks_in_tunnels |= q.outermost != 0;
	chain(a, a->next++);
}

static void on_refused(struct sonde_engine *e, uint64_t id, int code)
{
	struct sonde_asker *a = asker_of(e);
	(void)code;
	a->n_sent--;
	for (uint64_t serial = a->next; serial > a->oldest && a->next - serial < RECENT; serial--) {
		struct sonde_asker_entry *entry = entry_at(a, serial - 1);
		if (entry->id == id && !entry->done) {
			unchain(a, entry);
			forget_done(a);
			return;
		}
	}
}

static void on_missed(struct sonde_engine *e)
{
	asker_of(e)->o.sees_frames = false;
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

/* Copies of frames are seen in the order of sending, so that of several packets that ask the same, the first whose copy
 * was not seen yet is the one. */
static bool find_copy(struct sonde_asker *a, const struct sonde_question *q, const struct sonde_seen *seen)
{
	struct sonde_question_key key = sonde_question_key(q);
	struct sonde_asker_bucket *bucket = bucket_of(a, &key);
	for (uint64_t at = bucket->unseen; at; at = entry_at(a, at - 1)->next) {
		struct sonde_asker_entry *entry = entry_at(a, at - 1);
		if (entry->clock != SONDE_STAMP_USER || !sonde_question_equal(&entry->question, q))
			continue;
		entry->sent_at = seen->stamp;
		entry->clock = SONDE_STAMP_FRAME;
		entry->sent_number = seen->number;
		if (at == bucket->unseen)
			skip_seen(a, bucket, entry->next);
		return true;
	}
	return false;
}

/* A frame does not show whether it was broadcast, which decides from where answers may come: try both. */
static bool take_question(struct sonde_asker *a, const struct sonde_seen *seen)
{
	struct sonde_question q;
	if (sonde_question_of(&q, seen->packet))
		return false;
	bool found = find_copy(a, &q, seen);
	q.any_source = !q.any_source;
	return found || find_copy(a, &q, seen);
}

static void take_answer(struct sonde_asker *a, struct sonde_asker_entry *entry, const struct sonde_match *m,
			struct sonde_seen *seen)
{
	bool wanted = !a->o.expect || sonde_pattern_match(a->o.expect, seen->packet);
	bool final = wanted && sonde_answer_is_final(m->answer);
	entry->unexpected |= !wanted;
	seen->as = SONDE_SEEN_ANSWER;
	seen->rule = m->rule;
	seen->remark = m->remark;
	a->n_replies++;
	a->n_answered += final && entry->replies == 0;
	if (has_room(a)) {
		struct sonde_asker_event *e = emit(a, entry, SONDE_ASKER_ANSWER);
		e->match = *m;
		e->remark = m->remark;
		e->is_first = final && entry->replies == 0;
		e->packet = seen->packet;
		e->stamp = seen->stamp;
		e->number = seen->number;
	}
	entry->replies += final;
	if (entry->replies < a->o.replies)
		return;
	unchain(a, entry);
	forget_done(a);
}

/* What a frame is to the questions that it was compared with, where it answers none. */
struct misfit {
	bool wrong_checksum;
	bool early; /* it came before the question left */
};

/* Look for the question among those with a key. */
static bool find_question(struct sonde_asker *a, const struct sonde_question_key *key, struct sonde_seen *seen,
			  struct misfit *misfit)
{
	struct sonde_match m;
	for (uint64_t at = bucket_of(a, key)->first; at; at = entry_at(a, at - 1)->next) {
		struct sonde_asker_entry *entry = entry_at(a, at - 1);
		bool answers = sonde_match(&m, &entry->question, seen->packet);
		if (answers && sonde_could_answer(entry->sent_at, seen->stamp)) {
			take_answer(a, entry, &m, seen);
			return true;
		}
		misfit->early |= answers;
		misfit->wrong_checksum |= m.wrong_checksum;
	}
	return false;
}

/* Errors from routers on the way of a tunnel are rare: all outstanding packets are compared. */
static bool find_tunnelled(struct sonde_asker *a, uint32_t outermost, struct sonde_seen *seen)
{
	struct sonde_match m;
	for (uint64_t serial = a->oldest; serial < a->next; serial++) {
		struct sonde_asker_entry *entry = entry_at(a, serial);
		if (entry->done || entry->question.outermost != outermost ||
		    !sonde_match(&m, &entry->question, seen->packet))
			continue;
		take_answer(a, entry, &m, seen);
		return true;
	}
	return false;
}

static void on_frame(struct sonde_engine *e, struct sonde_seen *seen)
{
	struct sonde_asker *a = asker_of(e);
	struct sonde_answer_key key;
	struct misfit misfit = { 0 };
	bool found = false;
	if (a->cap && take_question(a, seen)) {
		seen->as = SONDE_SEEN_QUESTION;
		return;
	}
	if (a->cap && sonde_answer_key(&key, seen->packet)) {
		found = find_question(a, &key.question, seen, &misfit);
		key.question.host = (struct sonde_addr){ 0 };
		if (!found && a->asks_groups)
			found = find_question(a, &key.question, seen, &misfit);
		if (!found && a->asks_in_tunnels && key.outermost)
			found = find_tunnelled(a, key.outermost, seen);
	}
	if (found)
		return;
	a->early += misfit.early;
	a->wrong_checksum += !misfit.early && misfit.wrong_checksum;
	a->unmatched += !misfit.early && !misfit.wrong_checksum && !seen->outbound;
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static void give_up(struct sonde_asker *a, struct sonde_asker_entry *entry)
{
	bool left = !a->o.sees_frames || entry->clock != SONDE_STAMP_USER;
	if (entry->replies == 0 && entry->unexpected) {
		a->n_unexpected++;
	} else if (entry->replies == 0) {
		a->n_silent += left;
		a->n_dropped += !left;
		struct sonde_asker_event *e = emit(a, entry, left ? SONDE_ASKER_SILENCE : SONDE_ASKER_DROPPED);
		e->remark = left ? entry->fault : NULL;
	}
	unchain(a, entry);
}

static void on_time(struct sonde_engine *e, sonde_time now)
{
	struct sonde_asker *a = asker_of(e);
	for (; a->oldest < a->next && has_room(a); a->oldest++) {
		struct sonde_asker_entry *entry = entry_at(a, a->oldest);
		if (!entry->done && entry->give_up_at > now)
			return;
		if (!entry->done)
			give_up(a, entry);
	}
}

static sonde_time next_deadline(const struct sonde_engine *e)
{
	const struct sonde_asker *a = (const struct sonde_asker *)e;
	sonde_time give_up_at = a->oldest < a->next ? entry_at(a, a->oldest)->give_up_at : SONDE_NEVER;
	sonde_time due = a->all_built ? SONDE_NEVER : a->pace.due_at;
	return due < give_up_at ? due : give_up_at;
}

/* --- Beginning and end ------------------------------------------------------------------------------------------- */

static const struct sonde_engine_ops ops = {
	.next_batch = next_batch,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_frame = on_frame,
	.on_missed = on_missed,
	.on_time = on_time,
	.next_deadline = next_deadline,
};

void sonde_asker_init(struct sonde_asker *a, const struct sonde_asker_options *o,
		      const struct sonde_asker_source *source, sonde_time now)
{
	unsigned burst = o->gap_ns ? (unsigned)(BURST_NS / o->gap_ns) + 1 : 0;
	memset(a, 0, sizeof *a);
	a->engine.ops = &ops;
	a->o = *o;
	a->source = *source;
	a->pace = sonde_pace(o->gap_ns, burst, now);
	a->began_at = now;
	a->key = sonde_key_from_seed(o->seed);
}

void sonde_asker_free(struct sonde_asker *a)
{
	free(a->entries);
	free(a->buckets);
	a->entries = NULL;
	a->buckets = NULL;
}
