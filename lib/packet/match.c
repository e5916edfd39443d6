#include "packet/match.h"

#include "proto/arp.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define SHOWN 8 /* bytes of a transport header that every error quotes (RFC 792) */

/* The IP layer and what it carries, of a packet or of the packet quoted in it. */
struct ends {
	const uint8_t *ip, *transport; /* headers; NULL: not there */
	const struct sonde_proto *ip_layer, *transport_layer;
	uint32_t transport_there;      /* bytes of the transport header that are there */
	int ip_index, index;           /* of the IP and the transport layer */
	struct sonde_addr src, dst;
};

static bool is_transport(const struct sonde_proto *p)
{
	return p == &sonde_tcp || p == &sonde_udp || p == &sonde_icmp || p == &sonde_icmp6 || p == &sonde_sctp;
}

/* The innermost IP layer with its transport, outside the quote or inside it. */
static bool find_ends(struct ends *e, const struct sonde_packet *p, bool quoted)
{
	*e = (struct ends){ .index = -1 };
	for (int i = 0; i < p->n_layers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (l->quoted != quoted)
			continue;
		if ((l->proto == &sonde_ip || l->proto == &sonde_ip6) && !l->cut) {
			e->ip = p->data + l->offset;
			e->ip_layer = l->proto;
			e->ip_index = i;
			e->transport = NULL;
		} else if (e->ip && is_transport(l->proto)) {
			e->transport = p->data + l->offset;
			e->transport_layer = l->proto;
			e->transport_there = l->header_len;
			e->index = i;
		}
	}
	if (!e->ip)
		return false;
	e->src = sonde_addr_at(e->ip, e->ip_layer->src_place);
	e->dst = sonde_addr_at(e->ip, e->ip_layer->dst_place);
	return true;
}

/* The same of what an ICMP error quotes. */
static bool find_quote(struct ends *q, const struct sonde_packet *got, const struct ends *e)
{
	return e->transport && e->transport_layer->quotes && e->transport_layer->quotes(e->transport) &&
	       find_ends(q, got, true);
}

static bool is_icmp(const struct sonde_proto *p)
{
	return p == &sonde_icmp || p == &sonde_icmp6;
}

static uint8_t carried_proto(const struct ends *e)
{
	if (e->transport)
		return (uint8_t)sonde_number_in(e->transport_layer, SONDE_SPACE_IP, 0);
	return (uint8_t)(e->ip_layer == &sonde_ip ? sonde_get(e->ip, SONDE_IP_PROTO)
						  : sonde_get(e->ip, SONDE_IP6_NEXT));
}

/* --- What was asked ---------------------------------------------------------------------------------------------- */

static void ask_tcp(struct sonde_ask *ask, const struct sonde_packet *p, const struct ends *e)
{
	const struct sonde_layer *l = &p->layers[e->index];
	uint32_t flags = (uint32_t)sonde_get(e->transport, SONDE_TCP_FLAGS);
	ask->seq = (uint32_t)sonde_get(e->transport, SONDE_TCP_SEQ);
	ask->ack = (uint32_t)sonde_get(e->transport, SONDE_TCP_ACK);
	ask->seq_end =
		ask->seq + (l->total_len - l->header_len) + !!(flags & SONDE_TCP_SYN) + !!(flags & SONDE_TCP_FIN);
	if (flags & SONDE_TCP_ACK_FLAG)
		ask->asked = SONDE_ASKED_ACK;
	else if (flags & SONDE_TCP_SYN)
		ask->asked = SONDE_ASKED_SYN;
	else if (!(flags & SONDE_TCP_RST))
		ask->asked = SONDE_ASKED_FIN;
}

