/* TCP: states as Zeek has them, sequence space, acknowledgements, windows, the handshake. */
#include "base/span.h"
#include "flow/history.h"
#include "flow/tcp_options.h"
#include "flow/track.h"
#include "proto/ip.h"
#include "proto/tcp.h"

#define PLAIN_LEN (SONDE_FIRST(SONDE_TCP_OPTIONS) / 8) /* of a header without options */
#define FAR (1 << 30) /* numbers that are farther off belong to no connection of ours */

/* A segment, as the functions below need it. */
struct segment {
	struct sonde_tracked *t;
	struct sonde_flow *f;
	struct sonde_flow_tcp *tcp;
	struct sonde_flow_tcp_side *s, *o; /* its sender, and the other one */
	unsigned side;
	uint32_t seq, ack, end; /* end: behind its data, its SYN and its FIN */
	uint32_t len;           /* of its data */
	bool syn, fin, rst, has_ack;
};

static struct sonde_flow_odd_side *odd_of(const struct segment *g, unsigned side)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_need(g->t);
	return odd ? &odd->sides[side] : NULL;
}

/* What is there already, or NULL. */
static struct sonde_flow_odd_side *odd_there(const struct segment *g, unsigned side)
{
	if (!g->tcp->odd)
		return NULL;
	return &((struct sonde_flow_odd *)sonde_pool_at(&g->t->pools->odds, g->tcp->odd))->sides[side];
}

/* Count something that the side did, and put its letter into the history the first, tenth, hundredth ... time. */
static void count_letter(const struct segment *g, unsigned side, enum sonde_letter letter, uint32_t *n)
{
	++*n;
	sonde_history_count(g->f, g->tcp, side, letter, *n);
}

/* --- Where sequence numbers begin --------------------------------------------------------------------------------- */

static void begin_at(struct sonde_flow_tcp_side *s, uint32_t isn)
{
	s->isn = isn;
	s->next = s->acked = isn + 1;
	s->known = 1;
}

/* A SYN with another number than before begins anew: the earlier one was in vain. */
static void learn_syn(const struct segment *g)
{
	bool same = g->s->syn && g->s->isn == g->seq;
	if (g->s->known && g->s->state >= SONDE_TCP_CLOSED)
		return;
	if (!same) {
		begin_at(g->s, g->seq);
		g->s->next = g->seq;
		g->s->acked = g->seq;
	}
	g->s->syn = 1;
	g->s->spoke = 1;
}

static void learn_numbers(const struct segment *g)
{
	if (g->syn) {
		learn_syn(g);
	} else if (!g->rst && !g->s->spoke) {
		/* Where an acknowledgement told a number, bytes from there on are missing. */
		if (!g->s->known || sonde_seq_diff(g->seq, g->s->next) < 0)
			begin_at(g->s, g->seq - 1);
		g->s->spoke = 1;
	}
	if (g->has_ack && !g->rst && !g->o->known)
		begin_at(g->o, g->ack - 1);
}

/* --- Options ------------------------------------------------------------------------------------------------------ */

static void read_options(const struct segment *g)
{
	struct sonde_tcp_options opts;
	const struct sonde_ends *e = g->t->ends;
	const uint32_t start = e->transport_offset + PLAIN_LEN;
	if (e->flags & SONDE_ENDS_CUT_HEADER ||
	    !sonde_tcp_options_read(&opts, sonde_view(g->t->frame + start, e->payload_offset - start)))
		return;
	if (g->syn) {
		g->s->mss = opts.mss;
		g->s->has_wscale = opts.has_wscale;
		g->s->wscale = (opts.wscale > SONDE_TCP_MOST_WSCALE ? SONDE_TCP_MOST_WSCALE : opts.wscale) & 15u;
		g->s->sack_permitted = opts.sack_permitted;
	}
	if (!opts.n_sacks)
		return;
	struct sonde_flow_odd_side *odd = odd_of(g, g->side), *other = odd_of(g, !g->side);
	if (!odd || !other)
		return;
	odd->sacks++;
	/* RFC 2883, 4: the first block lies below the acknowledgement, or within the second. */
	bool duplicate = sonde_seq_diff(opts.sacks[0].to, g->ack) <= 0 ||
			 (opts.n_sacks > 1 && sonde_seq_diff(opts.sacks[0].from, opts.sacks[1].from) >= 0 &&
			  sonde_seq_diff(opts.sacks[0].to, opts.sacks[1].to) <= 0);
	odd->dsacks += duplicate;
	/* What was sent last again had arrived, then. */
	if (duplicate && other->last_class && other->last_class != SONDE_SPURIOUS + 1) {
		other->classes[other->last_class - 1]--;
		other->classes[SONDE_SPURIOUS]++;
		other->last_class = SONDE_SPURIOUS + 1;
	}
}

