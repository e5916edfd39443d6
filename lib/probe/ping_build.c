#include <string.h>

#include "base/hash.h"
#include "probe/ping_state.h"
#include "proto/arp.h"
#include "proto/ether.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"

/* --- Numbers and tokens ------------------------------------------------------------------------------------------ */

uint64_t sonde_ping_token(const struct sonde_ping *p, uint64_t n)
{
	return sonde_random(p->o.seed, n, 1, 0);
}

uint16_t sonde_ping_number(const struct sonde_ping *p, uint64_t n)
{
	uint64_t round = n / p->n_targets;
	if (p->o.kind == SONDE_PING_ARP)
		return 0;
	return (uint16_t)(p->o.kind == SONDE_PING_ICMP ? round + 1 : SONDE_FIRST_PORT + round % SONDE_N_PORTS);
}

uint64_t sonde_ping_round_of(const struct sonde_ping *p, uint64_t last, uint16_t number)
{
	if (p->o.kind == SONDE_PING_ARP)
		return last;
	if (p->o.kind == SONDE_PING_ICMP)
		return last - (uint16_t)(last + 1 - number);
	if (number < SONDE_FIRST_PORT)
		return last + 1;
	return last - (last % SONDE_N_PORTS + SONDE_N_PORTS - (number - SONDE_FIRST_PORT)) % SONDE_N_PORTS;
}

static uint32_t size_of(const struct sonde_ping *p, uint64_t n)
{
	return p->o.sizes[n / p->n_targets % p->o.n_sizes];
}

bool sonde_ping_has_token(const struct sonde_ping *p, uint64_t n, struct sonde_view payload, bool may_be_cut)
{
	uint8_t bytes[SONDE_PING_TOKEN];
	size_t size = size_of(p, n), len = size < SONDE_PING_TOKEN ? size : SONDE_PING_TOKEN;
	sonde_put_be64(bytes, sonde_ping_token(p, n));
	if (may_be_cut && payload.len < len)
		len = payload.len;
	return payload.len >= len && (len == 0 || memcmp(payload.data, bytes, len) == 0);
}

/* Bytes of the payload behind the token tell places apart, as pings have it. */
static uint8_t pattern(uint32_t place)
{
	return (uint8_t)place;
}

struct sonde_ping_damage sonde_ping_compare(const struct sonde_ping *p, uint64_t n, struct sonde_view echoed,
					    bool is_cut)
{
	struct sonde_ping_damage d = { .echoed = (uint32_t)echoed.len, .sent = size_of(p, n) };
	uint8_t token[SONDE_PING_TOKEN];
	uint32_t both = d.echoed < d.sent ? d.echoed : d.sent;
	sonde_put_be64(token, sonde_ping_token(p, n));
	for (; d.at < both && !d.has_wrong; d.at += !d.has_wrong) {
		d.was = echoed.data[d.at];
		d.should_be = d.at < SONDE_PING_TOKEN ? token[d.at] : pattern(d.at);
		d.has_wrong = d.was != d.should_be;
	}
	d.any = d.has_wrong || (d.echoed != d.sent && !is_cut);
	return d;
}

/* --- Packets ----------------------------------------------------------------------------------------------------- */

/* The token, then the pattern. */
static int push_payload(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	uint8_t bytes[256];
	uint32_t left = size_of(p, n);
	int err = 0;
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = pattern(i);
	sonde_put_be64(bytes, sonde_ping_token(p, n));
	for (uint32_t len; !err && left > 0; left -= len) {
		len = left < sizeof bytes ? left : (uint32_t)sizeof bytes;
		err = sonde_push_payload(packet, sonde_view(bytes, len));
		for (unsigned i = 0; i < SONDE_PING_TOKEN; i++)
			bytes[i] = pattern(i);
	}
	return err;
}

static int push_icmp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n, bool v6)
{
	int icmp = sonde_push(packet, v6 ? &sonde_icmp6 : &sonde_icmp);
	int err = sonde_set(packet, icmp, v6 ? SONDE_ICMP6_ID : SONDE_ICMP_ID, p->id);
	if (!err)
		err = sonde_set(packet, icmp, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ, sonde_ping_number(p, n));
	return err ? err : push_payload(p, packet, n);
}

static int push_tcp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	int tcp = sonde_push(packet, &sonde_tcp);
	int err = sonde_set(packet, tcp, SONDE_TCP_SPORT, sonde_ping_number(p, n));
	if (!err)
		err = sonde_set(packet, tcp, SONDE_TCP_DPORT, p->targets[n % p->n_targets].port);
	if (!err)
		err = sonde_set(packet, tcp, SONDE_TCP_SEQ, sonde_ping_token(p, n) & UINT32_MAX);
	return err ? err : sonde_set(packet, tcp, SONDE_TCP_FLAGS, SONDE_TCP_SYN);
}

static int push_udp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	int udp = sonde_push(packet, &sonde_udp);
	int err = sonde_set(packet, udp, SONDE_UDP_SPORT, sonde_ping_number(p, n));
	if (!err)
		err = sonde_set(packet, udp, SONDE_UDP_DPORT, p->targets[n % p->n_targets].port);
	return err ? err : push_payload(p, packet, n);
}

