#include "probe/scan_resume.h"

#include "probe/scan_state.h"

void sonde_scan_progress(struct sonde_scan_progress *out, const struct sonde_scan *s)
{
	*out = (struct sonde_scan_progress){
		.pass = s->pass,
		/* Once the passes are over, hosts that limit their ICMP errors are asked, which counts on. */
		.next = s->settled < s->n ? s->settled : s->n,
		.pass_sent = s->pass_sent,
		.passes = s->counts.passes,
		.is_done = s->is_done,
		.rate_pps = s->o.gap_ns < 0 ? (uint64_t)s->tempo.rate : 0,
		.sampled = s->sampled,
		.sampled_lost = s->sampled_lost,
		.mean_ns = (uint64_t)s->mean_ns,
		.spread_ns = (uint64_t)s->spread_ns,
		.counts = s->counts,
	};
}

void sonde_scan_known(struct sonde_scan_known *out, const struct sonde_scan *s, uint64_t place)
{
	*out = (struct sonde_scan_known){ .rule = s->rules[place], .is_unsent = s->unsent[place / 8] >> place % 8 & 1 };
	if (!out->rule)
		return;
	out->time = s->times[place];
	out->ttl = s->ttls ? s->ttls[place] : 0;
}

bool sonde_scan_error(struct sonde_scan_error *out, const struct sonde_scan *s, uint64_t place)
{
	const struct sonde_scan_other *o = sonde_scan_other_of(s, place, false);
	if (o)
		*out = (struct sonde_scan_error){ o->from, o->icmp_type, o->icmp_code };
	return o;
}

void sonde_scan_put_error(struct sonde_scan *s, uint64_t place, const struct sonde_scan_error *error)
{
	struct sonde_scan_other *o = sonde_scan_other_of(s, place, true);
	if (o)
		*o = (struct sonde_scan_other){ place + 1, error->from, error->icmp_type, error->icmp_code };
}

bool sonde_scan_put(struct sonde_scan *s, uint64_t place, const struct sonde_scan_known *known)
{
	enum sonde_question_kind kind;
	enum sonde_answer answer = SONDE_SILENCE;
	bool from_target;
	if (known->rule > UINT8_MAX || (known->rule && !sonde_rule_at(known->rule - 1, &kind, &answer, &from_target)))
		return false;
	s->counts.answers += known->rule && !s->rules[place];
	s->rules[place] = (uint8_t)known->rule;
	s->unsent[place / 8] |= (uint8_t)(known->is_unsent << place % 8);
	if (!known->rule)
		return true;
	s->times[place] = known->time;
	if (s->ttls)
		s->ttls[place] = known->ttl;
	struct sonde_scan_target t = sonde_scan_target_at(s, place);
	const struct sonde_scan_other *error = sonde_scan_other_of(s, place, false);
	if (sonde_scan_is_limited(s->o.ports[t.port].kind, answer))
		sonde_scan_limit_error(s, &t, error && error->from.family ? SONDE_BY_OTHER : SONDE_BY_TARGET, 0);
	return true;
}

bool sonde_scan_is_down(const struct sonde_scan *s, uint64_t host)
{
	return s->down[host / 8] >> host % 8 & 1;
}

void sonde_scan_put_down(struct sonde_scan *s, uint64_t host)
{
	s->down[host / 8] |= (uint8_t)(1u << host % 8);
}

bool sonde_scan_is_linked(const struct sonde_scan *s, uint64_t host)
{
	return s->linked[host / 8] >> host % 8 & 1;
}

void sonde_scan_put_linked(struct sonde_scan *s, uint64_t host)
{
	s->linked[host / 8] |= (uint8_t)(1u << host % 8);
}

bool sonde_scan_resume(struct sonde_scan *s, const struct sonde_scan_progress *p, sonde_time now)
{
	uint64_t answers = s->counts.answers;
	const uint64_t most_ns = INT64_MAX / 64;
	if (p->pass >= SONDE_SCAN_TRIES || p->passes > SONDE_SCAN_TRIES || p->next > s->n || p->sampled > s->n ||
	    p->sampled_lost > p->sampled * SONDE_SCAN_TRIES || p->mean_ns > most_ns || p->spread_ns > most_ns)
		return false;
	s->pass = (unsigned)p->pass;
	s->next = s->settled = p->next;
	s->pass_sent = p->pass_sent;
	s->is_done = p->is_done;
	s->sampled = p->sampled;
	s->sampled_lost = p->sampled_lost;
	s->mean_ns = (sonde_time)p->mean_ns;
	s->spread_ns = (sonde_time)p->spread_ns;
	s->counts = p->counts;
	s->counts.answers = s->pass_answers = answers;
	s->counts.passes = (unsigned)p->passes;
	sonde_tempo_resume(&s->tempo, p->rate_pps, s->pass > 0, now);
	return true;
}
