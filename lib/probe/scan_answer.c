#include <errno.h>
#include <limits.h>

#include "base/hash.h"
#include "probe/scan_state.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/tcp.h"

#define HASHES  5  /* a stream of the seed's random numbers */
#define HEADERS 48 /* bytes of IPv6 and UDP */

/* --- Who sends errors -------------------------------------------------------------------------------------------- */

struct sonde_scan_other *sonde_scan_other_of(const struct sonde_scan *s, uint64_t place, bool make)
{
	const unsigned most = 64;
	uint32_t slot = (uint32_t)(sonde_random(s->o.seed, place, HASHES, 0) % SONDE_SCAN_OTHERS);
	for (unsigned i = 0; i < most; i++, slot = (slot + 1) % SONDE_SCAN_OTHERS) {
		struct sonde_scan_other *o = &s->others[slot];
		if (o->place == place + 1)
			return o;
		if (!o->place)
			return make ? o : NULL;
	}
	return NULL;
}

/* What came, and what it means. */
struct evidence {
	struct sonde_match m;
	uint8_t ttl, icmp_type, icmp_code;
};

static void read_error(struct evidence *v, const struct sonde_packet *got)
{
	int icmp = sonde_find(got, &sonde_icmp), layer = icmp < 0 ? sonde_find(got, &sonde_icmp6) : icmp;
	if (layer < 0 || got->layers[layer].cut)
		return;
	v->icmp_type = sonde_layer_header(got, layer)[0];
	v->icmp_code = sonde_layer_header(got, layer)[1];
}

/* Remember by which error a verdict was given, and by whom, if not by the target. That the target calls a port
 * unreachable is in the rule, and may be so of all its ports. */
static void note_error(struct sonde_scan *s, uint64_t place, const struct evidence *v)
{
	bool by_target = v->m.from_target;
	struct sonde_scan_other *o = sonde_scan_other_of(s, place, !by_target || v->m.answer != SONDE_ANSWER_PORT);
	if (!o)
		return;
	*o = (struct sonde_scan_other){ .place = place + 1, .icmp_type = v->icmp_type, .icmp_code = v->icmp_code };
	if (!by_target)
		o->from = v->m.from;
}

/* --- Verdicts ---------------------------------------------------------------------------------------------------- */

/* What a rule says of a port, where it says something of a packet. */
static enum sonde_state state_of(const struct sonde_rule *rule, enum sonde_scan_kind kind)
{
	if (kind == SONDE_SCAN_ECHO)
		return rule->state;
	switch (rule->state) {
	case SONDE_STATE_UP: return SONDE_STATE_UNFILTERED;
	case SONDE_STATE_UNKNOWN:
	case SONDE_STATE_UNREACHABLE:
	case SONDE_STATE_ON_THE_WAY: return SONDE_STATE_FILTERED;
	default: return rule->state;
	}
}

static const struct sonde_rule *rule_at(unsigned index, enum sonde_answer *answer, bool *from_target)
{
	enum sonde_question_kind kind;
	return sonde_rule_at(index, &kind, answer, from_target);
}

/* How much an answer counts beside another one to the same target: those of the target itself more than errors, and
 * errors of the target more than those of others. */
static unsigned weight(enum sonde_answer answer, bool from_target)
{
	return !sonde_answer_is_error(answer) ? 3 : from_target ? 2 : 1;
}

static unsigned weight_so_far(const struct sonde_scan *s, uint64_t place)
{
	enum sonde_answer answer = SONDE_SILENCE;
	bool from_target = false;
	if (!s->rules[place])
		return 0;
	rule_at(s->rules[place] - 1u, &answer, &from_target);
	const struct sonde_scan_other *o = sonde_scan_other_of(s, place, false);
	return weight(answer, from_target && !(o && o->from.family));
}

