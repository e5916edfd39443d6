/* Hosts and routers limit how often they send ICMP errors: Linux one a second to a destination, after a burst of six. A
 * UDP port that is closed, or forbidden by a filter, is silent then, as an open one may be. To tell them apart, a few
 * silent ports are asked one behind the other, and right behind them one about which an error is known to come. If it
 * comes, its sender was able to send errors all the time, and the silence of the others is their own. If not, it is
 * limited: those about which errors came are known now, the others are asked again later, and how long that takes is
 * measured. The target and somebody before it may both send errors: then both are asked for one. */
#include <string.h>

#include "base/hash.h"
#include "probe/scan_state.h"

#define HASHES     6                /* a stream of the seed's random numbers */
#define LEAST_GAP  (50 * SONDE_MS)  /* where a limit begins to be looked for */
#define MOST_GAP   (2 * SONDE_S)
#define LEAST_WAIT (20 * SONDE_MS)  /* for the answers to a group, besides what they usually take */
#define CERTAIN    0.001            /* that a silence is the port's own, the answer not being lost */
#define PROBES     16               /* slots that are looked at for a host */

/* --- The table --------------------------------------------------------------------------------------------------- */

static struct sonde_scan_limit *slot_of(const struct sonde_scan *s, uint64_t host, bool make)
{
	uint32_t slot = (uint32_t)(sonde_random(s->o.seed, host, HASHES, 0) % SONDE_SCAN_LIMITS);
	for (unsigned i = 0; i < PROBES; i++, slot = (slot + 1) % SONDE_SCAN_LIMITS) {
		struct sonde_scan_limit *l = &s->limits[slot];
		if (l->host == host + 1)
			return l;
		if (!l->host)
			return make ? l : NULL;
	}
	return NULL;
}

const struct sonde_scan_limit *sonde_scan_limit_of(const struct sonde_scan *s, uint64_t host)
{
	return slot_of(s, host, false);
}

/* --- One host ---------------------------------------------------------------------------------------------------- */

/* A silent port counts as such when it was silent so often while the host was able to send errors. The counts lie where
 * round trips of those that answer do. */
static unsigned silences_needed(const struct sonde_scan *s)
{
	const unsigned most = 5, few = 10, usual = 2;
	double loss = sonde_scan_loss(s), wrong = loss;
	unsigned n = 1;
	if (s->sampled < few)
		return usual;
	for (; n < most && wrong > CERTAIN; n++)
		wrong *= loss;
	return n;
}

/* The next silent ports of a host. Returns false when all are known by now. */
static bool choose_group(struct sonde_scan *s, struct sonde_scan_limit *l)
{
	unsigned needed = silences_needed(s);
	struct sonde_scan_target t;
	l->n_asked = l->n_sent = 0;
	for (uint32_t i = 0; i < s->o.n_ports && l->n_asked < SONDE_LIMIT_GROUP; i++) {
		uint32_t port = l->next_port;
		l->next_port = (port + 1) % s->o.n_ports;
		if (s->o.ports[port].kind == SONDE_SCAN_UDP && sonde_scan_target_of(&t, s, l->host - 1, port) &&
		    !s->rules[t.place] && s->times[t.place] < needed)
			l->asked[l->n_asked++] = t.place;
	}
	l->n_silent = l->n_asked;
	for (unsigned by = 0; by < SONDE_N_RESPONDERS; by++)
		if (l->known[by])
			l->asked[l->n_asked++] = l->known[by] - 1;
	return l->n_silent > 0;
}

static void rest(struct sonde_scan *s, struct sonde_scan_limit *l, sonde_time for_ns, sonde_time now)
{
	l->state = choose_group(s, l) ? SONDE_LIMIT_RESTS : SONDE_LIMIT_DONE;
	l->until = now + for_ns;
	l->any_answers = false;
	memset(l->answers, 0, sizeof l->answers);
}