static int push_ip(const struct sonde_ping *p, struct sonde_packet *packet, const struct sonde_addr *dst)
{
	static const struct sonde_addr open;
	bool v6 = dst->family == SONDE_IP6;
	int ip = sonde_push_ip(packet, &open, dst), err = ip < 0 ? ip : 0;
	if (!err && p->o.ttl)
		err = sonde_set(packet, ip, v6 ? SONDE_IP6_HLIM : SONDE_IP_TTL, p->o.ttl);
	if (!err && p->o.tos)
		err = sonde_set(packet, ip, v6 ? SONDE_IP6_TCLASS : SONDE_IP_TOS, p->o.tos);
	if (!err && p->o.df && !v6)
		err = sonde_set(packet, ip, SONDE_IP_FLAGS, SONDE_IP_DF);
	return err;
}

static int push_arp(struct sonde_packet *packet, const struct sonde_addr *dst)
{
	int err = sonde_push(packet, &sonde_ether);
	int arp = err < 0 ? err : sonde_push(packet, &sonde_arp);
	return arp < 0 ? arp : sonde_set_bytes(packet, arp, SONDE_ARP_TPA, sonde_addr_view(dst));
}

int sonde_ping_build(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	const struct sonde_addr *dst = &p->targets[n % p->n_targets].addr;
	if (p->o.kind == SONDE_PING_ARP)
		return push_arp(packet, dst);
	int err = push_ip(p, packet, dst);
	if (err)
		return err;
	switch (p->o.kind) {
	case SONDE_PING_TCP: return push_tcp(p, packet, n);
	case SONDE_PING_UDP: return push_udp(p, packet, n);
	default: return push_icmp(p, packet, n, dst->family == SONDE_IP6);
	}
}

/* --- Templates ---------------------------------------------------------------------------------------------------- */

static int number_slot(struct sonde_ping *p, struct sonde_template *t, const struct sonde_packet *packet, int layer,
		       bool v6)
{
	switch (p->o.kind) {
	case SONDE_PING_TCP: return sonde_template_slot(t, packet, layer, SONDE_TCP_SPORT);
	case SONDE_PING_UDP: return sonde_template_slot(t, packet, layer, SONDE_UDP_SPORT);
	default: return sonde_template_slot(t, packet, layer, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ);
	}
}

static int token_slot(struct sonde_ping *p, struct sonde_template *t, const struct sonde_packet *packet)
{
	uint32_t size = size_of(p, 0), len = size < SONDE_PING_TOKEN ? size : SONDE_PING_TOKEN;
	if (p->o.kind == SONDE_PING_TCP || len == 0)
		return -1;
	return sonde_template_bytes_slot(t, packet, packet->len - size, len);
}

static bool make_template(struct sonde_ping *p, struct sonde_ping_template *m, struct sonde_packet *packet)
{
	struct sonde_template *t = &m->shape;
	int ip = 0, transport = packet->n_layers - 1;
	bool v6 = packet->layers[ip].proto == &sonde_ip6, tcp = p->o.kind == SONDE_PING_TCP;
	if (sonde_template_freeze(t, packet, m->bytes, sizeof m->bytes))
		return false;
	m->source = sonde_template_slot(t, packet, ip, packet->layers[ip].proto->src_place);
	m->destination = sonde_template_slot(t, packet, ip, packet->layers[ip].proto->dst_place);
	m->port = !p->o.ports ? -1 : sonde_template_slot(t, packet, transport, tcp ? SONDE_TCP_DPORT : SONDE_UDP_DPORT);
	m->ip_id = v6 ? -1 : sonde_template_slot(t, packet, ip, SONDE_IP_ID);
	m->number = number_slot(p, t, packet, transport, v6);
	m->seq = tcp ? sonde_template_slot(t, packet, transport, SONDE_TCP_SEQ) : -1;
	m->token = token_slot(p, t, packet);
	return m->source >= 0 && m->destination >= 0 && (!p->o.ports || m->port >= 0) && (v6 || m->ip_id >= 0) &&
	       m->number >= 0 && (!tcp || m->seq >= 0) && m->token >= -1;
}

void sonde_ping_make_template(struct sonde_ping *p, struct sonde_ping_template *template, struct sonde_packet *packet)
{
	bool has_room = packet->cap - packet->len >= 2 * packet->len;
	if (template->ready || template->refused || !has_room)
		return;
	bool alike = p->o.kind != SONDE_PING_ARP && p->o.n_sizes == 1 && packet->n_layers == 2;
	template->ready = alike && make_template(p, template, packet);
	template->refused = !template->ready;
}

void sonde_ping_stamp(struct sonde_ping *p, uint8_t *frame, uint64_t n)
{
	const struct sonde_addr *target = &p->targets[n % p->n_targets].addr;
	const struct sonde_ping_template *m = &p->templates[target->family == SONDE_IP6];
	uint64_t token = sonde_ping_token(p, n);
	uint8_t bytes[SONDE_PING_TOKEN];
	sonde_template_copy(frame, &m->shape);
	sonde_template_stamp_bytes(frame, &m->shape, m->destination, target->bytes);
	sonde_template_stamp(frame, &m->shape, m->number, sonde_ping_number(p, n));
	if (m->port >= 0)
		sonde_template_stamp(frame, &m->shape, m->port, p->targets[n % p->n_targets].port);
	if (m->ip_id >= 0)
		sonde_template_stamp(frame, &m->shape, m->ip_id, 1 + sonde_random_below(token, UINT16_MAX));
	if (m->seq >= 0)
		sonde_template_stamp(frame, &m->shape, m->seq, token & UINT32_MAX);
	if (m->token < 0)
		return;
	sonde_put_be64(bytes, token);
	sonde_template_stamp_bytes(frame, &m->shape, m->token, bytes);
}
