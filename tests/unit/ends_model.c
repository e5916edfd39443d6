#include "tests/unit/ends_model.h"

#include <stdlib.h>

#include "base/text.h"
#include "packet/encap.h"
#include "packet/packet.h"
#include "proto/ah.h"
#include "proto/dstopts.h"
#include "proto/fragment.h"
#include "proto/hopopts.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/options6.h"
#include "proto/routing.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/vlan.h"

/* A header as the walk sees it, and where the bytes around it end. */
struct step {
	const struct sonde_layer *layer;
	const uint8_t *header;
	uint32_t wire_end; /* where what it lies in ended on the wire, by the lengths around */
};

struct model {
	const struct sonde_packet *packet;
	struct step steps[SONDE_MAX_LAYERS];
	unsigned n_steps; /* headers that are passed, or looked at last */
	bool ends_in_cut; /* the last of them is not all there */
};

static bool is(const struct step *s, const struct sonde_proto *proto)
{
	return s->layer->proto == proto;
}

static bool is_ip(const struct step *s)
{
	return is(s, &sonde_ip) || is(s, &sonde_ip6);
}

static bool is_extension(const struct step *s)
{
	return is(s, &sonde_hopopts) || is(s, &sonde_dstopts) || is(s, &sonde_routing) || is(s, &sonde_fragment) ||
	       is(s, &sonde_ah);
}

static bool is_passed(const struct step *s, const struct sonde_layer *end)
{
	if (is(s, &sonde_udp))
		return s->layer + 1 < end && s->layer[1].proto->leads_to_ip;
	return s->layer->proto->leads_to_ip || is_extension(s);
}

/* 0 when it is not there. */
static uint32_t number(const struct step *s, sonde_place place)
{
	return sonde_place_there(s->layer, place) ? (uint32_t)sonde_get(s->header, place) : 0;
}

/* The length of a header and all behind it, by its own word; 0 when it does not say one that can be. */
static uint32_t declared(const struct step *s)
{
	uint32_t len = 0;
	if (is(s, &sonde_udp))
		len = number(s, SONDE_UDP_LENGTH);
	else if (s->layer->cut)
		return 0;
	else if (is(s, &sonde_ip))
		len = (uint32_t)sonde_get(s->header, SONDE_IP_LENGTH);
	else if (is(s, &sonde_ip6) &&
		 (sonde_get(s->header, SONDE_IP6_LENGTH) || sonde_get(s->header, SONDE_IP6_NEXT) == 59))
		len = SONDE_IP6_HEADER + (uint32_t)sonde_get(s->header, SONDE_IP6_LENGTH);
	else if (s->layer->proto->leads_to_ip && s->layer->proto->declared)
		len = s->layer->proto->declared(s->layer, s->header);
	return len < (is(s, &sonde_udp) ? 8 : s->layer->header_len) ? 0 : len;
}

/* Where the bytes that are in this header's packet ended on the wire. */
static uint32_t inner_end(const struct step *s)
{
	uint32_t len = declared(s), end = s->layer->offset + len;
	if (len == 0 || (is(s, &sonde_udp) && end > s->wire_end))
		return s->wire_end;
	return end;
}

/* Bytes of a frame check sequence behind a header: the dissector keeps one that is all there apart, as padding. */
static uint32_t check_len(const struct step *s)
{
	const struct sonde_layer *l = s->layer;
	uint32_t len = l->proto->fcs_len ? l->proto->fcs_len(s->header, l->header_len) : 0;
	return s->wire_end - l->offset >= l->header_len + len ? len : 0;
}

static void walk(struct model *m, uint32_t wire_len)
{
	const struct sonde_packet *p = m->packet;
	uint32_t wire_end = wire_len > p->len ? wire_len : p->len;
	for (unsigned i = 0; i < p->n_layers && i < SONDE_ENDS_MAX_HEADERS && !p->layers[i].quoted; i++) {
		struct step *s = &m->steps[m->n_steps++];
		*s = (struct step){ &p->layers[i], p->data + p->layers[i].offset, wire_end };
		m->ends_in_cut = s->layer->cut && s->layer->proto->leads_to_ip;
		if (s->layer->cut || !is_passed(s, p->layers + p->n_layers))
			return;
		wire_end = inner_end(s);
		if (wire_len <= p->len)
			wire_end -= check_len(s);
	}
	/* The transport's header is not counted. */
	if (m->n_steps < p->n_layers && !p->layers[m->n_steps].quoted)
		m->steps[m->n_steps] =
			(struct step){ &p->layers[m->n_steps], p->data + p->layers[m->n_steps].offset, wire_end };
}

