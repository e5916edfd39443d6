#include "base/hash.h"
#include "base/text.h"
#include "packet/notation.h"
#include "packet/spec.h"
#include "probe/scan_state.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define STREAM 4 /* of the seed's random numbers: tokens; 0 is for ports */

/* What each kind of packet is, behind its IP header. A SYN without MSS is dropped by some firewalls. */
static const struct kind {
	enum sonde_scan_carrier carrier;
	enum sonde_question_kind asks;
	uint8_t ip_proto, ip6_proto;
	const char *packet, *packet6; /* in IPv6, if it is another */
} kinds[SONDE_N_SCANS] = {
	[SONDE_SCAN_SYN] = { SONDE_CARRIED_TCP, SONDE_ASKS_SYN, 6, 6, "tcp flags=S options=mss:1460", NULL },
	[SONDE_SCAN_ACK] = { SONDE_CARRIED_TCP, SONDE_ASKS_ACK, 6, 6, "tcp flags=A", NULL },
	[SONDE_SCAN_WINDOW] = { SONDE_CARRIED_TCP, SONDE_ASKS_WINDOW, 6, 6, "tcp flags=A", NULL },
	[SONDE_SCAN_FIN] = { SONDE_CARRIED_TCP, SONDE_ASKS_FIN, 6, 6, "tcp flags=F", NULL },
	[SONDE_SCAN_NULL] = { SONDE_CARRIED_TCP, SONDE_ASKS_FIN, 6, 6, "tcp flags=0", NULL },
	[SONDE_SCAN_XMAS] = { SONDE_CARRIED_TCP, SONDE_ASKS_FIN, 6, 6, "tcp flags=FPU", NULL },
	[SONDE_SCAN_CONNECT] = { SONDE_CARRIED_TCP, SONDE_ASKS_CONNECT, 6, 6, "tcp flags=S options=mss:1460", NULL },
	[SONDE_SCAN_UDP] = { SONDE_CARRIED_UDP, SONDE_ASKS_UDP, 17, 17, "udp", NULL },
	[SONDE_SCAN_SCTP] = { SONDE_CARRIED_SCTP, SONDE_ASKS_SCTP, 132, 132,
			      "sctp vtag=0 chunks=init:0:%u:65536:10:10:1", NULL },
	[SONDE_SCAN_ECHO] = { SONDE_CARRIED_ICMP, SONDE_ASKS_ECHO, 1, 58, "icmp type=echo", "icmp6 type=echo" },
};

enum sonde_scan_carrier sonde_scan_carrier(enum sonde_scan_kind kind)
{
	return kinds[kind].carrier;
}

/* --- Tokens ------------------------------------------------------------------------------------------------------ */

static uint64_t random_of(const struct sonde_scan *s, uint64_t number, unsigned tries)
{
	return sonde_random(s->o.seed, number, STREAM, tries);
}

static uint32_t token_of(uint64_t random)
{
	return (uint32_t)random ? (uint32_t)random : 1;
}

/* Tries of one target have other ports, so that an answer tells which packet it answers, and none meets what the target
 * remembers of the try before. The first is the upper bits of its first random number, the token the lower ones. */
static uint16_t sport_of(uint64_t first_random, unsigned tries)
{
	const uint64_t apart = 193; /* has no divisor in common with the number of ports */
	return (uint16_t)(SONDE_FIRST_PORT +
			  (sonde_random_below(first_random, SONDE_N_PORTS) + tries * apart) % SONDE_N_PORTS);
}

uint32_t sonde_scan_token(const struct sonde_scan *s, uint64_t number, unsigned tries)
{
	return token_of(random_of(s, number, tries));
}

static bool has_port(const struct sonde_scan *s, const struct sonde_scan_target *t)
{
	return kinds[s->o.ports[t->port].kind].carrier != SONDE_CARRIED_ICMP;
}

uint16_t sonde_scan_sport(const struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries)
{
	return has_port(s, t) ? sport_of(random_of(s, t->number, 0), tries) : 0;
}