void sonde_scan_limit_error(struct sonde_scan *s, const struct sonde_scan_target *t, enum sonde_scan_responder by,
			    sonde_time stamp)
{
	struct sonde_scan_limit *l = slot_of(s, t->host, true);
	if (!l)
		return;
	if (!l->host)
		*l = (struct sonde_scan_limit){ .host = t->host + 1 };
	if (!l->known[by])
		l->known[by] = t->place + 1;
	sonde_time since = stamp - l->last[by];
	/* The first error after a rest tells how long the rest has to be. */
	if (l->is_limited && !l->any_answers && l->last[by] && since > 0 && (!l->every_ns || since < l->every_ns))
		l->every_ns = since;
	l->last[by] = stamp;
	l->any_answers = true;
	l->answers[by] |= t->place + 1 == l->known[by];
}

/* Whether all that send errors sent the one that was due behind the silent ports. */
static bool all_answer(const struct sonde_scan_limit *l)
{
	for (unsigned by = 0; by < SONDE_N_RESPONDERS; by++)
		if (l->known[by] && !l->answers[by])
			return false;
	return true;
}

/* The answers to a group are there, or will not come. */
static void judge(struct sonde_scan *s, struct sonde_scan_limit *l, sonde_time now)
{
	const double sooner = 0.95;
	if (all_answer(l)) {
		for (unsigned i = 0; i < l->n_silent; i++)
			if (!s->rules[l->asked[i]])
				s->times[l->asked[i]]++;
		rest(s, l, l->is_limited ? l->gap_ns : 0, now);
		return;
	}
	l->is_limited = true;
	if (l->any_answers)
		l->gap_ns = (sonde_time)((double)l->gap_ns * sooner);
	else
		l->gap_ns += l->every_ns ? l->gap_ns / 8 : l->gap_ns;
	l->gap_ns = l->gap_ns < LEAST_GAP ? LEAST_GAP : l->gap_ns > MOST_GAP ? MOST_GAP : l->gap_ns;
	rest(s, l, l->gap_ns, now);
}

/* --- All of them ------------------------------------------------------------------------------------------------- */

bool sonde_scan_limits_begin(struct sonde_scan *s, sonde_time now)
{
	bool any = false;
	for (unsigned i = 0; i < SONDE_SCAN_LIMITS; i++) {
		if (!s->limits[i].host)
			continue;
		rest(s, &s->limits[i], 0, now);
		any |= s->limits[i].state != SONDE_LIMIT_DONE;
	}
	return any;
}

bool sonde_scan_limits_next(struct sonde_scan *s, struct sonde_scan_target *t, sonde_time now)
{
	for (unsigned i = 0; i < SONDE_SCAN_LIMITS; i++) {
		struct sonde_scan_limit *l = &s->limits[i];
		bool is_due = l->state == SONDE_LIMIT_ASKS || (l->state == SONDE_LIMIT_RESTS && l->until <= now);
		if (!l->host || !is_due)
			continue;
		*t = sonde_scan_target_at(s, l->asked[l->n_sent++]);
		l->state = l->n_sent == l->n_asked ? SONDE_LIMIT_WAITS : SONDE_LIMIT_ASKS;
		l->until = l->state == SONDE_LIMIT_ASKS ? now : now + s->mean_ns + 4 * s->spread_ns + LEAST_WAIT;
		return true;
	}
	return false;
}

bool sonde_scan_limits_time(struct sonde_scan *s, sonde_time now)
{
	bool any = false;
	for (unsigned i = 0; i < SONDE_SCAN_LIMITS; i++) {
		struct sonde_scan_limit *l = &s->limits[i];
		if (l->host && l->state == SONDE_LIMIT_WAITS && (all_answer(l) || l->until <= now))
			judge(s, l, now);
		any |= l->host && l->state != SONDE_LIMIT_DONE;
	}
	return any;
}

sonde_time sonde_scan_limits_deadline(const struct sonde_scan *s)
{
	sonde_time first = SONDE_NEVER;
	for (unsigned i = 0; i < SONDE_SCAN_LIMITS; i++) {
		const struct sonde_scan_limit *l = &s->limits[i];
		if (l->host && l->state != SONDE_LIMIT_DONE && l->until < first)
			first = l->until;
	}
	return first;
}