static void expect_ports(struct sonde_ends *e, const struct step *s)
{
	e->sport = (uint16_t)number(s, SONDE_UDP_SPORT);
	e->dport = (uint16_t)number(s, SONDE_UDP_DPORT);
	if (sonde_place_there(s->layer, SONDE_UDP_DPORT))
		e->flags |= SONDE_ENDS_PORTS;
}

static bool is_one_of(uint32_t number, const uint8_t *list, size_t n)
{
	return memchr(list, (int)number, n) != NULL;
}

static void expect_icmp(struct sonde_ends *e, const struct step *s)
{
	static const uint8_t queries4[] = { 0, 8, 13, 14, 15, 16, 17, 18 }, extended4[] = { 42, 43 };
	static const uint8_t queries6[] = { 128, 129 }, extended6[] = { 160, 161 };
	bool v6 = is(s, &sonde_icmp6), typed = sonde_place_there(s->layer, SONDE_ICMP_TYPE);
	e->icmp_type = (uint8_t)number(s, SONDE_ICMP_TYPE);
	e->icmp_code = (uint8_t)number(s, SONDE_ICMP_CODE);
	bool query = v6 ? is_one_of(e->icmp_type, queries6, sizeof queries6)
			: is_one_of(e->icmp_type, queries4, sizeof queries4);
	bool extended = v6 ? is_one_of(e->icmp_type, extended6, sizeof extended6)
			   : is_one_of(e->icmp_type, extended4, sizeof extended4);
	if (typed && (query || extended)) {
		e->sport = e->dport = (uint16_t)number(s, SONDE_ICMP_ID);
		e->seq = number(s, query ? SONDE_ICMP_SEQ : SONDE_ICMP_XSEQ);
	}
	if (sonde_place_there(s->layer, query || extended ? SONDE_ICMP_ID : SONDE_ICMP_CODE))
		e->flags |= SONDE_ENDS_PORTS;
}

/* The transport in a layer that is there. Returns the length of its header. */
static uint32_t expect_transport(struct sonde_ends *e, const struct step *s)
{
	const struct sonde_layer *l = s->layer;
	if (is(s, &sonde_icmp) || is(s, &sonde_icmp6)) {
		expect_icmp(e, s);
		return 8;
	}
	expect_ports(e, s);
	if (is(s, &sonde_udp))
		return 8;
	if (is(s, &sonde_sctp))
		return 12;
	e->seq = number(s, SONDE_TCP_SEQ);
	e->ack = number(s, SONDE_TCP_ACK);
	e->tcp_flags = (uint16_t)number(s, SONDE_TCP_FLAGS);
	e->win = (uint16_t)number(s, SONDE_TCP_WIN);
	if (!l->cut)
		return l->header_len;
	uint32_t len = l->have_len > 12 ? (uint32_t)sonde_get(s->header, SONDE_TCP_OFFSET) * 4 : 0;
	return len < 20 ? 20 : len;
}

static void expect_fragment(struct sonde_ends *e, const struct step *s)
{
	bool v4 = is(s, &sonde_ip);
	uint64_t offset = sonde_get(s->header, v4 ? SONDE_IP_OFFSET : SONDE_FRAGMENT_OFFSET);
	bool more = v4 ? sonde_get(s->header, SONDE_IP_FLAGS) & SONDE_IP_MF : sonde_get(s->header, SONDE_FRAGMENT_M);
	if (!offset && !more)
		return;
	e->flags |= offset ? SONDE_ENDS_LATER_FRAGMENT : SONDE_ENDS_FIRST_FRAGMENT;
	e->fragment_id = (uint32_t)sonde_get(s->header, v4 ? SONDE_IP_ID : SONDE_FRAGMENT_ID);
}