struct sonde_question sonde_scan_question_of(const struct sonde_scan *s, const struct sonde_scan_target *t,
					     unsigned tries)
{
	const struct sonde_scan_port *port = &s->o.ports[t->port];
	const struct kind *kind = &kinds[port->kind];
	uint64_t first = random_of(s, t->number, 0);
	uint32_t token = token_of(tries ? random_of(s, t->number, tries) : first);
	struct sonde_question q = { .kind = kind->asks, .dst = sonde_hosts_at(&s->o.hosts, t->host) };
	bool v6 = q.dst.family == SONDE_IP6;
	q.ip_proto = v6 ? kind->ip6_proto : kind->ip_proto;
	q.sport = has_port(s, t) ? sport_of(first, tries) : 0;
	q.dport = port->port;
	switch (kind->carrier) {
	case SONDE_CARRIED_TCP:
		q.seq = token;
		q.seq_end = token + (port->kind != SONDE_SCAN_ACK && port->kind != SONDE_SCAN_WINDOW &&
				     port->kind != SONDE_SCAN_NULL);
		q.ack = kind->asks == SONDE_ASKS_ACK || kind->asks == SONDE_ASKS_WINDOW ? token : 0;
		break;
	case SONDE_CARRIED_SCTP: q.tag = token; break;
	case SONDE_CARRIED_ICMP:
		q.icmp_type = v6 ? SONDE_ICMP6_ECHO : SONDE_ICMP_ECHO;
		q.id = (uint16_t)(token >> 16);
		q.count = (uint16_t)token;
		break;
	default: break;
	}
	return q;
}

/* --- Packets ----------------------------------------------------------------------------------------------------- */

static int spec_packet(struct sonde_packet *p, const struct sonde_text *text)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e;
	int err = sonde_notation_parse(&spec, text->data, text->len, NULL, &e);
	if (!err)
		err = sonde_spec_packet(p, &spec, 0, 0, false, &e);
	sonde_spec_free(&spec);
	return err;
}

/* The numbers by which answers are told. */
static int set_token(struct sonde_packet *p, const struct sonde_question *q, bool v6)
{
	const int transport = 1;
	int err = 0;
	switch (q->kind) {
	case SONDE_ASKS_ECHO:
		err = sonde_set(p, transport, v6 ? SONDE_ICMP6_ID : SONDE_ICMP_ID, q->id);
		return err ? err : sonde_set(p, transport, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ, q->count);
	case SONDE_ASKS_UDP:
		err = sonde_set(p, transport, SONDE_UDP_SPORT, q->sport);
		return err ? err : sonde_set(p, transport, SONDE_UDP_DPORT, q->dport);
	case SONDE_ASKS_SCTP:
		err = sonde_set(p, transport, SONDE_SCTP_SPORT, q->sport);
		return err ? err : sonde_set(p, transport, SONDE_SCTP_DPORT, q->dport);
	default: break;
	}
	err = sonde_set(p, transport, SONDE_TCP_SPORT, q->sport);
	if (!err)
		err = sonde_set(p, transport, SONDE_TCP_DPORT, q->dport);
	if (!err)
		err = sonde_set(p, transport, SONDE_TCP_SEQ, q->seq);
	return err || !q->ack ? err : sonde_set(p, transport, SONDE_TCP_ACK, q->ack);
}

const struct sonde_payload *sonde_scan_payload_of(const struct sonde_scan *s, const struct sonde_scan_port *port,
						  unsigned tries)
{
	return port->n_payloads ? &s->o.payloads[port->payload + tries % port->n_payloads] : NULL;
}

/* The bytes of a payload's number, for the packet with this token. */
static struct sonde_view number_bytes(uint8_t room[static SONDE_PAYLOAD_NUMBER], const struct sonde_payload *payload,
				      uint32_t token)
{
	unsigned n = payload->number_len;
	for (unsigned i = 0; i < n; i++)
		room[i] = (uint8_t)(token >> 8 * (n - 1 - i));
	return sonde_view(room, n);
}

static uint32_t number_at(const struct sonde_packet *p, const struct sonde_payload *payload)
{
	return p->len - (uint32_t)payload->bytes.len + payload->number_at;
}