static enum sonde_scan_doubt doubt_of_silence(const struct sonde_scan *s, const struct sonde_scan_target *t)
{
	const double noticeable = 0.01;
	const struct sonde_scan_limit *limit =
		s->o.ports[t->port].kind == SONDE_SCAN_UDP ? sonde_scan_limit_of(s, t->host) : NULL;
	if (s->unsent[t->place / 8] >> t->place % 8 & 1)
		return SONDE_SCAN_UNSENT;
	if (limit && limit->every_ns && limit->state != SONDE_LIMIT_DONE)
		return SONDE_SCAN_ICMP_LIMITED;
	if (!s->is_done)
		return SONDE_SCAN_UNFINISHED;
	return sonde_scan_missing(s) > noticeable ? SONDE_SCAN_LOSSY : SONDE_SCAN_SURE;
}

/* The rule by which a host is there that is silent, but told its link address; NULL: it did not, or the question is
 * about a port. */
static const struct sonde_rule *rule_of_link(const struct sonde_scan *s, const struct sonde_scan_target *t)
{
	if (s->o.ports[t->port].kind != SONDE_SCAN_ECHO || !(s->linked[t->host / 8] >> t->host % 8 & 1))
		return NULL;
	return sonde_hosts_at(&s->o.hosts, t->host).family == SONDE_IP4
		       ? sonde_rule_for(SONDE_ASKS_ARP, SONDE_ANSWER_ARP, true)
		       : sonde_rule_for(SONDE_ASKS_ND, SONDE_ANSWER_ND, true);
}

static void fill(struct sonde_scan_verdict *out, const struct sonde_scan *s, const struct sonde_scan_target *t)
{
	enum sonde_scan_kind kind = s->o.ports[t->port].kind;
	uint64_t place = t->place;
	enum sonde_answer answer;
	bool from_target;
	*out = (struct sonde_scan_verdict){ .host = t->host, .port = t->port, .rtt_ns = -1 };
	const struct sonde_rule *link = s->rules[place] ? NULL : rule_of_link(s, t);
	if (link) {
		out->rule = link;
		out->state = link->state;
		return;
	}
	if (!s->rules[place] && s->pass == 0 && place >= s->next) {
		out->rule = sonde_rule_unsent(-ECANCELED);
		out->doubt = SONDE_SCAN_UNFINISHED;
		out->state = out->rule->state;
		return;
	}
	if (!s->rules[place]) {
		out->rule = s->silence[kind];
		out->doubt = doubt_of_silence(s, t);
	} else {
		out->rule = rule_at(s->rules[place] - 1u, &answer, &from_target);
		const struct sonde_scan_other *o =
			sonde_answer_is_error(answer) ? sonde_scan_other_of(s, place, false) : NULL;
		out->rtt_ns = s->times[place] ? sonde_scan_unpack_time(s->times[place]) : -1;
		out->ttl = s->ttls ? s->ttls[place] : 0;
		if (o) {
			out->from = o->from;
			out->icmp_type = o->icmp_type;
			out->icmp_code = o->icmp_code;
		}
	}
	out->state = state_of(out->rule, kind);
}

bool sonde_scan_verdict(struct sonde_scan_verdict *out, const struct sonde_scan *s, uint64_t host, uint32_t port)
{
	struct sonde_scan_target t;
	if (!sonde_scan_target_of(&t, s, host, port))
		return false;
	fill(out, s, &t);
	return true;
}

static void emit(struct sonde_scan *s, const struct sonde_scan_target *t, uint64_t number)
{
	if (s->event_len == SONDE_SCAN_EVENTS) {
		s->event_head = (s->event_head + 1) % SONDE_SCAN_EVENTS;
		s->event_len--;
	}
	struct sonde_scan_verdict *v = &s->events[(s->event_head + s->event_len++) % SONDE_SCAN_EVENTS];
	fill(v, s, t);
	v->number = number;
}

/* --- Frames ------------------------------------------------------------------------------------------------------ */