/* --- History and states ------------------------------------------------------------------------------------------- */

static void write_history(const struct segment *g)
{
	int n = g->syn + g->fin + g->rst;
	if (n > 1) {
		sonde_history_once(g->f, g->tcp, g->side,
				   g->fin && g->rst ? SONDE_LETTER_FIN_RST : SONDE_LETTER_MIXED);
	} else if (g->syn) {
		enum sonde_letter letter = g->has_ack ? SONDE_LETTER_SYN_ACK : SONDE_LETTER_SYN;
		if (!sonde_history_once(g->f, g->tcp, g->side, letter) && g->seq != g->s->isn)
			sonde_history_add(g->f, g->tcp, g->side, letter);
	} else if (g->fin) {
		if (!sonde_history_once(g->f, g->tcp, g->side, SONDE_LETTER_FIN) && g->end != g->s->next)
			sonde_history_add(g->f, g->tcp, g->side, SONDE_LETTER_FIN);
	} else if (g->rst) {
		if (!sonde_history_once(g->f, g->tcp, g->side, SONDE_LETTER_RST) &&
		    g->s->state == SONDE_TCP_RESET && g->seq != g->s->rst)
			sonde_history_add(g->f, g->tcp, g->side, SONDE_LETTER_RST);
	} else if (g->len || g->has_ack) {
		sonde_history_once(g->f, g->tcp, g->side, g->len ? SONDE_LETTER_DATA : SONDE_LETTER_ACK);
	}
}

static void set_state(struct sonde_flow_tcp_side *s, enum sonde_tcp_state state)
{
	s->state = state & 7;
}

/* The first segment of a side. */
static void leave_inactive(const struct segment *g, bool from_originator)
{
	enum sonde_tcp_state other = g->o->state;
	if (g->syn && from_originator) {
		set_state(g->s, g->has_ack ? SONDE_TCP_SYN_ACK_SENT : SONDE_TCP_SYN_SENT);
	} else if (g->syn) {
		if (other == SONDE_TCP_SYN_SENT)
			set_state(g->o, SONDE_TCP_ESTABLISHED);
		set_state(g->s, SONDE_TCP_ESTABLISHED);
	}
	if (g->fin)
		set_state(g->s, SONDE_TCP_CLOSED);
	if (g->rst)
		set_state(g->s, SONDE_TCP_RESET);
	if (g->s->state != SONDE_TCP_INACTIVE)
		return;
	/* Some acknowledge a SYN before they answer it with their own. */
	if (!from_originator && g->len == 0 && other == SONDE_TCP_SYN_SENT)
		return;
	set_state(g->s, g->has_ack && other == SONDE_TCP_ESTABLISHED ? SONDE_TCP_ESTABLISHED : SONDE_TCP_PARTIAL);
}

/* As Zeek's analyser does it. */
static void change_state(const struct segment *g)
{
	enum sonde_tcp_state other = g->o->state;
	switch ((enum sonde_tcp_state)g->s->state) {
	case SONDE_TCP_INACTIVE: leave_inactive(g, g->side == g->f->began); return;
	case SONDE_TCP_PARTIAL:
		if (g->syn && !g->has_ack && other == SONDE_TCP_INACTIVE)
			set_state(g->s, SONDE_TCP_SYN_SENT);
		break;
	case SONDE_TCP_CLOSED:
		if (g->rst && other != SONDE_TCP_CLOSED)
			set_state(g->s, SONDE_TCP_RESET);
		return;
	case SONDE_TCP_RESET: return;
	default: break;
	}
	if (g->fin && !g->rst) {
		set_state(g->s, SONDE_TCP_CLOSED);
		/* An RST behind a FIN was a normal end, after all. */
		if (other == SONDE_TCP_RESET && g->o->fin)
			set_state(g->o, SONDE_TCP_CLOSED);
	}
	if (g->rst)
		set_state(g->s, SONDE_TCP_RESET);
}

