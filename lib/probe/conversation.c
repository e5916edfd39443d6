#include "probe/conversation.h"

#include <errno.h>
#include <stdlib.h>

#include "packet/pattern.h"
#include "packet/reference.h"

#define LINK_RAW 101 /* link type of packets that begin with an IP header */

static struct sonde_conversation *conversation_of(struct sonde_engine *e)
{
	return (struct sonde_conversation *)e;
}

static const struct sonde_step *step_of(const struct sonde_conversation *c)
{
	return c->at < c->script->n ? &c->script->steps[c->at] : NULL;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

/* An event about a packet; owned: it is freed once it was shown. */
static struct sonde_conversation_event *tell(struct sonde_conversation *c, enum sonde_conversation_event_kind kind,
					     const struct sonde_step *step, struct sonde_kept *got, bool owned)
{
	static const unsigned mask = SONDE_CONVERSATION_EVENTS - 1;
	if (c->event_len == SONDE_CONVERSATION_EVENTS) {
		c->n_lost += got != NULL;
		if (owned)
			sonde_kept_free(got);
		return NULL;
	}
	unsigned i = (c->event_head + c->event_len++) & mask;
	c->events[i] = (struct sonde_conversation_event){
		.kind = kind, .step = step, .got = got, .sent_at = c->sent_at };
	c->owned[i] = owned ? got : NULL;
	return &c->events[i];
}

bool sonde_conversation_next_event(struct sonde_conversation *c, struct sonde_conversation_event *out)
{
	sonde_kept_free(c->shown);
	c->shown = NULL;
	if (c->event_len == 0)
		return false;
	*out = c->events[c->event_head];
	c->shown = c->owned[c->event_head];
	c->event_head = (c->event_head + 1) & (SONDE_CONVERSATION_EVENTS - 1);
	c->event_len--;
	return true;
}

/* --- The conversation's sockets ---------------------------------------------------------------------------------- */

static bool ends_of(struct sonde_ends *out, const struct sonde_packet *p)
{
	return p->n_layers > 0 &&
	       sonde_ends_read(out, p->data, p->len, p->len + p->missing,
			       sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, LINK_RAW));
}

static bool same_tuple(const struct sonde_ends *a, const struct sonde_ends *b)
{
	return memcmp(a, b, SONDE_ENDS_TUPLE_LEN) == 0;
}

static void add_member(struct sonde_conversation *c, const struct sonde_ends *ours)
{
	for (unsigned i = 0; i < c->n_members; i++)
		if (same_tuple(&c->members[i], ours))
			return;
	if (c->n_members < SONDE_CONVERSATION_MEMBERS)
		c->members[c->n_members++] = *ours;
}

static struct sonde_addr addr_of(const struct sonde_ends *e, const uint8_t *bytes)
{
	return e->family == SONDE_IP4 ? sonde_addr4(bytes) : sonde_addr6(bytes);
}

/* Who is asked as a group answers from an address of its own, and may answer the group. */
static bool is_for_group(const struct sonde_ends *e)
{
	const struct sonde_addr dst = addr_of(e, e->dst);
	return sonde_addr_is_multicast(&dst) || (dst.family == SONDE_IP4 && dst.bytes[3] == 255);
}

/* ours: as a packet of ours has them; theirs: as one that came. */
static bool answers(const struct sonde_ends *ours, const struct sonde_ends *theirs)
{
	struct sonde_ends back = *theirs;
	sonde_ends_swap(&back);
	if (same_tuple(ours, &back))
		return true;
	bool same_ports = ours->proto == back.proto && ours->family == back.family && ours->sport == back.sport &&
			  ours->dport == back.dport;
	bool to_us = memcmp(ours->src, back.src, sizeof ours->src) == 0 || is_for_group(theirs);
	return same_ports && to_us && is_for_group(ours);
}

static bool belongs(const struct sonde_conversation *c, const struct sonde_packet *p)
{
	struct sonde_ends theirs, quoted;
	if (!c->has_sent)
		return true;
	if (!ends_of(&theirs, p))
		return c->has_sent_frames;
	bool is_error = sonde_ends_quoted(&quoted, &theirs, p->data);
	for (unsigned i = 0; i < c->n_members; i++)
		if (is_error ? same_tuple(&c->members[i], &quoted) : answers(&c->members[i], &theirs))
			return true;
	return false;
}

/* --- Steps ------------------------------------------------------------------------------------------------------- */

