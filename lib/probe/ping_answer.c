#include <string.h>

#include "base/hash.h"
#include "probe/ping_state.h"
#include "proto/arp.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/tcp.h"

#define ICMP_HEADER 8 /* bytes, before the data of an echo */

/* --- Targets ----------------------------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct sonde_ping *p, const struct sonde_addr *a, uint16_t port)
{
	struct sonde_key key = sonde_key_from_seed(p->o.seed);
	key.k0 ^= p->o.ports ? port : 0;
	return (uint32_t)sonde_siphash(key, sonde_view(a->bytes, sizeof a->bytes)) & (p->n_slots - 1);
}

/* The number of the target with this address and, where there are several, port; or n_targets. */
static uint32_t find_target(const struct sonde_ping *p, const struct sonde_addr *a, uint16_t port)
{
	for (uint32_t slot = slot_of(p, a, port); p->by_addr[slot]; slot = (slot + 1) & (p->n_slots - 1)) {
		const struct sonde_ping_target *t = &p->targets[p->by_addr[slot] - 1];
		if (sonde_addr_equal_bytes(&t->addr, a) && (!p->o.ports || t->port == port))
			return p->by_addr[slot] - 1;
	}
	return p->n_targets;
}

void sonde_ping_index_target(struct sonde_ping *p, uint32_t target)
{
	uint32_t slot = slot_of(p, &p->targets[target].addr, p->targets[target].port);
	while (p->by_addr[slot])
		slot = (slot + 1) & (p->n_slots - 1);
	p->by_addr[slot] = target + 1;
}

/* The next hop of a target on the link, which is kept with the first port of its address; NULL: it is none. */
static struct sonde_ping_hop *own_hop(const struct sonde_ping *p, const struct sonde_addr *a)
{
	uint32_t target = find_target(p, a, p->targets[0].port);
	return target < p->n_targets ? &p->targets[target].hop : NULL;
}

/* --- Our own frames ---------------------------------------------------------------------------------------------- */

/* Read whose link address an ARP or neighbour discovery frame asks for or announces. Returns false for other frames. */
static bool read_hop(struct sonde_addr *hop, bool *asks, const struct sonde_packet *seen)
{
	int arp = sonde_find(seen, &sonde_arp), icmp6 = arp < 0 ? sonde_find(seen, &sonde_icmp6) : -1;
	if (arp >= 0 && !seen->layers[arp].cut) {
		uint64_t op = sonde_get(sonde_layer_header(seen, arp), SONDE_ARP_OP);
		*asks = op == SONDE_ARP_REQUEST;
		*hop = sonde_row_addr(seen, arp, *asks ? SONDE_ARP_TPA : SONDE_ARP_SPA);
		return hop->family && (*asks || op == SONDE_ARP_REPLY);
	}
	if (icmp6 < 0 || seen->layers[icmp6].header_len == 0)
		return false;
	uint8_t type = sonde_layer_header(seen, icmp6)[0];
	*asks = type == SONDE_ICMP6_NEIGHBOUR_SOLICIT;
	*hop = sonde_row_addr(seen, icmp6, SONDE_ICMP6_TARGET);
	return hop->family && (*asks || type == SONDE_ICMP6_NEIGHBOUR_ADVERT);
}

/* Record when the kernel asked for the link address of a next hop, and when that was answered. */
static void note_hop(struct sonde_ping *p, const struct sonde_packet *seen, sonde_time stamp, bool outbound)
{
	struct sonde_addr addr;
	bool asks;
	if (!read_hop(&addr, &asks, seen) || asks != outbound)
		return;
	struct sonde_ping_hop *own = own_hop(p, &addr), *hop = own ? own : &p->gateway;
	if (asks)
		hop->requested_at = stamp;
	else
		hop->answered_at = stamp;
}

static const struct sonde_ping_hop *hop_of(const struct sonde_ping *p, const struct sonde_ping_entry *entry)
{
	const struct sonde_ping_hop *own = own_hop(p, &p->targets[entry->n % p->n_targets].addr);
	return own && own->requested_at ? own : &p->gateway;
}

