#include "packet/match.h"

#include "base/hash.h"
#include "proto/ip.h"

#define QUOTED_LEN 8 /* bytes of a transport header that every error quotes (RFC 792) */

/* The innermost IP layer and what it carries, in a packet or in the packet that it quotes. */
struct ends {
	int ip, transport; /* layers; -1: absent, or too much cut off */
	int message;       /* the layer above the transport that identifies answers; -1: none */
	struct sonde_addr src, dst;
	uint8_t ip_proto;  /* what IP carries */
};

static bool is_transport(const struct sonde_proto *p)
{
	return p->answer && sonde_number_in(p, SONDE_SPACE_IP, UINT32_MAX) != UINT32_MAX;
}

/* The protocol number in the IP header. */
static uint8_t carried_proto(const struct sonde_packet *p, int ip, int transport)
{
	const struct sonde_layer *l = &p->layers[ip];
	if (transport >= 0)
		return (uint8_t)sonde_number_in(p->layers[transport].proto, SONDE_SPACE_IP, 0);
	return (uint8_t)sonde_get(p->data + l->offset, l->proto->next);
}

static bool find_ends(struct ends *e, const struct sonde_packet *p, bool quoted)
{
	*e = (struct ends){ .ip = -1, .transport = -1, .message = -1 };
	for (int i = 0; i < p->n_layers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (l->quoted != quoted)
			continue;
		if (SONDE_WIDTH(l->proto->dst_place) && !l->cut) {
			e->ip = i;
			e->transport = e->message = -1;
		} else if (e->ip >= 0 && is_transport(l->proto)) {
			e->transport = i;
			e->message = -1;
		} else if (e->transport >= 0 && l->proto->answer && !l->cut) {
			e->message = i;
		}
	}
	if (e->ip < 0)
		return false;
	const struct sonde_layer *ip = &p->layers[e->ip];
	e->src = sonde_addr_at(p->data + ip->offset, ip->proto->src_place);
	e->dst = sonde_addr_at(p->data + ip->offset, ip->proto->dst_place);
	e->ip_proto = carried_proto(p, e->ip, e->transport);
	return true;
}

/* Whether another IP packet encloses it, on the same side of a quote. */
static bool is_in_tunnel(const struct sonde_packet *p, const struct ends *e)
{
	for (int i = 0; i < e->ip; i++)
		if (p->layers[i].quoted == p->layers[e->ip].quoted && SONDE_WIDTH(p->layers[i].proto->dst_place))
			return true;
	return false;
}

/* A hash of the outermost IP header and 8 bytes after it: what every ICMP error quotes and routers do not change; 0
 * when too little is present. The identification distinguishes packets in the same tunnel. */
static uint32_t hash_outermost(const struct sonde_packet *p, bool quoted)
{
	uint8_t seen[2 * 16 + 4 + QUOTED_LEN] = { 0 };
	int i = 0;
	while (i < p->n_layers && (p->layers[i].quoted != quoted || !SONDE_WIDTH(p->layers[i].proto->dst_place)))
		i++;
	const struct sonde_layer *l = &p->layers[i];
	if (i == p->n_layers || l->cut || l->have_len < l->header_len + QUOTED_LEN)
		return 0;
	const uint8_t *header = p->data + l->offset;
	uint32_t size = SONDE_WIDTH(l->proto->dst_place) / 8;
	memcpy(seen, header + SONDE_FIRST(l->proto->src_place) / 8, 2 * size);
	seen[32] = (uint8_t)size;
	seen[33] = (uint8_t)sonde_get(header, l->proto->next);
	sonde_put_be16(seen + 34, l->proto == &sonde_ip ? (uint16_t)sonde_get(header, SONDE_IP_ID) : 0);
	memcpy(seen + 36, header + l->header_len, QUOTED_LEN);
	return (uint32_t)sonde_siphash((struct sonde_key){ 0, 0 }, sonde_view(seen, sizeof seen)) | 1;
}