static void ask_icmp(struct sonde_ask *ask, const struct sonde_packet *p, const struct ends *e)
{
	bool solicits = e->transport_layer == &sonde_icmp6 && e->transport[0] == SONDE_ICMP6_NEIGHBOUR_SOLICIT;
	ask->icmp_type = e->transport[0];
	ask->id = (uint16_t)sonde_get(e->transport, SONDE_ICMP_ID);
	ask->icmp_seq = (uint16_t)sonde_get(e->transport, SONDE_ICMP_SEQ);
	ask->asked = solicits ? SONDE_ASKED_ND : SONDE_ASKED_ECHO;
	if (solicits)
		ask->target = sonde_row_addr(p, e->index, SONDE_ICMP6_TARGET);
}

int sonde_ask_of(struct sonde_ask *out, const struct sonde_packet *sent)
{
	struct ends e;
	*out = (struct sonde_ask){ .asked = SONDE_ASKED_OTHER };
	int arp = sonde_find(sent, &sonde_arp);
	if (arp >= 0) {
		out->asked = SONDE_ASKED_ARP;
		out->src = sonde_row_addr(sent, arp, SONDE_ARP_SPA);
		out->dst = sonde_row_addr(sent, arp, SONDE_ARP_TPA);
		return 0;
	}
	if (!find_ends(&e, sent, false))
		return SONDE_E_UNSUPPORTED;
	out->src = e.src;
	out->dst = e.dst;
	out->any_source = sonde_addr_is_multicast(&e.dst) || (e.ip_layer == &sonde_ip && e.dst.bytes[3] == 255);
	out->ip_proto = carried_proto(&e);
	if (!e.transport || e.transport_there < SHOWN)
		return 0;
	if (is_icmp(e.transport_layer)) {
		ask_icmp(out, sent, &e);
		return 0;
	}
	out->sport = (uint16_t)sonde_get(e.transport, SONDE_TCP_SPORT);
	out->dport = (uint16_t)sonde_get(e.transport, SONDE_TCP_DPORT);
	if (e.transport_layer == &sonde_tcp && !sent->layers[e.index].cut)
		ask_tcp(out, sent, &e);
	else if (e.transport_layer == &sonde_udp)
		out->asked = SONDE_ASKED_UDP;
	else if (e.transport_layer == &sonde_sctp)
		out->asked = SONDE_ASKED_SCTP;
	return 0;
}

struct sonde_pair sonde_ask_pair(const struct sonde_ask *ask)
{
	return (struct sonde_pair){ { ask->src, ask->sport }, { ask->dst, ask->dport }, ask->ip_proto };
}

/* --- Which question it may answer -------------------------------------------------------------------------------- */

/* Our number in a transport header: of a quote we are the source, of an answer the destination. */
static uint16_t our_number(const struct ends *e, bool quoted)
{
	if (!e->transport || e->transport_there < SHOWN)
		return 0;
	if (is_icmp(e->transport_layer))
		return (uint16_t)sonde_get(e->transport, SONDE_ICMP_SEQ);
	return (uint16_t)sonde_get(e->transport, quoted ? SONDE_TCP_SPORT : SONDE_TCP_DPORT);
}

bool sonde_answer_key(struct sonde_answer_key *out, const struct sonde_packet *got)
{
	struct ends e, q;
	*out = (struct sonde_answer_key){ .number = 0 };
	int arp = sonde_find(got, &sonde_arp);
	if (arp >= 0) {
		out->asked = sonde_row_addr(got, arp, SONDE_ARP_SPA);
		return out->asked.family != SONDE_NO_ADDR;
	}
	if (!find_ends(&e, got, false))
		return false;
	bool quoted = find_quote(&q, got, &e);
	const struct sonde_layer *ip = &got->layers[e.ip_index];
	out->asked = quoted ? q.dst : e.src;
	out->number = our_number(quoted ? &q : &e, quoted);
	out->ttl = (uint8_t)(e.ip_layer == &sonde_ip ? sonde_get(e.ip, SONDE_IP_TTL) : sonde_get(e.ip, SONDE_IP6_HLIM));
	out->size = ip->total_len - ip->header_len;
	return true;
}

/* --- Direct answers ---------------------------------------------------------------------------------------------- */

/* RFC 9293, 3.10.7.3: what acknowledges our segment. Some stacks answer a SYN with ack one too low (an RST of the
 * sequence number itself), so both are taken for RST. */