/* How long a packet waited for its next hop's address: it was handed over before the answer, and left after. */
static sonde_time waited_for_hop(const struct sonde_ping *p, const struct sonde_ping_entry *entry, sonde_time left_at)
{
	const struct sonde_ping_hop *hop = hop_of(p, entry);
	bool resolved_meanwhile = hop->requested_at && hop->answered_at >= entry->stamp && hop->answered_at <= left_at;
	return resolved_meanwhile && entry->clock == SONDE_STAMP_USER ? left_at - entry->stamp : 0;
}

int sonde_ping_why_dropped(const struct sonde_ping *p, const struct sonde_ping_entry *entry)
{
	const struct sonde_ping_hop *hop = hop_of(p, entry);
	return hop->requested_at > hop->answered_at ? SONDE_E_NO_NEIGHBOUR : 0;
}

static struct sonde_ping_entry *find_question(const struct sonde_ping *p, uint32_t target,
					      const struct sonde_question *seen)
{
	uint16_t number = p->o.kind == SONDE_PING_ICMP ? seen->count : seen->sport;
	struct sonde_ping_sighting sighting = { .target = target, .number = number, .question = seen };
	struct sonde_ping_entry *entry = sonde_ping_find(p, &sighting);
	if (!entry)
		return NULL;
	struct sonde_question ours = sonde_ping_question_of(p, entry);
	return sonde_question_equal(seen, &ours) ? entry : NULL;
}

/* Another program, or the kernel, asked the same: one answer will be its own. */
static void note_foreign(const struct sonde_ping *p, struct sonde_ping_target *t, sonde_time at)
{
	if (at - t->foreign_at > p->o.timeout_ns)
		t->n_foreign = 0;
	t->n_foreign++;
	t->foreign_at = at;
}