void sonde_scan_note_source(struct sonde_scan *s, const struct sonde_addr *src)
{
	for (unsigned i = 0; i < s->n_sources; i++)
		if (sonde_addr_equal_bytes(&s->sources[i], src))
			return;
	if (src->family && s->n_sources < SONDE_SCAN_SOURCES)
		s->sources[s->n_sources++] = *src;
}

/* Which try of a target has these numbers: our port and theirs, or the identifier and sequence number of an echo.
 * Returns UINT_MAX for none. */
static unsigned try_of(const struct sonde_scan *s, const struct sonde_scan_target *t, uint32_t number)
{
	bool is_echo = sonde_scan_carrier(s->o.ports[t->port].kind) == SONDE_CARRIED_ICMP;
	for (unsigned i = s->pass + 1; i-- > 0;)
		if (is_echo ? sonde_scan_token(s, t->number, i) == number : sonde_scan_sport(s, t, i) == number >> 16)
			return i;
	return UINT_MAX;
}

#define OTHER_SHARD UINT64_MAX /* place of a target that another shard asks */

/* The packet that a frame names: of a host, of that carrier, with these numbers. Returns whether there is one. */
static bool find_packet(struct sonde_scan_target *t, unsigned *tries, const struct sonde_scan *s, uint64_t host,
			enum sonde_scan_carrier carrier, uint32_t number)
{
	uint32_t theirs = carrier == SONDE_CARRIED_ICMP ? 0 : number & UINT16_MAX;
	uint32_t index = s->port_index[carrier * (UINT16_MAX + 1) + theirs];
	if (!index)
		return false;
	if (!sonde_scan_target_of(t, s, host, index - 1)) {
		t->place = OTHER_SHARD;
		return false;
	}
	*tries = try_of(s, t, number);
	return *tries != UINT_MAX;
}

/* When our packet left, if that is still known. */
static struct sonde_scan_flight *flight_of(struct sonde_scan *s, uint64_t place, unsigned tries)
{
	struct sonde_scan_flight *f = sonde_scan_flight_of(s, place);
	return f->id == (place << 4 | (tries + 1)) ? f : NULL;
}

/* Smoothed round trip and its mean deviation: RFC 6298, 2.3. */
static void smooth(struct sonde_scan *s, sonde_time rtt)
{
	sonde_time apart = rtt > s->mean_ns ? rtt - s->mean_ns : s->mean_ns - rtt;
	bool is_first = !s->mean_ns;
	s->spread_ns = is_first ? rtt / 2 : s->spread_ns + (apart - s->spread_ns) / 4;
	s->mean_ns = is_first ? rtt : s->mean_ns + (rtt - s->mean_ns) / 8;
}

static void note_time(struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries, sonde_time came)
{
	struct sonde_scan_flight *f = flight_of(s, t->place, tries);
	s->times[t->place] = 0;
	if (!f || !sonde_could_answer(f->stamp, came))
		return;
	sonde_time rtt = came - f->stamp;
	s->times[t->place] = sonde_scan_pack_time(rtt ? rtt : 1);
	smooth(s, rtt);
	sonde_tempo_answered(&s->tempo, f->window);
}

/* The first answer of a target, or a better one. */
static void take_verdict(struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries,
			 const struct evidence *v, const struct sonde_seen *seen)
{
	const struct sonde_match *m = &v->m;
	bool is_first = !s->rules[t->place];
	s->rules[t->place] = (uint8_t)(1 + sonde_rule_index(m->rule));
	s->counts.answers += is_first;
	s->counts.revised += !is_first;
	s->counts.late += is_first && tries < s->pass;
	/* That an error is late which is sent at a limited rate says nothing of loss. */
	if (is_first && !sonde_scan_is_limited(s->o.ports[t->port].kind, m->answer)) {
		s->sampled++;
		s->sampled_lost += tries;
	}
	if (is_first)
		note_time(s, t, tries, seen->stamp);
	if (s->ttls)
		s->ttls[t->place] = v->ttl;
	if (sonde_answer_is_error(m->answer))
		note_error(s, t->place, v);
	emit(s, t, seen->number);
}