static enum sonde_answer tcp_answer(const struct sonde_ask *ask, const uint8_t *tcp)
{
	uint32_t flags = (uint32_t)sonde_get(tcp, SONDE_TCP_FLAGS), ack = (uint32_t)sonde_get(tcp, SONDE_TCP_ACK);
	bool has_ack = flags & SONDE_TCP_ACK_FLAG;
	if (flags & SONDE_TCP_RST) {
		bool acks = has_ack && (ack == ask->seq_end || ack == ask->seq);
		bool continues = !has_ack && (uint32_t)sonde_get(tcp, SONDE_TCP_SEQ) == ask->ack;
		return acks || continues ? SONDE_ANSWER_RST : SONDE_SILENCE;
	}
	/* A segment of this connection acknowledges something between what we sent first and last. */
	if (!has_ack || (uint32_t)(ack - ask->seq) > (uint32_t)(ask->seq_end - ask->seq))
		return SONDE_SILENCE;
	if (flags & SONDE_TCP_SYN)
		return ack == ask->seq_end ? SONDE_ANSWER_SYN_ACK : SONDE_SILENCE;
	return SONDE_ANSWER_TCP;
}

static bool is_icmp_reply(const struct sonde_ask *ask, uint8_t type)
{
	switch (ask->icmp_type) {
	case SONDE_ICMP_ECHO: return type == SONDE_ICMP_ECHO_REPLY;
	case SONDE_ICMP_ROUTER_SOLICIT: return type == SONDE_ICMP_ROUTER_ADVERT;
	case SONDE_ICMP_XECHO: return type == SONDE_ICMP_XECHO_REPLY;
	default: return type == ask->icmp_type + 1;
	}
}

static bool same_id(const struct sonde_ask *ask, const struct ends *e)
{
	return sonde_get(e->transport, SONDE_ICMP_ID) == ask->id &&
	       sonde_get(e->transport, SONDE_ICMP_SEQ) == ask->icmp_seq;
}

static enum sonde_answer icmp_answer(const struct sonde_ask *ask, const struct ends *e)
{
	bool is_query = ask->icmp_type != SONDE_ICMP_ROUTER_SOLICIT;
	bool answers = is_icmp_reply(ask, e->transport[0]) && (same_id(ask, e) || !is_query);
	return answers ? SONDE_ANSWER_ECHO : SONDE_SILENCE;
}

static enum sonde_answer icmp6_answer(const struct sonde_ask *ask, const struct sonde_packet *got, const struct ends *e)
{
	uint8_t type = e->transport[0];
	if (ask->asked == SONDE_ASKED_ND) {
		struct sonde_addr told = sonde_row_addr(got, e->index, SONDE_ICMP6_TARGET);
		bool same = told.family && sonde_addr_equal_bytes(&told, &ask->target);
		return type == SONDE_ICMP6_NEIGHBOUR_ADVERT && same ? SONDE_ANSWER_ND : SONDE_SILENCE;
	}
	if (ask->icmp_type == SONDE_ICMP6_ROUTER_SOLICIT)
		return type == SONDE_ICMP6_ROUTER_ADVERT ? SONDE_ANSWER_ECHO : SONDE_SILENCE;
	return type == ask->icmp_type + 1 && same_id(ask, e) ? SONDE_ANSWER_ECHO : SONDE_SILENCE;
}

static enum sonde_answer sctp_answer(const uint8_t *sctp, uint32_t there)
{
	enum { HEADER = 12, INIT_ACK = 2, ABORT = 6 };
	if (there <= HEADER)
		return SONDE_SILENCE;
	return sctp[HEADER] == INIT_ACK ? SONDE_ANSWER_SCTP_ACK
	       : sctp[HEADER] == ABORT  ? SONDE_ANSWER_SCTP_ABORT
					: SONDE_ANSWER_IP;
}

