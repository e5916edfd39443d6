#include "probe/ping_state.h"

#define LOOK_BACK 1024 /* rounds that are searched where the number does not identify the packet */

struct sonde_ping_entry *sonde_ping_entry_of(const struct sonde_ping *p, uint64_t n)
{
	struct sonde_ping_entry *entry = sonde_ping_entry(p, n);
	return entry->n == n && entry->state != SONDE_PING_STATE_FREE ? entry : NULL;
}

struct sonde_question sonde_ping_question_of(const struct sonde_ping *p, const struct sonde_ping_entry *entry)
{
	struct sonde_question question = p->targets[entry->n % p->n_targets].question;
	uint32_t span = question.seq_end - question.seq;
	if (p->o.kind == SONDE_PING_ICMP) {
		question.count = entry->number;
	} else if (p->o.kind != SONDE_PING_ARP) {
		question.sport = entry->number;
		question.seq = entry->seq;
		question.seq_end = entry->seq + span;
	}
	return question;
}

bool sonde_ping_question(struct sonde_question *out, const struct sonde_ping *p, uint64_t n)
{
	const struct sonde_ping_entry *entry = sonde_ping_entry_of(p, n);
	if (!entry || !p->targets[n % p->n_targets].has_question)
		return false;
	*out = sonde_ping_question_of(p, entry);
	return true;
}

/* Packets of one number that a sighting fits. */
struct candidates {
	struct sonde_ping_entry *newest;
	struct sonde_ping_entry *unseen; /* the oldest that was not seen leaving */
	struct sonde_ping_entry *open;   /* the newest that waits */
	unsigned n_open;                 /* how many wait, */
	unsigned n_lost;                 /* and how many were given up since the last answer */
	bool is_answered;                /* there is a packet with an answer */
};

/* An answer comes after its question left, which is seen. */
static bool could_cause(const struct sonde_ping *p, const struct sonde_ping_entry *entry, sonde_time at)
{
	bool was_seen = entry->clock != SONDE_STAMP_USER;
	return was_seen ? sonde_could_answer(entry->stamp, at) : !p->o.sees_frames;
}

static bool fits(const struct sonde_ping *p, const struct sonde_ping_entry *entry, const struct sonde_ping_sighting *s)
{
	struct sonde_match m;
	struct sonde_question q = sonde_ping_question_of(p, entry);
	return entry->number == s->number && (!s->question || sonde_question_equal(s->question, &q)) &&
	       (!s->answer || (could_cause(p, entry, s->at) && sonde_match(&m, &q, s->answer)));
}

static struct candidates list(const struct sonde_ping *p, uint64_t last, const struct sonde_ping_sighting *s)
{
	struct candidates c = { 0 };
	for (uint64_t back = 0; back <= last && back < LOOK_BACK; back++) {
		struct sonde_ping_entry *entry = sonde_ping_entry_of(p, (last - back) * p->n_targets + s->target);
		if (!entry)
			break;
		if (!fits(p, entry, s))
			continue;
		c.newest = c.newest ? c.newest : entry;
		c.unseen = entry->clock == SONDE_STAMP_USER ? entry : c.unseen;
		c.is_answered |= entry->state == SONDE_PING_STATE_ANSWERED;
		c.n_lost += entry->state == SONDE_PING_STATE_LOST && !c.is_answered;
		if (entry->state != SONDE_PING_STATE_SENT)
			continue;
		c.open = c.open ? c.open : entry;
		c.n_open++;
	}
	return c;
}

/* Several packets may have the same number. Our frames leave in the order of sending: the oldest that was not seen is
 * meant. An answer belongs to the newest packet that could have caused it. When there is another such packet, the time
 * is not known: it waits, too; or there is a newer one, to which this would be a second answer. */
static struct sonde_ping_entry *search(const struct sonde_ping *p, uint64_t last, struct sonde_ping_sighting *s)
{
	struct candidates c = list(p, last, s);
	if (s->question)
		return c.unseen ? c.unseen : c.newest;
	s->is_ambiguous = c.open ? c.n_open > 1 || c.open != c.newest : c.n_lost > 1;
	return c.open ? c.open : c.newest;
}

bool sonde_ping_is_searched(const struct sonde_ping *p)
{
	return p->o.overlaid || p->o.kind == SONDE_PING_ARP;
}

struct sonde_ping_entry *sonde_ping_find(const struct sonde_ping *p, struct sonde_ping_sighting *s)
{
	uint32_t target = s->target;
	if (target >= p->n_targets || p->next_n <= target || !p->targets[target].has_question)
		return NULL;
	uint64_t last = (p->next_n - 1 - target) / p->n_targets;
	if (sonde_ping_is_searched(p))
		return search(p, last, s);
	uint64_t round = sonde_ping_round_of(p, last, s->number);
	return round > last ? NULL : sonde_ping_entry_of(p, round * p->n_targets + target);
}