static int push_payload(struct sonde_packet *p, const struct sonde_payload *payload, uint32_t token)
{
	uint8_t room[SONDE_PAYLOAD_NUMBER];
	int err = sonde_push_payload(p, payload->bytes);
	struct sonde_view number = number_bytes(room, payload, token);
	if (!err)
		memcpy(p->data + number_at(p, payload), number.data, number.len);
	return err;
}

int sonde_scan_build(const struct sonde_scan *s, struct sonde_packet *p, const struct sonde_scan_target *t,
		     const struct sonde_addr *dst, unsigned tries)
{
	const struct sonde_scan_port *port = &s->o.ports[t->port];
	const struct kind *kind = &kinds[port->kind];
	struct sonde_question q = sonde_scan_question_of(s, t, tries);
	char addr[SONDE_ADDR_STRLEN], room[SONDE_ADDR_STRLEN + 128];
	struct sonde_text text = sonde_text(room, sizeof room);
	bool v6 = dst->family == SONDE_IP6;
	struct sonde_addr plain = *dst;
	plain.scope = 0;
	sonde_text_fmt(&text, "%s dst=%s / ", v6 ? "ip6" : "ip", sonde_addr_format(addr, &plain));
	sonde_text_fmt(&text, v6 && kind->packet6 ? kind->packet6 : kind->packet, (unsigned)q.tag);
	int err = spec_packet(p, &text);
	p->scope = dst->scope;
	if (!err && s->o.ttl)
		err = sonde_set(p, 0, v6 ? SONDE_IP6_HLIM : SONDE_IP_TTL, s->o.ttl);
	if (!err)
		err = set_token(p, &q, v6);
	const struct sonde_payload *payload = sonde_scan_payload_of(s, port, tries);
	return err || !payload ? err : push_payload(p, payload, sonde_scan_token(s, t->number, tries));
}

bool sonde_scan_still_asks(const struct sonde_scan *s, uint64_t id, struct sonde_packet *p)
{
	struct sonde_scan_target t = sonde_scan_target_at(s, id >> 4);
	struct sonde_question built = sonde_scan_question_of(s, &t, (unsigned)(id & 15) - 1), now;
	sonde_size_layers(p, false);
	if (sonde_question_of(&now, p))
		return false;
	/* The two are one packet, which is understood differently. */
	if (built.kind == SONDE_ASKS_WINDOW)
		built.kind = SONDE_ASKS_ACK;
	built.src = now.src;
	return sonde_question_equal(&built, &now) && built.seq_end == now.seq_end;
}

/* --- Stamped packets --------------------------------------------------------------------------------------------- */

/* TCP, empty datagrams and echoes have a shape a kind and family, payloads one each as long as there are shapes. NULL:
 * each packet is built. */
struct sonde_scan_shape *sonde_scan_shape_of(struct sonde_scan *s, const struct sonde_scan_target *t,
					     const struct sonde_addr *dst, unsigned tries)
{
	const struct sonde_scan_port *port = &s->o.ports[t->port];
	const struct sonde_payload *payload = sonde_scan_payload_of(s, port, tries);
	unsigned number = port->kind;
	if (s->o.overlay)
		return NULL;
	if (payload && payload->bytes.len) {
		if (!s->shape_of[t->port])
			return NULL;
		number = SONDE_N_SCANS + s->shape_of[t->port] - 1u + tries % port->n_payloads;
	}
	return &s->shapes[2 * number + (dst->family == SONDE_IP6)];
}