/* The transport layer, if enough of it is present to identify the packet. */
static const struct sonde_layer *usable_transport(const struct sonde_packet *p, const struct ends *e)
{
	const struct sonde_layer *l = e->transport >= 0 ? &p->layers[e->transport] : NULL;
	return l && l->header_len >= QUOTED_LEN ? l : NULL;
}

/* The layer (ARP) that asks for a link address or answers, or -1. */
static int find_link_question(const struct sonde_packet *p)
{
	for (int i = p->n_layers - 1; i >= 0; i--)
		if (!p->layers[i].quoted && p->layers[i].proto->answer && p->layers[i].proto->network)
			return i;
	return -1;
}

/* --- Questions --------------------------------------------------------------------------------------------------- */

/* A multicast group, or the limited broadcast address. */
static bool is_group(const struct sonde_addr *a)
{
	return sonde_addr_is_multicast(a) || (a->family == SONDE_IP4 && sonde_get_be32(a->bytes) == UINT32_MAX);
}

/* For a packet in a tunnel, sent->delivery tells nothing about the inner packet. */
static bool is_for_many(const struct sonde_packet *sent, const struct ends *e)
{
	bool guess = e->dst.family == SONDE_IP4 && e->dst.bytes[3] == 255;
	uint8_t reach = is_in_tunnel(sent, e) ? SONDE_DELIVERY_UNKNOWN : sent->delivery;
	return is_group(&e->dst) || (reach == SONDE_DELIVERY_UNKNOWN ? guess : reach == SONDE_DELIVERY_BROADCAST);
}

int sonde_question_of(struct sonde_question *out, const struct sonde_packet *sent)
{
	struct ends e;
	*out = (struct sonde_question){ .kind = SONDE_ASKS_OTHER };
	int link = find_link_question(sent);
	if (link >= 0) {
		struct sonde_context c = sonde_context_of(sent, link);
		sent->layers[link].proto->question(out, &c);
		return 0;
	}
	if (!find_ends(&e, sent, false))
		return SONDE_E_UNSUPPORTED;
	out->src = e.src;
	out->dst = e.dst;
	out->any_source = is_for_many(sent, &e);
	out->ip_proto = e.ip_proto;
	out->outermost = is_in_tunnel(sent, &e) ? hash_outermost(sent, false) : 0;
	if (usable_transport(sent, &e)) {
		struct sonde_context c = sonde_context_of(sent, e.transport);
		c.layer->proto->question(out, &c);
	}
	if (e.message >= 0) {
		struct sonde_context c = sonde_context_of(sent, e.message);
		out->message_proto = c.layer->proto;
		out->message_proto->question(out, &c);
	}
	return 0;
}

