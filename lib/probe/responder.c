#include "probe/responder.h"

#include <stdlib.h>

#include "packet/pattern.h"
#include "packet/reference.h"

#define IDLE_NS (3600 * SONDE_S) /* nothing is due, and the run goes on */

static struct sonde_responder *responder_of(struct sonde_engine *e)
{
	return (struct sonde_responder *)e;
}

/* --- What was sent ----------------------------------------------------------------------------------------------- */

/* Of the packet without its link layer, which the kernel writes. */
static uint64_t hash_of(const struct sonde_responder *r, const struct sonde_packet *p)
{
	unsigned i = 0;
	while (i + 1 < p->n_layers && !p->layers[i].proto->network)
		i++;
	uint32_t at = p->n_layers ? p->layers[i].offset : 0, end = p->payload_end > at ? p->payload_end : p->len;
	return sonde_siphash(r->key, sonde_view(p->data + at, end - at)) | 1;
}

static bool is_own(struct sonde_responder *r, const struct sonde_packet *p)
{
	uint64_t hash = hash_of(r, p), *seen = &r->own[hash % SONDE_RESPONDER_OWN];
	bool own = *seen == hash;
	if (own)
		*seen = 0; /* seen once: somebody else may send the same */
	return own;
}

/* --- The engine -------------------------------------------------------------------------------------------------- */

static const struct sonde_packet *find(void *arg, struct sonde_view name)
{
	const struct sonde_responder *r = arg;
	return name.len == 0 && r->answered ? &r->match : NULL;
}

static bool is_done(const struct sonde_responder *r)
{
	return !r->o.inner && r->o.count && r->n_built >= r->o.count;
}

static int build(struct sonde_responder *r, struct sonde_packet *p)
{
	const struct sonde_referents from = { r, find };
	int err = sonde_spec_resolve(&r->resolved, r->o.packet, &from, &r->unfit);
	return err ? err : sonde_spec_packet(p, &r->resolved, 0, r->o.seed + r->n_built, false, &r->unfit);
}

/* Take the match that has waited longest. Returns false when there is none. */
static bool take_match(struct sonde_responder *r)
{
	if (!r->queue_len)
		return false;
	struct sonde_responder_match *m = r->queue[r->queue_head];
	r->queue_head = (r->queue_head + 1) % SONDE_RESPONDER_QUEUE;
	r->queue_len--;
	free(r->answered);
	r->answered = m;
	sonde_dissect(&r->match, m->bytes, m->len, m->len + m->missing, m->first);
	return true;
}

/* Without memory, or with too many that wait already, the match is lost. */
static void keep_match(struct sonde_responder *r, const struct sonde_seen *seen)
{
	const struct sonde_packet *p = seen->packet;
	struct sonde_responder_match *m = NULL;
	if (r->queue_len < SONDE_RESPONDER_QUEUE)
		m = malloc(sizeof *m + p->len);
	if (!m) {
		r->n_lost++;
		return;
	}
	m->stamp = seen->stamp;
	m->first = p->layers[0].proto->ids[0];
	m->len = p->len;
	m->missing = p->missing;
	if (p->len)
		memcpy(m->bytes, p->data, p->len);
	r->queue[(r->queue_head + r->queue_len++) % SONDE_RESPONDER_QUEUE] = m;
}

static int next_batch(struct sonde_engine *engine, struct sonde_batch *b, sonde_time now)
{
	struct sonde_responder *r = responder_of(engine);
	r->now = now;
	while (now >= r->next_at && !is_done(r) && take_match(r)) {
		if (build(r, b->packet)) {
			r->n_unfit++;
			continue;
		}
		b->shape = NULL;
		b->n = 1;
		b->items[0].id = r->o.first_id + r->n_built++;
		b->items[0].dst = (struct sonde_addr){ 0 };
		r->next_at = now + r->o.gap_ns;
		return 1;
	}
	return r->o.inner ? r->o.inner->ops->next_batch(r->o.inner, b, now) : 0;
}

static void on_sent(struct sonde_engine *engine, const struct sonde_sent *sent)
{
	struct sonde_responder *r = responder_of(engine);
	if (!sonde_responder_has(r, sent->id)) {
		r->o.inner->ops->on_sent(r->o.inner, sent);
		return;
	}
	if (!sent->packet)
		return;
	uint64_t hash = hash_of(r, sent->packet);
	r->own[hash % SONDE_RESPONDER_OWN] = hash;
	r->n_sent++;
}

static void on_refused(struct sonde_engine *engine, uint64_t id, int code)
{
	struct sonde_responder *r = responder_of(engine);
	if (!sonde_responder_has(r, id))
		r->o.inner->ops->on_refused(r->o.inner, id, code);
}

static void on_frame(struct sonde_engine *engine, struct sonde_seen *seen)
{
	struct sonde_responder *r = responder_of(engine);
	if (r->o.inner)
		r->o.inner->ops->on_frame(r->o.inner, seen);
	if (seen->outbound || !sonde_pattern_match(r->o.pattern, seen->packet) || is_own(r, seen->packet))
		return;
	r->n_matched++;
	keep_match(r, seen);
}

static void on_missed(struct sonde_engine *engine)
{
	const struct sonde_responder *r = responder_of(engine);
	if (r->o.inner && r->o.inner->ops->on_missed)
		r->o.inner->ops->on_missed(r->o.inner);
}

static void on_dropped(struct sonde_engine *engine, uint64_t n, sonde_time now)
{
	const struct sonde_responder *r = responder_of(engine);
	if (r->o.inner && r->o.inner->ops->on_dropped)
		r->o.inner->ops->on_dropped(r->o.inner, n, now);
}

static void on_time(struct sonde_engine *engine, sonde_time now)
{
	struct sonde_responder *r = responder_of(engine);
	r->now = now;
	if (r->o.inner)
		r->o.inner->ops->on_time(r->o.inner, now);
}

static sonde_time next_deadline(const struct sonde_engine *engine)
{
	const struct sonde_responder *r = (const struct sonde_responder *)engine;
	sonde_time inner = r->o.inner ? r->o.inner->ops->next_deadline(r->o.inner) : SONDE_NEVER;
	if (is_done(r))
		return SONDE_NEVER;
	/* When the inner engine is done, nobody has to be spoken for any more. */
	if (r->o.inner && inner == SONDE_NEVER)
		return SONDE_NEVER;
	sonde_time own = r->queue_len ? r->next_at : r->now + IDLE_NS;
	return own < inner ? own : inner;
}

static const struct sonde_engine_ops ops = {
	.next_batch = next_batch,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_frame = on_frame,
	.on_missed = on_missed,
	.on_dropped = on_dropped,
	.on_time = on_time,
	.next_deadline = next_deadline,
};

void sonde_responder_init(struct sonde_responder *r, const struct sonde_responder_options *o)
{
	*r = (struct sonde_responder){ .engine = { &ops }, .o = *o, .key = sonde_key_from_seed(o->seed) };
}

void sonde_responder_free(struct sonde_responder *r)
{
	for (; r->queue_len; r->queue_len--) {
		free(r->queue[r->queue_head]);
		r->queue_head = (r->queue_head + 1) % SONDE_RESPONDER_QUEUE;
	}
	free(r->answered);
	r->answered = NULL;
	sonde_spec_free(&r->resolved);
}
