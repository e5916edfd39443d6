#include "probe/scan.h"

#include <string.h>

#include "probe/scan_state.h"

#define BURST       64                 /* packets that may be made up for at once */
#define LEAST_WAIT  (25 * SONDE_MS)    /* for the answers to a pass, besides the time that they usually take */
#define HOP_WAIT    (3700 * SONDE_MS)  /* for packets whose next hop is asked for its address */
#define LEAST_TRIES 3                  /* of a target that stays silent */
#define MISSING     0.001              /* answers that may be missing when the run is over */
#define MIN_FLIGHTS 1024
#define MAX_FLIGHTS (1u << 18)

const char *sonde_scan_doubt_name(enum sonde_scan_doubt d)
{
	static const char *const names[] = {
		[SONDE_SCAN_ICMP_LIMITED] = "icmp-limited", [SONDE_SCAN_PROXY] = "proxy",
		[SONDE_SCAN_LOSSY] = "lossy",               [SONDE_SCAN_UNFINISHED] = "unfinished",
		[SONDE_SCAN_UNSENT] = "unsent",
	};
	return (unsigned)d < sizeof names / sizeof *names ? names[d] : NULL;
}

bool sonde_scan_next_event(struct sonde_scan *s, struct sonde_scan_verdict *out)
{
	if (s->event_len == 0)
		return false;
	*out = s->events[s->event_head];
	s->event_head = (s->event_head + 1) % SONDE_SCAN_EVENTS;
	s->event_len--;
	return true;
}

/* --- Which target is next ---------------------------------------------------------------------------------------- */