/* What stands behind an IP header. */
static void expect_behind(struct sonde_ends *e, const struct model *m, unsigned i)
{
	const struct step *s = &m->steps[i];
	uint32_t end = s->layer->offset + s->layer->have_len, at = s->layer->offset + s->layer->header_len;
	uint32_t wire_end = inner_end(s), header_len = 0;
	bool known, there;
	end = wire_end < end ? wire_end : end;
	for (s++, i++; i < m->n_steps && is_extension(s) && !s->layer->cut; s++, i++) {
		e->proto = (uint8_t)sonde_get(s->header, SONDE_OPTIONS6_NEXT);
		at = s->layer->offset + s->layer->header_len;
		if (is(s, &sonde_fragment))
			expect_fragment(e, s);
	}
	const struct sonde_proto *carried = sonde_proto_by_id(SONDE_SPACE_IP, e->proto);
	const struct step as_carried = { &(struct sonde_layer){ .proto = carried }, NULL, 0 };
	bool extension = is_extension(&as_carried);
	known = carried == &sonde_tcp || carried == &sonde_udp || carried == &sonde_sctp || carried == &sonde_icmp ||
		carried == &sonde_icmp6 || (extension && i < SONDE_ENDS_MAX_HEADERS);
	there = s->layer && s->layer->offset == at && s->layer->proto == carried;
	e->transport_offset = at;
	if (known && !extension && !(e->flags & SONDE_ENDS_LATER_FRAGMENT)) {
		static const uint8_t usual[256] = { [1] = 8, [6] = 20, [17] = 8, [58] = 8, [132] = 12 };
		header_len = there ? expect_transport(e, s) : usual[e->proto];
		if (there && is(s, &sonde_udp) && inner_end(s) < wire_end)
			wire_end = inner_end(s);
	}
	if (known && !(e->flags & SONDE_ENDS_LATER_FRAGMENT) &&
	    (extension || at + header_len > (end < wire_end ? end : wire_end)))
		e->flags |= SONDE_ENDS_CUT_HEADER;
	end = wire_end < end ? wire_end : end;
	e->payload_offset = at + header_len;
	e->payload_len = wire_end > e->payload_offset ? wire_end - e->payload_offset : 0;
	e->payload_have = end > e->payload_offset ? end - e->payload_offset : 0;
}

static void expect_ip(struct sonde_ends *e, const struct model *m, unsigned i)
{
	const struct step *s = &m->steps[i];
	bool v4 = is(s, &sonde_ip);
	struct sonde_addr src = sonde_addr_at(s->header, v4 ? SONDE_IP_SRC : SONDE_IP6_SRC);
	struct sonde_addr dst = sonde_addr_at(s->header, v4 ? SONDE_IP_DST : SONDE_IP6_DST);
	memcpy(e->src, src.bytes, sizeof e->src);
	memcpy(e->dst, dst.bytes, sizeof e->dst);
	e->family = src.family;
	e->proto = (uint8_t)sonde_get(s->header, v4 ? SONDE_IP_PROTO : SONDE_IP6_NEXT);
	e->ip_offset = s->layer->offset;
	e->ip_len = inner_end(s) - s->layer->offset;
	if (e->ip_len > s->layer->have_len)
		e->flags |= SONDE_ENDS_CUT;
	if (v4)
		expect_fragment(e, s);
	expect_behind(e, m, i);
}

static uint64_t encap_within(uint64_t outer, const struct step *s)
{
	struct sonde_addr src = sonde_addr_at(s->header, s->layer->proto->src_place);
	struct sonde_addr dst = sonde_addr_at(s->header, s->layer->proto->dst_place);
	return sonde_encap_tunnel(outer, src.bytes, dst.bytes, sonde_addr_len(&src));
}

/* Returns whether there is an IP packet. */
static bool expect(struct sonde_ends *e, const struct model *m)
{
	int ip = -1;
	unsigned n_ip = 0;
	uint16_t vlan = SONDE_ENDS_NO_VLAN, vlan_of_ip = SONDE_ENDS_NO_VLAN;
	uint64_t encap = 0, encap_of_ip = 0;
	for (unsigned i = 0; i < m->n_steps; i++) {
		const struct step *s = &m->steps[i];
		if (s->layer->cut)
			continue;
		if (is(s, &sonde_vlan) && vlan == SONDE_ENDS_NO_VLAN)
			vlan = (uint16_t)sonde_get(s->header, SONDE_VLAN_ID);
		if (SONDE_WIDTH(s->layer->proto->network_place))
			encap = sonde_encap_network(encap, number(s, s->layer->proto->network_place));
		if (is_ip(s)) {
			ip = (int)i;
			encap_of_ip = encap;
			encap = encap_within(encap, s);
			n_ip++;
			vlan_of_ip = vlan;
		}
	}
	*e = (struct sonde_ends){ .vlan = ip < 0 ? vlan : vlan_of_ip, .n_tunnels = (uint8_t)(n_ip ? n_ip - 1 : 0) };
	e->encap = encap_of_ip;
	if (ip >= 0)
		expect_ip(e, m, (unsigned)ip);
	return ip >= 0;
}

