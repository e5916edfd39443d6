/* Two rows that are parts of one flow become one. */
#include <string.h>

#include "base/span.h"
#include "tools/flows/merge.h"

enum { TCP = 6 };

static bool has(const struct merged *m, char letter)
{
	return strchr(m->row.r.history, letter);
}

/* Whether a connection was over before a SYN of the next one: as the table has it. */
static bool begins_anew(const struct merged *a, const struct merged *b)
{
	bool closed = has(a, 'R') || has(a, 'r') || (has(a, 'F') && has(a, 'f'));
	return closed && *b->row.r.history == 'S' && b->row.r.orig.isn != a->row.r.orig.isn;
}

bool merged_goes_on(const struct merged *a, const struct merged *b, sonde_time silence)
{
	const struct sonde_flow_report *x = &a->row.r, *y = &b->row.r;
	bool may = x->end == SONDE_FLOW_OPEN || x->end == SONDE_FLOW_EVICTED || x->icmp_one_way;
	return may && sonde_time_since(y->first, x->last) <= silence && !(x->proto == TCP && begins_anew(a, b));
}

/* --- Sides -------------------------------------------------------------------------------------------------------- */

static void join_round_trips(struct sonde_report_side *a, const struct sonde_report_side *b)
{
	uint64_t n = a->rtt_samples + b->rtt_samples;
	if (!b->rtt_samples)
		return;
	if (!a->rtt_samples || b->rtt_min_ns < a->rtt_min_ns)
		a->rtt_min_ns = b->rtt_min_ns;
	if (b->rtt_max_ns > a->rtt_max_ns)
		a->rtt_max_ns = b->rtt_max_ns;
	a->rtt_avg_ns = (uint64_t)(((double)a->rtt_avg_ns * (double)a->rtt_samples +
				    (double)b->rtt_avg_ns * (double)b->rtt_samples) / (double)n);
	a->rtt_samples = n;
}

static void join_side(struct sonde_report_side *a, const struct sonde_report_side *b)
{
#define ADD(member) a->member += b->member
	ADD(packets), ADD(frame_bytes), ADD(ip_bytes), ADD(bytes), ADD(seen_bytes), ADD(unique_bytes);
	ADD(missed_bytes), ADD(fragments), ADD(wrong_sums), ADD(data_packets), ADD(rexmt_packets), ADD(rexmt_bytes);
	ADD(out_of_order), ADD(dup_acks), ADD(triple_dup_acks), ADD(zero_windows), ADD(window_probes);
	ADD(keep_alives), ADD(sacks), ADD(dsacks), ADD(gaps);
	for (unsigned i = 0; i < SONDE_RETRANSMISSIONS; i++)
		ADD(rexmt_classes[i]);
#undef ADD
	join_round_trips(a, b);
	if (b->max_in_flight > a->max_in_flight)
		a->max_in_flight = b->max_in_flight;
	a->mss = a->mss ? a->mss : b->mss;
	a->wscale = a->wscale ? a->wscale : b->wscale;
	a->sack_permitted |= b->sack_permitted;
}

/* --- History and state -------------------------------------------------------------------------------------------- */

static char flip(char letter)
{
	return (char)(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A'
		      : letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
}

/* What a side did already stands there once. */
static void join_history(char out[static SONDE_HISTORY_STRLEN], const char *more, bool flipped)
{
	size_t most = SONDE_FLOW_MOST_LETTERS + (*out == '^');
	for (more += *more == '^'; *more; more++) {
		char letter = flipped ? flip(*more) : *more;
		size_t len = strlen(out);
		if (strchr(out, letter) || strchr(out, '+'))
			continue;
		out[len] = len < most ? letter : '+';
		out[len + 1] = 0;
	}
}

static enum sonde_tcp_state next_state(enum sonde_tcp_state own, enum sonde_tcp_state other, char letter, bool orig)
{
	switch (letter) {
	case 's':
	case 'q': return own == SONDE_TCP_INACTIVE ? orig ? SONDE_TCP_SYN_SENT : SONDE_TCP_ESTABLISHED : own;
	case 'h': return own == SONDE_TCP_INACTIVE ? orig ? SONDE_TCP_SYN_ACK_SENT : SONDE_TCP_ESTABLISHED : own;
	case 'f': return own == SONDE_TCP_RESET ? own : SONDE_TCP_CLOSED;
	case 'r':
	case 'i': return own == SONDE_TCP_CLOSED && other == SONDE_TCP_CLOSED ? own : SONDE_TCP_RESET;
	case 'a':
	case 'd':
		if (own != SONDE_TCP_INACTIVE || (letter == 'a' && !orig && other == SONDE_TCP_SYN_SENT))
			return own;
		return other == SONDE_TCP_ESTABLISHED ? SONDE_TCP_ESTABLISHED : SONDE_TCP_PARTIAL;
	default: return own;
	}
}

/* The states of both sides follow from the history. */
static void replay(struct sonde_flow_report *r)
{
	enum sonde_tcp_state states[2] = { SONDE_TCP_INACTIVE, SONDE_TCP_INACTIVE };
	for (const char *at = r->history; *at; at++) {
		bool orig = *at >= 'A' && *at <= 'Z';
		char letter = orig ? flip(*at) : *at;
		enum sonde_tcp_state *own = &states[!orig], *other = &states[orig];
		*own = next_state(*own, *other, letter, orig);
		if (!orig && (letter == 's' || letter == 'h') && *other == SONDE_TCP_SYN_SENT)
			*other = SONDE_TCP_ESTABLISHED;
	}
	r->orig.state = states[0] & 7;
	r->resp.state = states[1] & 7;
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

static void join_times(struct sonde_flow_report *a, const struct sonde_flow_report *b)
{
	if (a->first_answer_ns < 0 && b->first_answer_ns >= 0)
		a->first_answer_ns = sonde_time_plus(sonde_time_since(b->first, a->first), b->first_answer_ns);
	if (a->syn_to_synack_ns < 0)
		a->syn_to_synack_ns = b->syn_to_synack_ns;
	if (a->synack_to_ack_ns < 0)
		a->synack_to_ack_ns = b->synack_to_ack_ns;
	if (b->last < a->last)
		return;
	a->last = b->last;
	a->end = b->end;
}

void merged_join(struct merged *a, const struct merged *b)
{
	struct sonde_flow_report *x = &a->row.r;
	const struct sonde_flow_report *y = &b->row.r;
	bool flipped = !sonde_addr_equal(&x->orig.end.addr, &y->orig.end.addr) || x->orig.end.port != y->orig.end.port;
	join_side(&x->orig, flipped ? &y->resp : &y->orig);
	join_side(&x->resp, flipped ? &y->orig : &y->resp);
	join_times(x, y);
	join_history(x->history, y->history, flipped);
	x->icmp_errors += y->icmp_errors;
	if (!x->said && y->said) {
		a->said = b->said;
		x->said = &a->said;
	}
	if (x->proto == TCP)
		replay(x);
	snprintf(a->state, sizeof a->state, "%s", sonde_conn_state(x));
	a->parts += b->parts;
	/* Nothing in a row of such messages depends on what came before. */
	if (!x->icmp_one_way)
		a->row.parts = a->parts;
}