static void take_answer(struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries,
			const struct evidence *v, struct sonde_seen *seen)
{
	const struct sonde_match *m = &v->m;
	bool may_be_limited = sonde_scan_is_limited(s->o.ports[t->port].kind, m->answer);
	seen->as = SONDE_SEEN_ANSWER;
	seen->rule = m->rule;
	s->counts.resets += (m->answer == SONDE_ANSWER_SYN_ACK || m->answer == SONDE_ANSWER_SYN) &&
			    s->o.ports[t->port].kind != SONDE_SCAN_CONNECT;
	if (!sonde_answer_is_final(m->answer))
		return;
	if (weight(m->answer, m->from_target) > weight_so_far(s, t->place)) {
		take_verdict(s, t, tries, v, seen);
	} else if (!(s->times_limits && may_be_limited)) {
		s->counts.duplicates++;
		seen->remark = "duplicate";
	}
	if (may_be_limited)
		sonde_scan_limit_error(s, t, m->from_target ? SONDE_BY_TARGET : SONDE_BY_OTHER, seen->stamp);
}

/* What a packet of ours asks, its payload included. Returns false when that is not known. */
static bool whole_question(struct sonde_question *out, const struct sonde_scan *s, const struct sonde_scan_target *t,
			   unsigned tries)
{
	struct sonde_addr dst = sonde_hosts_at(&s->o.hosts, t->host);
	uint8_t room[SONDE_PAYLOAD_ROOM + HEADERS];
	struct sonde_packet p;
	sonde_packet_init(&p, room, sizeof room);
	if (sonde_scan_build(s, &p, t, &dst, tries) || sonde_finish(&p))
		return false;
	sonde_dissect(&p, p.data, p.len, p.len, (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	return sonde_question_of(out, &p) == 0;
}

/* Whether a datagram is of the protocol of our payload, and answers another question than ours. One of any other
 * protocol, or an echo of the payload, comes from whoever has the port. */
static bool answers_another(const struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries,
			    const struct sonde_question *q, const struct sonde_packet *got)
{
	const struct sonde_payload *payload = sonde_scan_payload_of(s, &s->o.ports[t->port], tries);
	struct sonde_question asked, back;
	struct sonde_match ignored;
	if (!payload || !payload->asks.message_proto || sonde_question_of(&back, got) || !back.message_proto ||
	    back.message_proto->answer != payload->asks.message_proto->answer)
		return false;
	if (!whole_question(&asked, s, t, tries) || back.tag == asked.tag)
		return false;
	asked.src = q->src;
	asked.dst = q->dst;
	return !sonde_match(&ignored, &asked, got);
}

/* Whether a frame answers a packet that we sent from one of our addresses. */
static bool answers(struct sonde_match *m, const struct sonde_scan *s, const struct sonde_scan_target *t,
		    unsigned tries, const struct sonde_packet *got)
{
	struct sonde_question q = sonde_scan_question_of(s, t, tries);
	*m = (struct sonde_match){ .answer = SONDE_SILENCE };
	for (unsigned i = 0; i < s->n_sources; i++) {
		q.src = s->sources[i];
		if (q.src.family == q.dst.family && sonde_match(m, &q, got))
			return m->answer != SONDE_ANSWER_UDP || !answers_another(s, t, tries, &q, got);
	}
	return false;
}

static bool is_own(const struct sonde_scan *s, const struct sonde_addr *a)
{
	for (unsigned i = 0; i < s->n_sources; i++)
		if (sonde_addr_equal_bytes(&s->sources[i], a))
			return true;
	return false;
}

/* One of our own packets, leaving: when it did is known better now. Loopback shows it coming in. */
static bool take_question(struct sonde_scan *s, struct sonde_seen *seen)
{
	struct sonde_scan_target t;
	struct sonde_question q;
	unsigned tries;
	if (sonde_question_of(&q, seen->packet))
		return false;
	struct sonde_question_key key = sonde_question_key(&q);
	uint64_t host = sonde_hosts_find(&s->o.hosts, &key.host);
	for (unsigned c = 0; c < SONDE_N_CARRIERS && host < s->o.hosts.n; c++) {
		if (!find_packet(&t, &tries, s, host, c, key.number))
			continue;
		/* The reply to an echo to ourselves comes from there and has its numbers, too. */
		const struct sonde_question ours = sonde_scan_question_of(s, &t, tries);
		if (ours.seq != q.seq || ours.icmp_type != q.icmp_type)
			continue;
		struct sonde_scan_flight *f = flight_of(s, t.place, tries);
		if (f && seen->outbound)
			f->stamp = seen->stamp;
		seen->as = SONDE_SEEN_QUESTION;
		return true;
	}
	return false;
}

/* A SYN that came in for a port of ours, which no socket has: this machine's TCP answers it by an RST. */
static bool is_syn(const struct sonde_seen *seen)
{
	int tcp = sonde_find(seen->packet, &sonde_tcp);
	return tcp >= 0 && !seen->outbound && !seen->packet->layers[tcp].quoted && !seen->packet->layers[tcp].cut &&
	       (sonde_get(sonde_layer_header(seen->packet, tcp), SONDE_TCP_FLAGS) & SONDE_TCP_SYN);
}

void sonde_scan_on_frame(struct sonde_engine *e, struct sonde_seen *seen)
{
	struct sonde_scan *s = sonde_scan_of(e);
	struct sonde_answer_key key;
	struct evidence v = { 0 };
	struct sonde_scan_target t;
	unsigned tries;
	if (!sonde_answer_key(&key, seen->packet))
		return;
	if ((seen->outbound || is_own(s, &key.question.host)) && take_question(s, seen))
		return;
	uint64_t host = sonde_hosts_find(&s->o.hosts, &key.question.host);
	bool wrong_sum = false, is_of_other = false;
	for (unsigned c = 0; c < SONDE_N_CARRIERS && host < s->o.hosts.n; c++) {
		t.place = 0;
		if (!find_packet(&t, &tries, s, host, c, key.question.number)) {
			is_of_other |= t.place == OTHER_SHARD;
			continue;
		}
		if (answers(&v.m, s, &t, tries, seen->packet)) {
			v.ttl = key.ttl;
			read_error(&v, seen->packet);
			take_answer(s, &t, tries, &v, seen);
			return;
		}
		wrong_sum |= v.m.wrong_checksum;
	}
	s->counts.wrong_checksum += wrong_sum;
	bool is_rejected = !wrong_sum && !is_of_other && !seen->outbound && host < s->o.hosts.n &&
			   key.question.number >> 16 >= SONDE_FIRST_PORT;
	s->counts.rejected += is_rejected;
	s->counts.resets += is_rejected && is_syn(seen);
}

void sonde_scan_on_report(struct sonde_scan *s, const struct sonde_scan_report *r)
{
	struct sonde_scan_target t = sonde_scan_target_at(s, r->id >> 4);
	struct sonde_seen seen = { .stamp = r->stamp };
	unsigned tries = (unsigned)(r->id & 15) - 1;
	struct sonde_question q = sonde_scan_question_of(s, &t, tries);
	struct evidence v = { .icmp_type = r->icmp_type, .icmp_code = r->icmp_code };
	v.m = (struct sonde_match){ .answer = r->answer, .from = r->from.family ? r->from : q.dst };
	v.m.from_target = sonde_addr_equal_bytes(&v.m.from, &q.dst);
	v.m.rule = sonde_rule_for(q.kind, r->answer, v.m.from_target);
	take_answer(s, &t, tries, &v, &seen);
}