static bool same_ports(const struct sonde_ask *ask, const struct ends *e)
{
	return sonde_get(e->transport, SONDE_TCP_SPORT) == ask->dport &&
	       sonde_get(e->transport, SONDE_TCP_DPORT) == ask->sport;
}

static enum sonde_answer transport_answer(const struct sonde_ask *ask, const struct sonde_packet *got,
					  const struct ends *e)
{
	if (e->transport_there < SHOWN || (got->layers[e->index].cut && e->transport_layer == &sonde_tcp))
		return SONDE_SILENCE;
	if (e->transport_layer == &sonde_icmp)
		return icmp_answer(ask, e);
	if (e->transport_layer == &sonde_icmp6)
		return icmp6_answer(ask, got, e);
	if (!same_ports(ask, e))
		return SONDE_SILENCE;
	if (e->transport_layer == &sonde_tcp)
		return tcp_answer(ask, e->transport);
	return e->transport_layer == &sonde_udp ? SONDE_ANSWER_UDP : sctp_answer(e->transport, e->transport_there);
}

/* To what has no answer of its own: whatever comes back of that protocol; between ports, if it has any (an RST). */
static enum sonde_answer other_answer(const struct sonde_ask *ask, const struct ends *e)
{
	bool ports = ask->sport || ask->dport;
	if (ask->ip_proto && carried_proto(e) != ask->ip_proto)
		return SONDE_SILENCE;
	return !ports || (e->transport && e->transport_there >= SHOWN && same_ports(ask, e)) ? SONDE_ANSWER_IP
											     : SONDE_SILENCE;
}

static enum sonde_answer direct_answer(const struct sonde_ask *ask, const struct sonde_packet *got,
				       const struct ends *e)
{
	bool from = ask->any_source || sonde_addr_equal_bytes(&e->src, &ask->dst) || ask->asked == SONDE_ASKED_ND;
	if (!from || !sonde_addr_equal_bytes(&e->dst, &ask->src))
		return SONDE_SILENCE;
	if (ask->asked == SONDE_ASKED_OTHER)
		return other_answer(ask, e);
	if (!e->transport || carried_proto(e) != ask->ip_proto)
		return SONDE_SILENCE;
	return transport_answer(ask, got, e);
}

static enum sonde_answer arp_answer(const struct sonde_ask *ask, const struct sonde_packet *got, int arp)
{
	struct sonde_addr from = sonde_row_addr(got, arp, SONDE_ARP_SPA);
	bool same = from.family && sonde_addr_equal_bytes(&from, &ask->dst);
	return same && sonde_get(sonde_layer_header(got, arp), SONDE_ARP_OP) == SONDE_ARP_REPLY ? SONDE_ANSWER_ARP
												: SONDE_SILENCE;
}

/* --- ICMP errors ------------------------------------------------------------------------------------------------- */

static enum sonde_answer unreach_answer(uint8_t code)
{
	switch (code) {
	case 2: return SONDE_ANSWER_PROTOCOL;
	case 3: return SONDE_ANSWER_PORT;
	case 4: return SONDE_ANSWER_TOO_BIG;
	case 9: case 10: case 13: return SONDE_ANSWER_PROHIBITED;
	case 0: case 1: case 5: case 6: case 7: case 8: case 11: case 12: return SONDE_ANSWER_HOST;
	default: return SONDE_ANSWER_ERROR;
	}
}

static enum sonde_answer icmp_error(uint8_t type, uint8_t code)
{
	switch (type) {
	case SONDE_ICMP_UNREACH: return unreach_answer(code);
	case SONDE_ICMP_TIMXCEED: return code == 0 ? SONDE_ANSWER_TTL : SONDE_ANSWER_REASSEMBLY;
	case SONDE_ICMP_PARAMPROB: return SONDE_ANSWER_PARAMETER;
	case SONDE_ICMP_REDIRECT: return SONDE_ANSWER_REDIRECT;
	default: return SONDE_ANSWER_ERROR;
	}
}