/* Whether the frame is one of our packets, leaving. */
static bool take_question(struct sonde_ping *p, const struct sonde_seen *seen)
{
	struct sonde_question question;
	if (sonde_question_of(&question, seen->packet))
		return false;
	if (p->o.kind != SONDE_PING_ARP)
		note_hop(p, seen->packet, seen->stamp, seen->outbound);
	uint32_t target = find_target(p, &question.dst, question.dport);
	struct sonde_ping_entry *entry = find_question(p, target, &question);
	if (!entry)
		return false;
	/* It left before; or it was answered before it left, and that answer was the other's. */
	bool left_before = seen->outbound && entry->clock == SONDE_STAMP_FRAME;
	if (left_before || (seen->outbound && entry->state == SONDE_PING_STATE_ANSWERED))
		note_foreign(p, &p->targets[target], seen->stamp);
	if (left_before)
		return true;
	/* Rounded up to the microseconds of an entry, so that all outputs show the same. */
	sonde_time waited = (waited_for_hop(p, entry, seen->stamp) + SONDE_US - 1) / SONDE_US * SONDE_US;
	struct sonde_ping_target *t = &p->targets[target];
	entry->hop_us = (uint32_t)(waited / SONDE_US);
	t->hop_ns = waited > t->hop_ns ? waited : t->hop_ns;
	if (entry->state == SONDE_PING_STATE_DROPPED) {
		/* It left after all, after it was given up. */
		entry->state = SONDE_PING_STATE_LOST;
		t->dropped--;
		t->sent++;
		t->lost++;
	}
	entry->stamp = seen->stamp;
	entry->clock = SONDE_STAMP_FRAME;
	return true;
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

static bool is_error(enum sonde_answer answer)
{
	return answer >= SONDE_ANSWER_PORT;
}

/* What is left of our payload in the packet that an error quotes. */
static struct sonde_view quoted_payload(const struct sonde_packet *got)
{
	const struct sonde_layer *l = &got->layers[got->n_layers - 1];
	if (got->n_trailers || !l->quoted || l->cut)
		return sonde_view(NULL, 0);
	return sonde_payload(got);
}

/* Echo replies carry the payload back, errors as much of it as they quote: what is there of the token must be ours. */
static bool carries_token(const struct sonde_ping *p, const struct sonde_packet *got,
			  const struct sonde_ping_entry *entry, enum sonde_answer answer)
{
	if (entry->no_token)
		return true;
	if (answer == SONDE_ANSWER_ECHO)
		return sonde_ping_has_token(p, entry->n, sonde_payload(got), false);
	bool has_payload = p->o.kind == SONDE_PING_ICMP || p->o.kind == SONDE_PING_UDP;
	return !is_error(answer) || !has_payload || sonde_ping_has_token(p, entry->n, quoted_payload(got), true);
}

/* A segment between our ports that acknowledges nothing of ours: TCP has its token in the sequence number. */
static bool is_wrong_segment(const struct sonde_question *q, const struct sonde_packet *got)
{
	int tcp = sonde_find(got, &sonde_tcp);
	if (q->kind != SONDE_ASKS_SYN || tcp < 0 || got->layers[tcp].cut)
		return false;
	const uint8_t *header = sonde_layer_header(got, tcp);
	return sonde_get(header, SONDE_TCP_SPORT) == q->dport && sonde_get(header, SONDE_TCP_DPORT) == q->sport;
}

/* A target that reports its UDP port unreachable is up: that counts as a reply. */
static bool counts_as_reply(const struct sonde_ping *p, const struct sonde_match *m)
{
	return !is_error(m->answer) ||
	       (p->o.kind == SONDE_PING_UDP && m->answer == SONDE_ANSWER_PORT && m->from_target);
}

static void count_reply(struct sonde_ping *p, struct sonde_ping_target *t, struct sonde_ping_entry *entry,
			struct sonde_ping_event *e)
{
	if (entry->state == SONDE_PING_STATE_ANSWERED) {
		e->kind = SONDE_PING_DUPLICATE;
		t->duplicates++;
		return;
	}
	e->kind = entry->state == SONDE_PING_STATE_LOST || entry->state == SONDE_PING_STATE_DROPPED ? SONDE_PING_LATE
										      : SONDE_PING_REPLY;
	entry->state = SONDE_PING_STATE_ANSWERED;
	if (e->kind == SONDE_PING_LATE) {
		t->late++;
		return;
	}
	t->received++;
	if (!sonde_ping_has_time(e))
		return;
	sonde_stats_add(&t->rtt, e->rtt_ns);
	sonde_histogram_add(&p->histogram, e->rtt_ns);
	if (p->target_histograms)
		sonde_histogram_add(&p->target_histograms[e->target], e->rtt_ns);
}

/* The MTU that an error tells: the first such header is the error itself, a later one would be quoted. */
static uint32_t mtu_of(const struct sonde_packet *got, enum sonde_answer answer)
{
	int icmp = sonde_find(got, &sonde_icmp), icmp6 = icmp < 0 ? sonde_find(got, &sonde_icmp6) : -1;
	int layer = icmp < 0 ? icmp6 : icmp;
	if (answer != SONDE_ANSWER_TOO_BIG || layer < 0 || got->layers[layer].cut)
		return 0;
	return (uint32_t)sonde_get(sonde_layer_header(got, layer), icmp < 0 ? SONDE_ICMP6_MTU : SONDE_ICMP_MTU);
}

/* What an answer shows beside its meaning. */
struct evidence {
	uint8_t ttl;             /* 0: not told, */
	uint32_t size, mtu;      /* nor these */
	struct sonde_view echoed; /* data of an echo reply */
	bool is_cut;             /* there was more of it */
	bool is_ambiguous;       /* it may answer another packet */
};

static struct evidence evidence_of(const struct sonde_packet *got, const struct sonde_answer_key *key,
				   enum sonde_answer answer)
{
	struct evidence v = { .ttl = key->ttl, .size = key->size, .mtu = mtu_of(got, answer) };
	v.echoed = sonde_payload(got);
	v.is_cut = key->size > v.echoed.len + ICMP_HEADER;
	return v;
}

static void take_answer(struct sonde_ping *p, struct sonde_ping_entry *entry, const struct sonde_match *m,
			const struct evidence *v, struct sonde_seen *seen)
{
	struct sonde_ping_target *t = &p->targets[entry->n % p->n_targets];
	struct sonde_ping_event e = {
		.target = (uint32_t)(entry->n % p->n_targets),
		.round = entry->n / p->n_targets,
		.is_ambiguous = v->is_ambiguous,
		.is_early = !sonde_could_answer(entry->stamp, seen->stamp),
		.hop_ns = (sonde_time)entry->hop_us * SONDE_US,
		.clock = (enum sonde_stamp_clock)entry->clock,
		.rule = m->rule,
		.from = m->from,
		.ttl = v->ttl,
		.size = v->size,
		.mtu = v->mtu,
		.number = seen->number,
	};
	if (sonde_ping_has_time(&e))
		e.rtt_ns = seen->stamp - entry->stamp;
	if (m->answer == SONDE_ANSWER_ECHO && !entry->is_changed)
		e.damage = sonde_ping_compare(p, entry->n, v->echoed, v->is_cut);
	t->altered += e.damage.any;
	if (counts_as_reply(p, m)) {
		count_reply(p, t, entry, &e);
	} else {
		e.kind = SONDE_PING_ERROR;
		t->errors++;
	}
	seen->as = SONDE_SEEN_ANSWER;
	seen->rule = m->rule;
	seen->remark = e.kind == SONDE_PING_LATE ? "late" : e.kind == SONDE_PING_DUPLICATE ? "duplicate" :
		       e.damage.any ? "altered" : e.is_ambiguous ? "ambiguous" :
		       e.is_early ? "before its question" : NULL;
	sonde_ping_emit(p, &e);
}

static bool is_answered_by(const struct sonde_ping *p, const struct sonde_ping_entry *entry,
			   const struct sonde_packet *got)
{
	struct sonde_match m;
	struct sonde_question q = sonde_ping_question_of(p, entry);
	return sonde_match(&m, &q, got) && !m.wrong_checksum && carries_token(p, got, entry, m.answer);
}

/* Members of a group answer from addresses of their own: only the token identifies the packet. */
static uint32_t find_group(const struct sonde_ping *p, const struct sonde_packet *got, uint16_t number, sonde_time at)
{
	for (uint32_t t = 0; p->has_groups && t < p->n_targets; t++) {
		struct sonde_ping_sighting sighting = { .target = t, .number = number, .answer = got, .at = at };
		struct sonde_ping_entry *entry = sonde_ping_find(p, &sighting);
		if (p->targets[t].question.any_source && entry && is_answered_by(p, entry, got))
			return t;
	}
	return p->n_targets;
}

/* Whether an answer that fits a packet is one to somebody else's question, which it equals: ours is answered, or is the
 * older one and does not show in the answer. */
static bool is_foreign(struct sonde_ping *p, const struct sonde_ping_entry *entry, struct sonde_ping_sighting *s)
{
	struct sonde_ping_target *t = &p->targets[entry->n % p->n_targets];
	if (t->n_foreign && s->at - t->foreign_at > p->o.timeout_ns)
		t->n_foreign = 0;
	if (!t->n_foreign)
		return false;
	bool is_newer = sonde_ping_is_searched(p) && t->foreign_at > entry->stamp;
	if (entry->state != SONDE_PING_STATE_ANSWERED && !is_newer) {
		s->is_ambiguous |= sonde_ping_is_searched(p);
		return false;
	}
	t->n_foreign--;
	return true;
}

void sonde_ping_on_frame(struct sonde_engine *e, struct sonde_seen *seen)
{
	struct sonde_ping *p = sonde_ping_of(e);
	const struct sonde_packet *got = seen->packet;
	struct sonde_answer_key key;
	struct sonde_match m;
	if (take_question(p, seen)) {
		seen->as = SONDE_SEEN_QUESTION;
		return;
	}
	bool known = sonde_answer_key(&key, got);
	uint16_t number = (uint16_t)(p->o.kind == SONDE_PING_ICMP ? key.question.number : key.question.number >> 16);
	uint16_t port = (uint16_t)key.question.number;
	uint32_t target = known ? find_target(p, &key.question.host, port) : p->n_targets;
	if (target == p->n_targets)
		target = find_group(p, got, number, seen->stamp);
	struct sonde_ping_sighting sighting = { .target = target, .number = number, .answer = got, .at = seen->stamp };
	struct sonde_ping_entry *entry = sonde_ping_find(p, &sighting);
	bool fits = entry != NULL;
	/* What fits no packet may have a wrong token or checksum. */
	if (!fits)
		entry = sonde_ping_find(p, &(struct sonde_ping_sighting){ .target = target, .number = number });
	if (!entry || (fits && is_foreign(p, entry, &sighting))) {
		p->unmatched++;
		return;
	}
	struct sonde_question q = sonde_ping_question_of(p, entry);
	bool answers = sonde_match(&m, &q, got);
	struct evidence v = evidence_of(got, &key, m.answer);
	v.is_ambiguous = sighting.is_ambiguous;
	if (m.wrong_checksum)
		p->wrong_checksum++;
	else if (answers ? !carries_token(p, got, entry, m.answer) : is_wrong_segment(&q, got))
		p->wrong_token++;
	else if (answers && fits)
		take_answer(p, entry, &m, &v, seen);
	else
		p->unmatched++;
}

/* --- Reports ----------------------------------------------------------------------------------------------------- */

/* The packet of one target that a report is about. */
static struct sonde_ping_entry *reported(const struct sonde_ping *p, const struct sonde_ping_report *r, uint32_t target)
{
	if (p->o.kind != SONDE_PING_ICMP)
		return sonde_ping_entry_of(p, r->n);
	uint16_t number = (uint16_t)(r->message.data[6] << 8 | r->message.data[7]);
	return sonde_ping_find(p, &(struct sonde_ping_sighting){ .target = target, .number = number });
}

static bool is_reported_token(const struct sonde_ping *p, const struct sonde_ping_report *r,
			      const struct sonde_ping_entry *entry)
{
	struct sonde_view payload = sonde_view_sub(r->message, ICMP_HEADER, r->message.len);
	return p->o.kind != SONDE_PING_ICMP || sonde_ping_has_token(p, entry->n, payload, is_error(r->answer));
}

void sonde_ping_on_report(struct sonde_ping *p, const struct sonde_ping_report *r)
{
	uint32_t target = find_target(p, &r->target, p->o.port);
	struct sonde_seen seen = { .stamp = r->stamp };
	struct evidence v = { .ttl = r->ttl, .size = r->size, .mtu = r->mtu };
	if (p->o.kind == SONDE_PING_ICMP && r->message.len < ICMP_HEADER) {
		p->unmatched++;
		return;
	}
	struct sonde_ping_entry *entry = reported(p, r, target);
	/* What goes to a group is answered by its members: the token tells which group. */
	for (uint32_t t = 0; target == p->n_targets && p->has_groups && t < p->n_targets; t++) {
		struct sonde_ping_entry *of_group = p->targets[t].question.any_source ? reported(p, r, t) : NULL;
		if (of_group && is_reported_token(p, r, of_group))
			entry = of_group;
	}
	if (!entry || !is_reported_token(p, r, entry)) {
		p->unmatched += !entry;
		p->wrong_token += entry != NULL;
		return;
	}
	const struct sonde_question *question = &p->targets[entry->n % p->n_targets].question;
	struct sonde_match m = { .answer = r->answer, .from = r->from };
	m.from_target = sonde_addr_equal_bytes(&r->from, &question->dst);
	m.rule = sonde_rule_for(question->kind, r->answer, m.from_target);
	if (r->is_own_stamp)
		entry->clock = SONDE_STAMP_USER;
	v.echoed = sonde_view_sub(r->message, ICMP_HEADER, r->message.len);
	take_answer(p, entry, &m, &v, &seen);
}