static bool is_closed(const struct sonde_flow_tcp *tcp)
{
	const struct sonde_flow_tcp_side *a = &tcp->sides[0], *b = &tcp->sides[1];
	return a->state == SONDE_TCP_RESET || b->state == SONDE_TCP_RESET ||
	       (a->state == SONDE_TCP_CLOSED && b->state == SONDE_TCP_CLOSED);
}

/* --- The handshake ------------------------------------------------------------------------------------------------ */

/* Of a SYN that is sent again, the last counts. */
static void time_handshake(const struct segment *g)
{
	const uint64_t now = sonde_flow_span(sonde_time_since(g->t->time, g->f->first));
	struct sonde_flow_times *t = &g->tcp->times;
	if (g->syn && !g->has_ack && g->f->handshake <= SONDE_SAW_SYN && g->side == g->f->began) {
		g->f->handshake = SONDE_SAW_SYN;
		t->syn_to_synack = now & SONDE_FLOW_MOST_SPAN;
	} else if (g->syn && g->has_ack && g->f->handshake == SONDE_SAW_SYN && g->side != g->f->began) {
		g->f->handshake = SONDE_SAW_SYN_ACK;
		t->syn_to_synack = (now - t->syn_to_synack) & SONDE_FLOW_MOST_SPAN;
		t->synack_to_ack = now & SONDE_FLOW_MOST_SPAN;
	} else if (!g->syn && g->has_ack && g->f->handshake == SONDE_SAW_SYN_ACK && g->side == g->f->began) {
		g->f->handshake = SONDE_SAW_HANDSHAKE;
		t->synack_to_ack = (now - t->synack_to_ack) & SONDE_FLOW_MOST_SPAN;
	}
	if (g->len && g->side != g->f->began && !t->first_answer)
		t->first_answer = (now ? now : 1) & SONDE_FLOW_MOST_SPAN;
	bool is_over = g->s->state >= SONDE_TCP_CLOSED && g->o->state >= SONDE_TCP_CLOSED;
	if (!is_over && now > t->over)
		t->over = now & SONDE_FLOW_MOST_SPAN;
}

/* --- Acknowledgements and windows --------------------------------------------------------------------------------- */

static bool is_near(uint32_t a, uint32_t b)
{
	int32_t d = sonde_seq_diff(a, b);
	return d < FAR && d > -FAR;
}

/* The other side's numbers up to the acknowledgement have arrived. */
static void advance(const struct segment *g)
{
	struct sonde_flow_odd_side *odd;
	sonde_round_trip_acknowledged(g->t, g->o, g->ack);
	g->o->acked = g->ack;
	g->o->same_acks = 0;
	/* Bytes that were acknowledged and not seen: the capture lacks them. At the end of a connection this may be a
	 * FIN. */
	if (sonde_seq_diff(g->ack, g->o->next) > 0)
		sonde_space_skip(g->t, !g->side, g->o, g->ack);
	odd = odd_there(g, !g->side);
	uint32_t gaps = odd && odd->holes ? sonde_space_acknowledged(g->t->pools, odd, g->ack) : 0;
	while (gaps--)
		count_letter(g, !g->side, SONDE_LETTER_GAP, &odd->gaps);
}

static void count_duplicate(const struct segment *g)
{
	struct sonde_flow_odd_side *odd = odd_of(g, g->side);
	if (!odd)
		return;
	odd->dup_acks++;
	if (g->o->same_acks == 2)
		odd->triple_dup_acks++;
	if (g->o->same_acks < 3)
		g->o->same_acks++;
}

static void take_ack(const struct segment *g, uint32_t window)
{
	if (!g->has_ack || g->rst || !g->o->known || !is_near(g->ack, g->o->acked))
		return;
	int32_t further = sonde_seq_diff(g->ack, g->o->acked);
	if (further > 0)
		advance(g);
	else if (further == 0 && !g->len && !g->syn && !g->fin && window == g->s->win &&
		 sonde_seq_diff(g->o->next, g->ack) > 0 && g->f->counts[g->side].packets > 1)
		count_duplicate(g);
}