static enum sonde_answer icmp6_error(uint8_t type, uint8_t code)
{
	switch (type) {
	case SONDE_ICMP6_UNREACH:
		/* RFC 4443, 3.1: 1, 5 and 6 are a filter's words, 4 is the target's. */
		return code == 4                             ? SONDE_ANSWER_PORT
		       : code == 1 || code == 5 || code == 6 ? SONDE_ANSWER_PROHIBITED
							     : SONDE_ANSWER_HOST;
	case SONDE_ICMP6_TOO_BIG: return SONDE_ANSWER_TOO_BIG;
	case SONDE_ICMP6_TIMXCEED: return code == 0 ? SONDE_ANSWER_TTL : SONDE_ANSWER_REASSEMBLY;
	case SONDE_ICMP6_PARAMPROB: return code == 1 ? SONDE_ANSWER_PROTOCOL : SONDE_ANSWER_PARAMETER;
	default: return SONDE_ANSWER_ERROR;
	}
}

/* Whether the first 8 bytes of the quoted transport header are ours. */
static bool quotes_our_transport(const struct sonde_ask *ask, const struct ends *q)
{
	if (!q->transport)
		return ask->asked == SONDE_ASKED_OTHER;
	if (q->transport_there < SHOWN)
		return false;
	if (is_icmp(q->transport_layer))
		return q->transport[0] == ask->icmp_type && same_id(ask, q);
	if (sonde_get(q->transport, SONDE_TCP_SPORT) != ask->sport ||
	    sonde_get(q->transport, SONDE_TCP_DPORT) != ask->dport)
		return false;
	return q->transport_layer != &sonde_tcp || sonde_get(q->transport, SONDE_TCP_SEQ) == ask->seq;
}

static enum sonde_answer error_answer(const struct sonde_ask *ask, const struct sonde_packet *got, const struct ends *e)
{
	struct ends q;
	if (!find_quote(&q, got, e))
		return SONDE_SILENCE;
	bool ours = sonde_addr_equal_bytes(&q.src, &ask->src) && sonde_addr_equal_bytes(&q.dst, &ask->dst) &&
		    (ask->ip_proto == 0 || carried_proto(&q) == ask->ip_proto) && quotes_our_transport(ask, &q);
	if (!ours)
		return SONDE_SILENCE;
	return e->transport_layer == &sonde_icmp ? icmp_error(e->transport[0], e->transport[1])
						 : icmp6_error(e->transport[0], e->transport[1]);
}

/* --- The judgement ----------------------------------------------------------------------------------------------- */

static bool any_wrong_checksum(const struct sonde_packet *got)
{
	for (int i = 0; i < got->n_layers; i++)
		if (!got->layers[i].quoted && sonde_verify(got, i) == SONDE_SUM_WRONG)
			return true;
	return false;
}

static enum sonde_answer find_answer(struct sonde_match *out, const struct sonde_ask *ask,
				     const struct sonde_packet *got)
{
	struct ends e;
	int arp = sonde_find(got, &sonde_arp);
	if (ask->asked == SONDE_ASKED_ARP) {
		if (arp < 0)
			return SONDE_SILENCE;
		out->from = ask->dst;
		return arp_answer(ask, got, arp);
	}
	if (!find_ends(&e, got, false))
		return SONDE_SILENCE;
	out->from = e.src;
	enum sonde_answer answer = error_answer(ask, got, &e);
	return answer == SONDE_SILENCE ? direct_answer(ask, got, &e) : answer;
}

bool sonde_match(struct sonde_match *out, const struct sonde_ask *ask, const struct sonde_packet *got)
{
	*out = (struct sonde_match){ .answer = SONDE_SILENCE };
	enum sonde_answer answer = find_answer(out, ask, got);
	if (answer == SONDE_SILENCE)
		return false;
	if (any_wrong_checksum(got)) {
		out->wrong_checksum = true;
		return false;
	}
	out->answer = answer;
	out->from_target = sonde_addr_equal_bytes(&out->from, &ask->dst);
	out->rule = sonde_rule_for(ask->asked, answer);
	return true;
}