static bool make_shape(struct sonde_scan_shape *m, const struct sonde_packet *p, enum sonde_scan_kind kind,
		       const struct sonde_payload *payload)
{
	const int ip = 0, transport = 1;
	struct sonde_template *t = &m->frozen;
	bool v6 = p->layers[ip].proto == &sonde_ip6;
	m->ip_id = m->number = m->port = m->token = m->ack = m->message = -1;
	if (p->n_layers < 2 || sonde_template_freeze(t, p, m->bytes, sizeof m->bytes))
		return false;
	m->source = sonde_template_slot(t, p, ip, p->layers[ip].proto->src_place);
	m->destination = sonde_template_slot(t, p, ip, p->layers[ip].proto->dst_place);
	if (!v6 && (m->ip_id = sonde_template_slot(t, p, ip, SONDE_IP_ID)) < 0)
		return false;
	switch (kinds[kind].carrier) {
	case SONDE_CARRIED_TCP:
		m->number = sonde_template_slot(t, p, transport, SONDE_TCP_SPORT);
		m->port = sonde_template_slot(t, p, transport, SONDE_TCP_DPORT);
		m->token = sonde_template_slot(t, p, transport, SONDE_TCP_SEQ);
		m->ack = sonde_template_slot(t, p, transport, SONDE_TCP_ACK);
		return m->source >= 0 && m->destination >= 0 && m->number >= 0 && m->port >= 0 && m->token >= 0 &&
		       m->ack >= 0;
	case SONDE_CARRIED_UDP:
		m->number = sonde_template_slot(t, p, transport, SONDE_UDP_SPORT);
		m->port = sonde_template_slot(t, p, transport, SONDE_UDP_DPORT);
		if (payload && payload->number_len)
			m->message = sonde_template_bytes_slot(t, p, number_at(p, payload), payload->number_len);
		if (payload && payload->number_len && m->message < 0)
			return false;
		return m->source >= 0 && m->destination >= 0 && m->number >= 0 && m->port >= 0;
	case SONDE_CARRIED_ICMP:
		m->number = sonde_template_slot(t, p, transport, v6 ? SONDE_ICMP6_ID : SONDE_ICMP_ID);
		m->token = sonde_template_slot(t, p, transport, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ);
		return m->source >= 0 && m->destination >= 0 && m->number >= 0 && m->token >= 0;
	default: return false; /* SCTP's checksum is no sum that could be updated */
	}
}

void sonde_scan_make_shape(const struct sonde_scan *s, struct sonde_scan_shape *shape, const struct sonde_packet *p,
			   const struct sonde_scan_target *t, unsigned tries)
{
	const struct sonde_scan_port *port = &s->o.ports[t->port];
	bool has_room = p->len <= sizeof shape->bytes && p->cap - p->len >= 2 * p->len;
	if (shape->ready || shape->refused || !has_room)
		return;
	shape->ready = make_shape(shape, p, port->kind, sonde_scan_payload_of(s, port, tries));
	shape->refused = !shape->ready;
}

void sonde_scan_stamp(uint8_t *frame, const struct sonde_scan *s, const struct sonde_scan_shape *shape,
		      const struct sonde_scan_target *t, const struct sonde_addr *dst, unsigned tries)
{
	const struct sonde_template *m = &shape->frozen;
	struct sonde_question q = sonde_scan_question_of(s, t, tries);
	sonde_template_copy(frame, m);
	sonde_template_stamp_bytes(frame, m, shape->destination, dst->bytes);
	if (shape->ip_id >= 0)
		sonde_template_stamp(frame, m, shape->ip_id, 1 + ((uint64_t)q.sport ^ t->number) % UINT16_MAX);
	sonde_template_stamp(frame, m, shape->number, q.kind == SONDE_ASKS_ECHO ? q.id : q.sport);
	if (shape->port >= 0)
		sonde_template_stamp(frame, m, shape->port, q.dport);
	if (shape->token >= 0)
		sonde_template_stamp(frame, m, shape->token, q.kind == SONDE_ASKS_ECHO ? q.count : q.seq);
	if (shape->ack >= 0 && q.ack)
		sonde_template_stamp(frame, m, shape->ack, q.ack);
	if (shape->message < 0)
		return;
	uint8_t room[SONDE_PAYLOAD_NUMBER];
	const struct sonde_payload *payload = sonde_scan_payload_of(s, &s->o.ports[t->port], tries);
	uint32_t token = sonde_scan_token(s, t->number, tries);
	sonde_template_stamp_bytes(frame, m, shape->message, number_bytes(room, payload, token).data);
}