static uint32_t scaled_window(const struct segment *g)
{
	bool scales = !g->syn && g->s->has_wscale && g->o->has_wscale;
	return (uint32_t)g->t->ends->win << (scales ? g->s->wscale : 0);
}

/* A window of 0 means nothing with an RST, or when the other side has sent its FIN. */
static void take_window(const struct segment *g, uint32_t window)
{
	if (g->s->state == SONDE_TCP_RESET || g->rst)
		return;
	struct sonde_flow_odd_side *odd =
		window == 0 && g->o->state != SONDE_TCP_CLOSED ? odd_of(g, g->side) : NULL;
	if (odd)
		count_letter(g, g->side, SONDE_LETTER_ZERO_WINDOW, &odd->zero_windows);
	g->s->win = window;
}

/* --- Data --------------------------------------------------------------------------------------------------------- */

/* The identification of an IPv4 packet; 0 for IPv6. */
static uint16_t ip_id(const struct segment *g)
{
	const struct sonde_ends *e = g->t->ends;
	return e->family == SONDE_IP4 ? (uint16_t)sonde_get(g->t->frame + e->ip_offset, SONDE_IP_ID) : 0;
}

#define LEAST_TIMEOUT (200 * SONDE_MS) /* what common stacks wait at least */

/* By what shows it; what shows most comes first. */
static enum sonde_retransmission classify(const struct segment *g)
{
	sonde_time newest = sonde_round_trip_newest(g->t->pools, g->s);
	if (ip_id(g) && ip_id(g) == g->s->last_id)
		return SONDE_CAPTURED_TWICE;
	if (sonde_seq_diff(g->end, g->s->acked) <= 0)
		return SONDE_SPURIOUS;
	if (g->s->same_acks == 3)
		return SONDE_BY_FAST;
	if (g->end == g->s->next && newest != SONDE_SENT_AGAIN &&
	    sonde_time_since(g->t->time, newest) < LEAST_TIMEOUT)
		return SONDE_BY_TAIL;
	return SONDE_BY_TIMEOUT;
}

static void count_again(const struct segment *g, uint32_t again)
{
	struct sonde_flow_odd_side *odd = odd_of(g, g->side);
	if (!odd)
		return;
	enum sonde_retransmission class = classify(g);
	odd->classes[class]++;
	odd->last_class = (uint32_t)class + 1;
	odd->rexmt_bytes += again < g->len ? again : g->len;
	odd->rexmt_control += g->len == 0;
	odd->rexmt_packets++;
	g->t->pools->n_again++;
	if (g->len)
		sonde_history_count(g->f, g->tcp, g->side, SONDE_LETTER_REXMT, odd->rexmt_packets - odd->rexmt_control);
	sonde_round_trip_sent_again(g->t->pools, g->s, g->seq);
}

/* One byte or none, just below what comes next, when all is acknowledged: whether the other side is still there (RFC
 * 9293, 3.8.4). */
static bool is_keep_alive(const struct segment *g)
{
	return g->len <= 1 && !g->syn && !g->fin && g->seq + 1 == g->s->next && g->s->acked == g->s->next &&
	       g->f->handshake != SONDE_SAW_SYN;
}

/* Whether it is counted for what it is, and not as data. */
static bool take_probe(const struct segment *g)
{
	struct sonde_flow_odd_side *odd;
	bool to_zero = g->len == 1 && g->o->spoke && g->o->win == 0 && !g->syn;
	bool alive = !to_zero && is_keep_alive(g);
	if ((!to_zero && !alive) || g->rst || !(odd = odd_of(g, g->side)))
		return false;
	odd->window_probes += to_zero;
	odd->keep_alives += alive;
	/* A probe may carry the next byte. */
	if (sonde_seq_diff(g->end, g->s->next) > 0)
		return false;
	odd->probe_bytes += g->len;
	return true;
}