struct sonde_pair sonde_question_pair(const struct sonde_question *q)
{
	return (struct sonde_pair){ { q->src, q->sport }, { q->dst, q->dport }, q->ip_proto };
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

/* Find the packet that an ICMP error quotes. */
static bool find_quote(struct ends *quote, const struct sonde_packet *got, const struct ends *e)
{
	const struct sonde_layer *l = e->transport >= 0 ? &got->layers[e->transport] : NULL;
	return l && l->proto->quotes && !l->cut && l->proto->quotes(got->data + l->offset) &&
	       find_ends(quote, got, true);
}

/* The number of the transport header that a question and its answers share. A quote was sent by us, an answer was
 * not. */
static uint32_t our_number(const struct sonde_packet *p, const struct ends *e, bool quoted)
{
	const struct sonde_layer *l = usable_transport(p, e);
	if (!l || !l->proto->number)
		return 0;
	struct sonde_context c = sonde_context_of(p, e->transport);
	return l->proto->number(&c, quoted);
}

struct sonde_question_key sonde_question_key(const struct sonde_question *q)
{
	bool has_ports = q->sport || q->dport;
	struct sonde_question_key key = {
		.number = has_ports ? (uint32_t)q->sport << 16 | q->dport : (uint32_t)q->id << 16 | q->count,
	};
	if (q->kind == SONDE_ASKS_ND)
		key.host = q->target;
	else if (!q->any_source)
		key.host = q->dst;
	return key;
}

bool sonde_question_equal(const struct sonde_question *a, const struct sonde_question *b)
{
	return a->kind == b->kind && a->ip_proto == b->ip_proto && a->icmp_type == b->icmp_type && a->id == b->id &&
	       a->count == b->count && a->sport == b->sport && a->dport == b->dport && a->seq == b->seq &&
	       a->ack == b->ack && a->tag == b->tag && sonde_addr_equal_bytes(&a->src, &b->src) &&
	       sonde_addr_equal_bytes(&a->dst, &b->dst) && sonde_addr_equal_bytes(&a->target, &b->target);
}

bool sonde_answer_key(struct sonde_answer_key *out, const struct sonde_packet *got)
{
	struct ends e, quote;
	*out = (struct sonde_answer_key){ .ttl = 0 };
	int link = find_link_question(got);
	if (link >= 0) {
		/* The key of the question is the sender's address, which stands where that of the answer does. */
		struct sonde_question q = { .kind = SONDE_ASKS_OTHER };
		struct sonde_context c = sonde_context_of(got, link);
		c.layer->proto->question(&q, &c);
		out->question.host = q.src;
		return q.src.family != SONDE_NO_ADDR;
	}
	if (!find_ends(&e, got, false))
		return false;
	bool quoted = find_quote(&quote, got, &e);
	const struct sonde_layer *ip = &got->layers[e.ip];
	out->question = (struct sonde_question_key){
		.host = quoted ? quote.dst : e.src,
		.number = our_number(got, quoted ? &quote : &e, quoted),
	};
	out->outermost = quoted ? hash_outermost(got, true) : 0;
	out->ttl = (uint8_t)sonde_get(got->data + ip->offset, ip->proto->ttl_place);
	out->size = ip->total_len - ip->header_len;
	return true;
}

/* For protocols without a description of their answers: any packet of that protocol counts, between the same ports if
 * there are any (an RST). */
static enum sonde_answer other_answer(const struct sonde_question *q, const struct sonde_packet *got,
				      const struct ends *e)
{
	bool ports = q->sport || q->dport;
	if (q->ip_proto && e->ip_proto != q->ip_proto)
		return SONDE_SILENCE;
	const struct sonde_layer *l = ports ? usable_transport(got, e) : NULL;
	if (!ports)
		return SONDE_ANSWER_IP;
	const uint8_t *header = l ? got->data + l->offset : NULL;
	bool same = l && sonde_get_be16(header) == q->dport && sonde_get_be16(header + 2) == q->sport;
	return same ? SONDE_ANSWER_IP : SONDE_SILENCE;
}

/* An answer is sent to who asked. To a question for a group, it may be sent to the group (RFC 2131, 4.1: a DHCP offer;
 * RFC 4861, 6.2.6: a router advertisement); and a client without an address may be answered at the one that it will
 * get. */
static bool is_between(const struct sonde_question *q, const struct ends *e)
{
	bool from = q->any_source || q->kind == SONDE_ASKS_ND || sonde_addr_equal_bytes(&e->src, &q->dst);
	bool to_group = is_group(&e->dst) || sonde_addr_equal_bytes(&e->dst, &q->dst);
	bool to = sonde_addr_equal_bytes(&e->dst, &q->src) || (q->any_source && to_group) ||
		  (q->message_proto && sonde_addr_is_unspecified(&q->src));
	return from && to;
}

/* The answer of a message that more than ports identify; protocols that answer each other share the hook. */
static enum sonde_answer message_answer(const struct sonde_question *q, const struct sonde_packet *got,
					const struct ends *e)
{
	if (e->message < 0 || got->layers[e->message].proto->answer != q->message_proto->answer)
		return SONDE_SILENCE;
	struct sonde_context c = sonde_context_of(got, e->message);
	return q->message_proto->answer(q, &c);
}

static enum sonde_answer direct_answer(const struct sonde_question *q, const struct sonde_packet *got,
				       const struct ends *e)
{
	if (!is_between(q, e))
		return SONDE_SILENCE;
	if (q->kind == SONDE_ASKS_OTHER)
		return other_answer(q, got, e);
	if (q->message_proto)
		return message_answer(q, got, e);
	const struct sonde_layer *l = usable_transport(got, e);
	if (!l || e->ip_proto != q->ip_proto)
		return SONDE_SILENCE;
	struct sonde_context c = sonde_context_of(got, e->transport);
	return l->proto->answer(q, &c);
}

/* Whether the quoted transport header is the question's, by its first 8 bytes. */
static bool quotes_our_transport(const struct sonde_question *q, const struct sonde_packet *got,
				 const struct ends *quote)
{
	if (quote->transport < 0)
		return q->kind == SONDE_ASKS_OTHER;
	const struct sonde_layer *l = usable_transport(got, quote);
	struct sonde_context c = sonde_context_of(got, quote->transport);
	return l && l->proto->is_question(q, &c);
}

static enum sonde_answer error_answer(const struct sonde_question *q, const struct sonde_packet *got,
				      const struct ends *e)
{
	struct ends quote;
	if (!find_quote(&quote, got, e))
		return SONDE_SILENCE;
	bool ours = sonde_addr_equal_bytes(&quote.src, &q->src) && sonde_addr_equal_bytes(&quote.dst, &q->dst) &&
		    (q->ip_proto == 0 || quote.ip_proto == q->ip_proto) && quotes_our_transport(q, got, &quote);
	/* A router inside a tunnel may quote too little of the inner packet. */
	bool inside = is_in_tunnel(got, &quote) && usable_transport(got, &quote);
	if (q->outermost && !inside)
		ours = hash_outermost(got, true) == q->outermost;
	const struct sonde_layer *l = &got->layers[e->transport];
	return ours ? l->proto->error(got->data + l->offset) : SONDE_SILENCE;
}

/* --- The judgement ----------------------------------------------------------------------------------------------- */

static bool any_wrong_checksum(const struct sonde_packet *got)
{
	for (int i = 0; i < got->n_layers; i++)
		if (!got->layers[i].quoted && sonde_verify(got, i) == SONDE_SUM_WRONG)
			return true;
	return false;
}

static enum sonde_answer find_answer(struct sonde_match *out, const struct sonde_question *q,
				     const struct sonde_packet *got)
{
	struct ends e;
	int link = find_link_question(got);
	if (q->kind == SONDE_ASKS_ARP) {
		if (link < 0)
			return SONDE_SILENCE;
		out->from = q->dst;
		struct sonde_context c = sonde_context_of(got, link);
		return c.layer->proto->answer(q, &c);
	}
	if (!find_ends(&e, got, false))
		return SONDE_SILENCE;
	out->from = e.src;
	enum sonde_answer answer = error_answer(q, got, &e);
	return answer == SONDE_SILENCE ? direct_answer(q, got, &e) : answer;
}

/* Compare the data of a reply with that of the request: the reply, read as a question, tells it. */
static const char *judge_data(const struct sonde_question *q, const struct sonde_packet *got)
{
	struct sonde_question back;
	if (!q->has_data || sonde_question_of(&back, got) || !back.has_data)
		return NULL;
	return back.data_len < q->data_len     ? "its data came back short"
	       : back.data_len > q->data_len   ? "its data came back longer"
	       : back.data_hash != q->data_hash ? "its data came back altered"
						: NULL;
}

bool sonde_match(struct sonde_match *out, const struct sonde_question *q, const struct sonde_packet *got)
{
	*out = (struct sonde_match){ .answer = SONDE_SILENCE };
	enum sonde_answer answer = find_answer(out, q, got);
	if (answer == SONDE_SILENCE)
		return false;
	if (any_wrong_checksum(got)) {
		out->wrong_checksum = true;
		return false;
	}
	out->answer = answer;
	out->from_target = sonde_addr_equal_bytes(&out->from, &q->dst);
	out->rule = sonde_rule_for(q->kind, answer, out->from_target);
	out->remark = answer == SONDE_ANSWER_ECHO ? judge_data(q, got) : NULL;
	return true;
}