/* --- Comparing --------------------------------------------------------------------------------------------------- */

static void describe(struct sonde_text *t, const char *who, bool found, const struct sonde_ends *e)
{
	sonde_text_fmt(t, "\n%s: %s family %u ", who, found ? "IP" : "no IP", e->family);
	sonde_text_hex(t, sonde_view(e->src, sizeof e->src));
	sonde_text_char(t, ' ');
	sonde_text_hex(t, sonde_view(e->dst, sizeof e->dst));
	sonde_text_fmt(t, " proto %u ports %u %u vlan %u flags 0x%x win %u seq %u ack %u fragment %u icmp %u %u",
		       e->proto, e->sport, e->dport, e->vlan, e->tcp_flags, e->win, e->seq, e->ack, e->fragment_id,
		       e->icmp_type, e->icmp_code);
	sonde_text_fmt(t, " ip %u+%u transport %u payload %u+%u have %u tunnels %u told 0x%x", e->ip_offset, e->ip_len,
		       e->transport_offset, e->payload_offset, e->payload_len, e->payload_have, e->n_tunnels, e->flags);
}

/* Whether the dissector says nothing of a header that was announced, because no byte of it is there. */
static bool nothing_left(const struct model *m, uint32_t len)
{
	if (m->n_steps == 0)
		return len == 0;
	const struct sonde_layer *l = m->steps[m->n_steps - 1].layer;
	return m->n_steps == m->packet->n_layers && sonde_payload(m->packet).len == 0 && !l->cut;
}

static bool has_sum(const struct sonde_proto *proto)
{
	return proto == &sonde_tcp || proto == &sonde_udp || proto == &sonde_icmp || proto == &sonde_icmp6;
}

static bool is_judged(enum sonde_sum_state s)
{
	return s == SONDE_SUM_OK || s == SONDE_SUM_WRONG || s == SONDE_SUM_PARTIAL || s == SONDE_SUM_ABSENT;
}

/* Whether both judge the transport's checksum alike, where both can judge it. */
static bool sums_agree(const struct sonde_ends *e, const struct sonde_packet *p)
{
	enum sonde_sum_state sum = sonde_ends_verify(e, p->data);
	for (int i = 0; i < p->n_layers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		bool transport = has_sum(l->proto) && l->offset == e->transport_offset && !l->quoted;
		enum sonde_sum_state other = transport ? sonde_verify(p, i) : SONDE_SUM_NONE;
		if (is_judged(sum) && is_judged(other) && sum != other)
			return false;
	}
	return true;
}

const char *ends_model_differ(char text[static ENDS_MODEL_TEXT], struct sonde_view frame, uint32_t wire_len,
			      uint32_t link)
{
	struct sonde_packet p;
	struct model m = { .packet = &p };
	struct sonde_ends got, want;
	uint32_t len = (uint32_t)frame.len;
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		abort();
	if (len)
		memcpy(exact, frame.data, len);
	/* What is not written is seen. */
	memset(&got, 0xa5, sizeof got);
	bool found = sonde_ends_read(&got, exact, len, wire_len, link);
	sonde_dissect(&p, exact, len, wire_len, (struct sonde_id){ SONDE_SPACE_LINK, link });
	walk(&m, wire_len);
	bool wanted = expect(&want, &m);
	if (!wanted)
		want.flags = nothing_left(&m, len) ? got.flags & SONDE_ENDS_CUT : m.ends_in_cut ? SONDE_ENDS_CUT : 0;
	bool same = found == wanted && memcmp(&got, &want, sizeof got) == 0 && (!found || sums_agree(&got, &p));
	free(exact);
	if (same)
		return NULL;
	struct sonde_text t = sonde_text(text, ENDS_MODEL_TEXT);
	describe(&t, "ends", found, &got);
	describe(&t, "dissector", wanted, &want);
	return text;
}