static void take_data(const struct segment *g)
{
	uint32_t again, before = g->s->next;
	bool late;
	if (g->rst || !g->s->known || !is_near(g->seq, g->s->next) || take_probe(g) || g->end == g->seq)
		return;
	again = sonde_space_add(g->t, g->s, g->seq, g->end, &late);
	struct sonde_flow_odd_side *odd = late ? odd_of(g, g->side) : NULL;
	if (odd)
		odd->out_of_order++;
	if (again)
		count_again(g, again);
	/* Of a side that is captured alone, one segment waits for an acknowledgement that will not come. */
	else if (sonde_seq_diff(g->seq, before) >= 0 && (g->f->counts[!g->side].packets || !g->s->sent))
		sonde_round_trip_sent(g->t, g->s, g->end);
	int32_t in_flight = sonde_seq_diff(g->s->next, g->s->acked);
	if (g->f->counts[!g->side].packets && in_flight > 0 && (uint32_t)in_flight > g->s->most_in_flight)
		g->s->most_in_flight = (uint32_t)in_flight;
}

/* --- What it waited for ------------------------------------------------------------------------------------------- */

/* What the connection was like before a segment, and what the segment turned out to be. */
struct before {
	bool outstanding; /* its sender had sent what was not acknowledged */
	bool closed;      /* its sender's window was closed, or that of the other side */
	uint32_t rexmt, fast; /* retransmissions of its sender */
};

static struct before look_before(const struct segment *g)
{
	const struct sonde_flow_odd_side *odd = odd_there(g, g->side);
	return (struct before){
		.outstanding = g->s->known && g->s->acked != g->s->next,
		.closed = (g->s->spoke && g->s->win == 0) || (g->len && g->o->spoke && g->o->win == 0),
		.rexmt = odd ? odd->rexmt_packets : 0,
		.fast = odd ? odd->classes[SONDE_BY_FAST] : 0,
	};
}

static enum sonde_stall_cause cause_of(const struct segment *g, const struct before *before)
{
	const struct sonde_flow_odd_side *odd = odd_there(g, g->side);
	bool server = g->side != g->f->began;
	if (odd && odd->classes[SONDE_BY_FAST] > before->fast)
		return SONDE_STALL_FAST;
	if (odd && odd->rexmt_packets > before->rexmt)
		return SONDE_STALL_TIMEOUT;
	if (before->closed)
		return SONDE_STALL_WINDOW;
	if ((g->syn && g->has_ack) || (g->len && before->outstanding) || (!g->len && !g->syn && !g->fin && !g->rst))
		return SONDE_STALL_PATH;
	return server ? SONDE_STALL_SERVER : SONDE_STALL_CLIENT;
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

void sonde_flow_track_tcp(struct sonde_tracked *t, struct sonde_flow_tcp *tcp)
{
	const struct sonde_ends *e = t->ends;
	uint32_t flags = e->tcp_flags;
	struct segment g = {
		.t = t, .f = t->flow, .tcp = tcp, .s = &tcp->sides[t->side], .o = &tcp->sides[!t->side],
		.side = t->side, .seq = e->seq, .ack = e->ack, .len = e->payload_len,
		.syn = flags & SONDE_TCP_SYN, .fin = flags & SONDE_TCP_FIN, .rst = flags & SONDE_TCP_RST,
		.has_ack = flags & SONDE_TCP_ACK_FLAG,
	};
	g.end = g.seq + g.len + g.syn + g.fin;
	const bool finds_stalls = t->pools->finds_stalls;
	const struct before before = finds_stalls ? look_before(&g) : (struct before){ .rexmt = 0 };
	g.s->data_packets += g.len > 0;
	write_history(&g);
	learn_numbers(&g);
	if (e->payload_offset - e->transport_offset > PLAIN_LEN)
		read_options(&g);
	uint32_t window = scaled_window(&g);
	time_handshake(&g);
	take_ack(&g, window);
	take_window(&g, window);
	take_data(&g);
	change_state(&g);
	if (g.rst)
		g.s->rst = g.seq;
	if (g.fin)
		g.s->fin = 1;
	if (g.fin || g.rst)
		g.f->closed = is_closed(tcp);
	if (g.len)
		g.s->last_id = ip_id(&g);
	if (t->pools->finds_details)
		sonde_flow_track_details(t, tcp);
	if (finds_stalls)
		sonde_flow_track_stall(t, cause_of(&g, &before), g.len > 0);
}