static bool has_bit(const uint8_t *bits, uint64_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void set_bit(uint8_t *bits, uint64_t i, bool on)
{
	bits[i / 8] = (uint8_t)((bits[i / 8] & ~(1 << i % 8)) | on << i % 8);
}

/* Go to the next place that is silent so far. Returns false at the end of the pass. */
static bool find_next(struct sonde_scan *s, struct sonde_scan_target *t)
{
	for (; s->next < s->n; s->next++) {
		if (s->rules[s->next])
			continue;
		*t = sonde_scan_target_at(s, s->next);
		if (!has_bit(s->down, t->host))
			return true;
	}
	return false;
}

/* --- Passes ------------------------------------------------------------------------------------------------------ */

/* The share of packets whose answer is lost, judged by how many it took until there was one; never 0, for few answers
 * tell little. */
double sonde_scan_loss(const struct sonde_scan *s)
{
	return (double)(s->sampled_lost + 1) / (double)(s->sampled + s->sampled_lost + 2);
}

static double missing_after(const struct sonde_scan *s, unsigned passes)
{
	double missing = (double)s->sampled, loss = sonde_scan_loss(s);
	for (unsigned i = 0; i < passes; i++)
		missing *= loss;
	return missing;
}

double sonde_scan_missing(const struct sonde_scan *s)
{
	bool all = s->counts.answers == s->n;
	return all ? 0 : missing_after(s, s->counts.passes);
}

/* Whether the silent ones have been asked often enough: those among them that would answer are too few by now. */
static bool is_enough(const struct sonde_scan *s)
{
	unsigned passes = s->pass + 1, most = s->o.tries ? s->o.tries : SONDE_SCAN_TRIES - 1;
	if (s->counts.answers == s->n || passes >= most)
		return true;
	return passes >= LEAST_TRIES && missing_after(s, passes) < MISSING;
}

/* How long nearly all answers take: RFC 6298, 2. */
static sonde_time usual_ns(const struct sonde_scan *s)
{
	return s->mean_ns + 4 * s->spread_ns;
}

/* How long the answers to the last packets of a pass may take: longer from pass to pass. */
static sonde_time settle_ns(const struct sonde_scan *s)
{
	sonde_time wait = usual_ns(s) + LEAST_WAIT * (1 + s->pass);
	return s->mean_ns && wait < s->o.wait_ns ? wait : s->o.wait_ns;
}

static void set_pace(struct sonde_scan *s)
{
	if (s->o.gap_ns < 0)
		s->pace.gap_ns = sonde_tempo_gap(&s->tempo);
	s->pace.burst_ns = BURST * s->pace.gap_ns;
}

/* The pass is over: its answers are there, or lost. Begin the next one, or end. */
static void end_pass(struct sonde_scan *s, sonde_time now)
{
	s->counts.passes = s->pass + 1;
	if (is_enough(s) || (!s->pass_sent && !s->counts.send_errors)) {
		s->times_limits = !s->o.tries && s->counts.answers < s->n && sonde_scan_limits_begin(s, now);
		s->is_done = !s->times_limits;
		return;
	}
	/* What a later packet brought was lost before: ask no faster than half as fast as that. */
	if (s->counts.answers > s->pass_answers && s->pass > 0)
		sonde_tempo_lost(&s->tempo, now);
	sonde_tempo_hold(&s->tempo);
	set_pace(s);
	s->pace.due_at = now;
	s->pass_answers = s->counts.answers;
	s->pass_is_sent = false;
	s->pass_sent = 0;
	s->pass++;
	s->next = s->settled = s->marked = 0;
}

/* All of the pass is on its way. */
static void end_sending(struct sonde_scan *s, sonde_time now)
{
	s->pass_is_sent = true;
	s->pass_ends_at = now + (s->waiting ? HOP_WAIT : s->pass_sent ? settle_ns(s) : 0);
}

/* --- Sending ----------------------------------------------------------------------------------------------------- */

static uint64_t take_next(struct sonde_scan *s, const struct sonde_scan_target *t, sonde_time now)
{
	uint64_t id = t->place << 4 | (s->pass + 1);
	sonde_pace_take(&s->pace, now);
	*sonde_scan_flight_of(s, t->place) =
		(struct sonde_scan_flight){ .id = id, .window = sonde_tempo_sent(&s->tempo, now) };
	s->next++;
	s->waiting++;
	return id;
}

/* A packet left, or never will. Those that waited for their next hop leave when the pass seems to be over. */
static void settle(struct sonde_scan *s, sonde_time now)
{
	s->waiting -= s->waiting > 0;
	if (s->pass_is_sent)
		end_sending(s, now);
}

static void build(struct sonde_scan *s, struct sonde_batch *b, const struct sonde_scan_target *t,
		  const struct sonde_addr *dst, sonde_time now, int *err)
{
	*err = sonde_scan_build(s, b->packet, t, dst, s->pass);
	b->items[0].dst = *dst;
	b->items[0].id = take_next(s, t, now);
	b->n = 1;
}

/* Packets of one shape, as many as are due. */
static void stamp(struct sonde_scan *s, struct sonde_batch *b, struct sonde_scan_shape *shape, sonde_time now)
{
	struct sonde_scan_target t;
	b->shape = &shape->frozen;
	b->source_slot = shape->source;
	while (b->n < SONDE_BATCH && s->pace.due_at <= now && find_next(s, &t)) {
		struct sonde_addr dst = sonde_hosts_at(&s->o.hosts, t.host);
		if (sonde_scan_shape_of(s, &t, &dst, s->pass) != shape)
			return;
		sonde_scan_stamp(b->stamped + b->n * SONDE_BATCH_FRAME, s, shape, &t, &dst, s->pass);
		b->items[b->n].dst = dst;
		b->items[b->n++].id = take_next(s, &t, now);
	}
}

static int next_batch(struct sonde_engine *e, struct sonde_batch *b, sonde_time now)
{
	struct sonde_scan *s = sonde_scan_of(e);
	struct sonde_scan_target t;
	int err = 0;
	s->now = now;
	if (s->is_done || s->pace.due_at > now)
		return 0;
	if (s->times_limits && sonde_scan_limits_next(s, &t, now)) {
		struct sonde_addr host = sonde_hosts_at(&s->o.hosts, t.host);
		build(s, b, &t, &host, now, &err);
		return err ? err : 1;
	}
	if (s->pass_is_sent)
		return 0;
	if (!find_next(s, &t)) {
		end_sending(s, now);
		return 0;
	}
	struct sonde_addr dst = sonde_hosts_at(&s->o.hosts, t.host);
	struct sonde_scan_shape *shape = sonde_scan_shape_of(s, &t, &dst, s->pass);
	if (shape && shape->ready)
		stamp(s, b, shape, now);
	else
		build(s, b, &t, &dst, now, &err);
	return err ? err : 1;
}

static void on_sent(struct sonde_engine *e, const struct sonde_sent *sent)
{
	struct sonde_scan *s = sonde_scan_of(e);
	uint64_t place = sent->id >> 4;
	struct sonde_scan_flight *f = sonde_scan_flight_of(s, place);
	if (!sent->bytes.len) {
		/* Only the stamp is news. */
		f->stamp = f->id == sent->id ? sent->stamp : f->stamp;
		return;
	}
	if (f->id == sent->id)
		f->stamp = sent->stamp;
	s->counts.sent++;
	s->pass_sent++;
	settle(s, sent->now);
	s->counts.retransmitted += (sent->id & 15) > 1;
	if (s->unsent[place / 8])
		set_bit(s->unsent, place, false);
	if (!sent->packet) {
		sonde_scan_note_source(s, &sent->src);
		return;
	}
	struct sonde_question q;
	struct sonde_scan_target t = sonde_scan_target_at(s, place);
	struct sonde_addr dst = sonde_hosts_at(&s->o.hosts, t.host);
	unsigned tries = (unsigned)(sent->id & 15) - 1;
	struct sonde_scan_shape *shape = sonde_scan_shape_of(s, &t, &dst, tries);
	if (sonde_question_of(&q, sent->packet) == 0)
		sonde_scan_note_source(s, &q.src);
	if (shape)
		sonde_scan_make_shape(s, shape, sent->packet, &t, tries);
}

/* It is asked again in the next pass, but not if its host does not exist. */
static void on_refused(struct sonde_engine *e, uint64_t id, int code)
{
	struct sonde_scan *s = sonde_scan_of(e);
	struct sonde_scan_flight *f = sonde_scan_flight_of(s, id >> 4);
	struct sonde_scan_target t = sonde_scan_target_at(s, id >> 4);
	bool had_left = f->id == id && f->stamp;
	if (f->id == id)
		f->id = 0;
	if (!had_left)
		settle(s, s->now);
	if (code == SONDE_E_NO_NEIGHBOUR) {
		s->counts.down += !has_bit(s->down, t.host);
		set_bit(s->down, t.host, true);
		return;
	}
	set_bit(s->unsent, id >> 4, true);
	s->counts.send_errors++;
	sonde_tempo_lost(&s->tempo, s->now);
}

static void on_neighbour(struct sonde_engine *e, const struct sonde_addr *addr)
{
	struct sonde_scan *s = sonde_scan_of(e);
	uint64_t host = sonde_hosts_find(&s->o.hosts, addr);
	if (host < s->o.hosts.n)
		set_bit(s->linked, host, true);
}

/* Places before this one are not asked again by who goes on where this run ends: answers that are not there by now will
 * not come. */
static void mark_settled(struct sonde_scan *s, sonde_time now)
{
	if (now < s->marked_at + settle_ns(s))
		return;
	s->settled = s->marked;
	s->marked = s->next;
	s->marked_at = now;
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static void on_time(struct sonde_engine *e, sonde_time now)
{
	struct sonde_scan *s = sonde_scan_of(e);
	s->now = now;
	if (s->is_done)
		return;
	mark_settled(s, now);
	if (s->times_limits) {
		s->is_done = !sonde_scan_limits_time(s, now);
		return;
	}
	if (s->counts.answers == s->n) {
		end_pass(s, now);
		return;
	}
	if (s->pass_is_sent) {
		if (s->pass_ends_at <= now)
			end_pass(s, now);
		return;
	}
	sonde_tempo_judge(&s->tempo, usual_ns(s), now);
	set_pace(s);
}

static void on_dropped(struct sonde_engine *e, uint64_t n, sonde_time now)
{
	struct sonde_scan *s = sonde_scan_of(e);
	s->counts.rx_dropped += n;
	sonde_tempo_lost(&s->tempo, now);
	set_pace(s);
}

static sonde_time next_deadline(const struct sonde_engine *e)
{
	const struct sonde_scan *s = (const struct sonde_scan *)e;
	if (s->is_done)
		return SONDE_NEVER;
	if (s->times_limits)
		return sonde_scan_limits_deadline(s);
	return s->pass_is_sent ? s->pass_ends_at : s->pace.due_at;
}

/* --- Hosts ------------------------------------------------------------------------------------------------------- */

bool sonde_scan_is_proxied(const struct sonde_scan_host *h)
{
	const uint64_t many = 64;
	return h->asked >= many && h->states[SONDE_STATE_OPEN] * 10 >= h->asked * 9;
}

void sonde_scan_host(struct sonde_scan_host *out, const struct sonde_scan *s, uint64_t host)
{
	const struct sonde_scan_limit *limit = sonde_scan_limit_of(s, host);
	struct sonde_scan_verdict v;
	*out = (struct sonde_scan_host){ .is_down = has_bit(s->down, host) };
	for (uint32_t port = 0; port < s->o.n_ports; port++) {
		if (!sonde_scan_verdict(&v, s, host, port))
			continue;
		out->asked++;
		out->states[v.state]++;
		out->doubts[v.doubt]++;
	}
	out->icmp_every_ns = limit ? limit->every_ns : 0;
	out->is_proxied = sonde_scan_is_proxied(out);
}

/* --- Beginning --------------------------------------------------------------------------------------------------- */

static const struct sonde_engine_ops ops = {
	.next_batch = next_batch,
	.on_sent = on_sent,
	.on_refused = on_refused,
	.on_frame = sonde_scan_on_frame,
	.on_neighbour = on_neighbour,
	.on_dropped = on_dropped,
	.on_time = on_time,
	.next_deadline = next_deadline,
};

/* Where the tables of a run lie in its memory. */
struct tables {
	uint64_t n, n_flights;
	size_t times, ttls, unsent, down, linked, flights, limits, others, port_index, shapes, shape_of, size;
};

static size_t reserve(size_t *end, uint64_t n, size_t each)
{
	const size_t cache_line = 64;
	size_t at = *end;
	*end = (size_t)((at + n * each + cache_line - 1) / cache_line * cache_line);
	return at;
}

static uint64_t shards(const struct sonde_scan_options *o)
{
	return o->n_shards ? o->n_shards : 1;
}

uint64_t sonde_scan_targets(const struct sonde_scan_options *o)
{
	uint64_t all = o->hosts.n * o->n_ports, n = shards(o);
	return all / n + (o->shard < all % n);
}

static uint64_t flights_for(uint64_t n)
{
	uint64_t flights = MIN_FLIGHTS;
	while (flights < n && flights < MAX_FLIGHTS)
		flights *= 2;
	return flights;
}

static struct tables tables_for(const struct sonde_scan_options *o)
{
	struct tables t = { .n = sonde_scan_targets(o) };
	size_t end = 0;
	t.n_flights = flights_for(t.n);
	reserve(&end, t.n, sizeof(uint8_t)); /* rules */
	t.times = reserve(&end, t.n, sizeof(uint16_t));
	t.ttls = reserve(&end, o->has_ttls ? t.n : 0, sizeof(uint8_t));
	t.unsent = reserve(&end, t.n / 8 + 1, 1);
	t.down = reserve(&end, o->hosts.n / 8 + 1, 1);
	t.linked = reserve(&end, o->hosts.n / 8 + 1, 1);
	t.flights = reserve(&end, t.n_flights, sizeof(struct sonde_scan_flight));
	t.limits = reserve(&end, SONDE_SCAN_LIMITS, sizeof(struct sonde_scan_limit));
	t.others = reserve(&end, SONDE_SCAN_OTHERS, sizeof(struct sonde_scan_other));
	t.port_index = reserve(&end, SONDE_N_CARRIERS * (UINT16_MAX + 1), sizeof(uint32_t));
	t.shapes = reserve(&end, 2 * SONDE_SCAN_SHAPES, sizeof(struct sonde_scan_shape));
	t.shape_of = reserve(&end, o->n_ports, sizeof(uint8_t));
	t.size = end;
	return t;
}

size_t sonde_scan_memory(const struct sonde_scan_options *o)
{
	const uint64_t most = 1ull << 40;
	uint64_t n = o->n_ports;
	bool is_too_much = o->hosts.n > SONDE_ORDER_MOST / n || sonde_scan_targets(o) > most || o->hosts.n > 8 * most;
	return is_too_much ? 0 : tables_for(o).size;
}

/* Each port is found by its number, and each payload gets a shape as long as there are some. */
static void index_ports(struct sonde_scan *s)
{
	unsigned shapes = SONDE_N_SCANS;
	for (uint32_t i = 0; i < s->o.n_ports; i++) {
		const struct sonde_scan_port *p = &s->o.ports[i];
		const struct sonde_scan_target first = { .port = i };
		s->port_index[sonde_scan_carrier(p->kind) * (UINT16_MAX + 1) + p->port] = 1 + i;
		if (!s->silence[p->kind])
			s->silence[p->kind] =
				sonde_rule_for(sonde_scan_question_of(s, &first, 0).kind, SONDE_SILENCE, false);
		if (!p->n_payloads || shapes + p->n_payloads > SONDE_SCAN_SHAPES)
			continue;
		s->shape_of[i] = (uint8_t)(1 + shapes - SONDE_N_SCANS);
		shapes += p->n_payloads;
	}
}

void sonde_scan_init(struct sonde_scan *s, const struct sonde_scan_options *o, void *memory, sonde_time now)
{
	struct tables t = tables_for(o);
	uint8_t *start = memory;
	memset(s, 0, sizeof *s);
	s->engine.ops = &ops;
	s->o = *o;
	s->n = t.n;
	s->first = o->shard;
	s->stride = shards(o);
	sonde_order_init(&s->order, o->hosts.n * o->n_ports, o->seed);
	s->rules = start;
	s->times = (void *)(start + t.times);
	s->ttls = o->has_ttls ? start + t.ttls : NULL;
	s->unsent = start + t.unsent;
	s->down = start + t.down;
	s->linked = start + t.linked;
	s->flights = (void *)(start + t.flights);
	s->n_flights = t.n_flights;
	s->limits = (void *)(start + t.limits);
	s->others = (void *)(start + t.others);
	s->port_index = (void *)(start + t.port_index);
	s->shapes = (void *)(start + t.shapes);
	s->shape_of = start + t.shape_of;
	index_ports(s);
	sonde_tempo_init(&s->tempo, o->most_pps, now);
	s->pace = sonde_pace(o->gap_ns, BURST, now);
	set_pace(s);
}