static const struct sonde_packet *find(void *arg, struct sonde_view name)
{
	const struct sonde_conversation *c = arg;
	if (!name.len)
		return c->last ? &c->last->packet : NULL;
	for (size_t i = 0; i < c->script->n; i++)
		if (sonde_view_equal(c->script->steps[i].name, name))
			return c->named[i] ? &c->named[i]->packet : NULL;
	return NULL;
}

static void end(struct sonde_conversation *c)
{
	c->is_over = true;
	for (; c->queue_len; c->queue_len--) {
		tell(c, SONDE_CONVERSATION_OTHER, NULL, c->queue[c->queue_head], true);
		c->queue_head = (c->queue_head + 1) % SONDE_CONVERSATION_QUEUE;
	}
}

static void fail(struct sonde_conversation *c, const struct sonde_error *e)
{
	struct sonde_conversation_event *event = tell(c, SONDE_CONVERSATION_FAILED, step_of(c), NULL, false);
	if (event)
		event->e = *e;
	c->has_failed = true;
	end(c);
}

/* Give the step at hand its values. */
static bool resolve(struct sonde_conversation *c)
{
	const struct sonde_referents from = { c, find };
	struct sonde_error e = { 0 };
	if (c->is_ready)
		return true;
	int err = sonde_spec_resolve(&c->resolved, &step_of(c)->spec, &from, &e);
	if (err)
		fail(c, &e);
	c->is_ready = !err;
	return !err;
}

static void begin_step(struct sonde_conversation *c)
{
	const struct sonde_step *s = step_of(c);
	c->is_ready = false;
	c->n_built = c->n_sent_here = 0;
	c->deadline = c->now + (s && s->kind == SONDE_STEP_WAIT ? s->wait_ns : c->o.wait_ns);
	if (!s)
		end(c);
}

static void keep(struct sonde_conversation *c, struct sonde_kept *k)
{
	if (c->last == c->named[c->at])
		c->last = NULL;
	sonde_kept_free(c->named[c->at]);
	c->named[c->at] = k;
}

static void receive(struct sonde_conversation *c, struct sonde_kept *k)
{
	struct sonde_ends ends;
	keep(c, k);
	c->last = k;
	c->n_received++;
	c->tries = 0;
	if (!c->has_sent && ends_of(&ends, &k->packet)) {
		c->has_sent = true;
		sonde_ends_swap(&ends);
		add_member(c, &ends);
	}
	tell(c, SONDE_CONVERSATION_RECEIVED, step_of(c), k, false);
	c->at++;
	begin_step(c);
}

/* Compare what came with what is waited for, as long as something is. */
static void go_through_queue(struct sonde_conversation *c)
{
	while (!c->is_over && step_of(c)->kind == SONDE_STEP_EXPECT && c->queue_len && resolve(c)) {
		struct sonde_kept *k = c->queue[c->queue_head];
		c->queue_head = (c->queue_head + 1) % SONDE_CONVERSATION_QUEUE;
		c->queue_len--;
		if (sonde_pattern_match(&c->resolved, &k->packet)) {
			receive(c, k);
			continue;
		}
		c->n_others++;
		tell(c, SONDE_CONVERSATION_OTHER, step_of(c), k, true);
	}
}

static void next_step(struct sonde_conversation *c)
{
	c->at++;
	begin_step(c);
	go_through_queue(c);
}

/* What is waited for did not come: send the lines directly before it again, or give up. */
static void miss(struct sonde_conversation *c)
{
	size_t first = c->at;
	while (first > 0 && c->script->steps[first - 1].kind != SONDE_STEP_EXPECT)
		first--;
	if (c->tries < c->o.retries && first < c->at) {
		c->tries++;
		tell(c, SONDE_CONVERSATION_AGAIN, step_of(c), NULL, false);
		c->at = first;
		begin_step(c);
		return;
	}
	tell(c, SONDE_CONVERSATION_MISSED, step_of(c), NULL, false);
	c->has_failed = true;
	end(c);
}

/* --- The engine -------------------------------------------------------------------------------------------------- */

/* All packets of a conversation come from one port, unless something else is written. */
static void choose_port(struct sonde_packet *p, uint64_t seed)
{
	int layer = 0, row = -1;
	while (sonde_next_open(p, &layer, &row)) {
		const struct sonde_field *f = &p->layers[layer].proto->fields[row];
		if (f->role == SONDE_ROLE_SOURCE_PORT && !p->layers[layer].quoted)
			sonde_set(p, layer, f->place, sonde_seeded_number(f, (unsigned)layer, seed, 0));
	}
}

static int next_batch(struct sonde_engine *engine, struct sonde_batch *b, sonde_time now)
{
	struct sonde_conversation *c = conversation_of(engine);
	struct sonde_error e = { 0 };
	c->now = now;
	if (c->is_over || step_of(c)->kind != SONDE_STEP_SEND || c->n_built == step_of(c)->count || !resolve(c))
		return 0;
	if (sonde_spec_packet(b->packet, &c->resolved, c->n_built, c->o.seed, false, &e)) {
		fail(c, &e);
		return 0;
	}
	choose_port(b->packet, c->o.seed);
	b->shape = NULL;
	b->n = 1;
	b->items[0].id = (uint64_t)c->at << 32 | c->n_built++;
	b->items[0].dst = (struct sonde_addr){ 0 };
	return 1;
}

static void on_sent(struct sonde_engine *engine, const struct sonde_sent *sent)
{
	struct sonde_conversation *c = conversation_of(engine);
	struct sonde_ends ends;
	c->sent_at = sent->stamp;
	if (!sent->packet || c->is_over)
		return;
	c->now = sent->now;
	c->n_sent++;
	struct sonde_kept *k = sonde_kept_new(sent->packet, sent->stamp, 0);
	c->out_of_memory |= !k;
	if (k)
		keep(c, k);
	c->has_sent = true;
	if (ends_of(&ends, sent->packet))
		add_member(c, &ends);
	else
		c->has_sent_frames = true;
	if (++c->n_sent_here == step_of(c)->count)
		next_step(c);
}

static void on_refused(struct sonde_engine *engine, uint64_t id, int code)
{
	struct sonde_conversation *c = conversation_of(engine);
	(void)id, (void)code; /* the driver's hook says why */
	c->has_failed = true;
	if (!c->is_over)
		end(c);
}

static void on_frame(struct sonde_engine *engine, struct sonde_seen *seen)
{
	struct sonde_conversation *c = conversation_of(engine);
	if (seen->outbound || c->is_over || !belongs(c, seen->packet))
		return;
	if (c->queue_len == SONDE_CONVERSATION_QUEUE) {
		c->n_lost++;
		return;
	}
	struct sonde_kept *k = sonde_kept_new(seen->packet, seen->stamp, seen->number);
	c->out_of_memory |= !k;
	if (!k)
		return;
	seen->as = SONDE_SEEN_ANSWER;
	c->queue[(c->queue_head + c->queue_len++) % SONDE_CONVERSATION_QUEUE] = k;
	go_through_queue(c);
}

static void on_time(struct sonde_engine *engine, sonde_time now)
{
	struct sonde_conversation *c = conversation_of(engine);
	c->now = now;
	if (c->is_over || step_of(c)->kind == SONDE_STEP_SEND || now < c->deadline)
		return;
	if (step_of(c)->kind == SONDE_STEP_WAIT)
		next_step(c);
	else
		miss(c);
}

static sonde_time next_deadline(const struct sonde_engine *engine)
{
	const struct sonde_conversation *c = (const struct sonde_conversation *)engine;
	if (c->is_over)
		return SONDE_NEVER;
	if (step_of(c)->kind != SONDE_STEP_SEND)
		return c->deadline;
	/* What was handed over and not yet sent, the driver waits for. */
	return c->n_built < step_of(c)->count ? c->now : c->now + c->o.wait_ns;
}

static const struct sonde_engine_ops ops = {
	.next_batch = next_batch,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_frame = on_frame,
	.on_time = on_time,
	.next_deadline = next_deadline,
};

int sonde_conversation_init(struct sonde_conversation *c, const struct sonde_conversation_options *o,
			    const struct sonde_script *script, sonde_time now)
{
	*c = (struct sonde_conversation){ .engine = { &ops }, .o = *o, .script = script, .now = now };
	c->named = calloc(script->n + 1, sizeof(struct sonde_kept *));
	if (!c->named)
		return -ENOMEM;
	begin_step(c);
	return 0;
}

void sonde_conversation_free(struct sonde_conversation *c)
{
	for (size_t i = 0; c->named && i < c->script->n; i++)
		sonde_kept_free(c->named[i]);
	for (; c->queue_len; c->queue_len--) {
		sonde_kept_free(c->queue[c->queue_head]);
		c->queue_head = (c->queue_head + 1) % SONDE_CONVERSATION_QUEUE;
	}
	for (; c->event_len; c->event_len--) {
		sonde_kept_free(c->owned[c->event_head]);
		c->event_head = (c->event_head + 1) & (SONDE_CONVERSATION_EVENTS - 1);
	}
	sonde_kept_free(c->shown);
	sonde_spec_free(&c->resolved);
	free(c->named);
	c->named = NULL;
}
