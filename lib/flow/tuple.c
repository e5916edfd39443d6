#include "flow/tuple.h"

#include "base/sha1.h"
#include "proto/fragment.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/udp.h"

/* Requests and their answers, as Zeek pairs them. */
static const struct icmp_pair {
	uint8_t first, second;
} pairs4[] = {
	{ SONDE_ICMP_ECHO, SONDE_ICMP_ECHO_REPLY },
	{ SONDE_ICMP_ROUTER_SOLICIT, SONDE_ICMP_ROUTER_ADVERT },
	{ SONDE_ICMP_TIMESTAMP, SONDE_ICMP_TIMESTAMP_REPLY },
	{ SONDE_ICMP_INFO, SONDE_ICMP_INFO_REPLY },
	{ SONDE_ICMP_MASK_REQUEST, SONDE_ICMP_MASK_REPLY },
}, pairs6[] = {
	{ SONDE_ICMP6_ECHO, SONDE_ICMP6_ECHO_REPLY },
	{ SONDE_ICMP6_MLD_QUERY, SONDE_ICMP6_MLD_REPORT },
	{ SONDE_ICMP6_ROUTER_SOLICIT, SONDE_ICMP6_ROUTER_ADVERT },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, SONDE_ICMP6_NEIGHBOUR_ADVERT },
	{ SONDE_ICMP6_NI_QUERY, SONDE_ICMP6_NI_REPLY },
	{ 144, 145 }, /* home agent address discovery (RFC 6275) */
};

static void take_icmp(struct sonde_flow_tuple *t, const uint8_t *header, const struct icmp_pair *pairs, size_t n)
{
	uint8_t type = header[0];
	t->pair.local.port = type;
	t->pair.remote.port = header[1];
	t->one_way = true;
	for (size_t i = 0; i < n; i++) {
		if (type != pairs[i].first && type != pairs[i].second)
			continue;
		t->pair.remote.port = type == pairs[i].first ? pairs[i].second : pairs[i].first;
		t->one_way = false;
	}
}

/* The ports of the layer, or ICMP's type and code. Returns 0 or SONDE_E_ABSENT. */
static int take_ports(struct sonde_flow_tuple *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = sonde_layer_header(p, layer);
	bool icmp = l->proto == &sonde_icmp || l->proto == &sonde_icmp6;
	if (l->header_len < (icmp ? 2 : 4))
		return SONDE_E_ABSENT;
	t->transport = layer;
	if (l->proto == &sonde_icmp) {
		take_icmp(t, header, pairs4, sizeof pairs4 / sizeof *pairs4);
	} else if (l->proto == &sonde_icmp6) {
		take_icmp(t, header, pairs6, sizeof pairs6 / sizeof *pairs6);
	} else {
		t->pair.local.port = (uint16_t)sonde_get(header, SONDE_UDP_SPORT);
		t->pair.remote.port = (uint16_t)sonde_get(header, SONDE_UDP_DPORT);
	}
	return 0;
}

static void take_fragment(struct sonde_flow_tuple *t, const struct sonde_layer *l, const uint8_t *header)
{
	bool ip = l->proto == &sonde_ip;
	if (!l->proto->is_fragment || !l->proto->is_fragment(header))
		return;
	t->fragment = true;
	t->later = sonde_get(header, ip ? SONDE_IP_OFFSET : SONDE_FRAGMENT_OFFSET) > 0;
	t->fragment_id = (uint32_t)sonde_get(header, ip ? SONDE_IP_ID : SONDE_FRAGMENT_ID);
}

int sonde_flow_ip(const struct sonde_packet *p, bool quoted)
{
	for (int i = p->n_layers - 1; i >= 0; i--)
		if (p->layers[i].quoted == quoted && SONDE_WIDTH(p->layers[i].proto->dst_place) && !p->layers[i].cut)
			return i;
	return -1;
}

int sonde_flow_tuple_of(struct sonde_flow_tuple *out, const struct sonde_packet *p, bool quoted)
{
	int at = sonde_flow_ip(p, quoted);
	*out = (struct sonde_flow_tuple){ .transport = -1 };
	if (at < 0)
		return SONDE_E_ABSENT;
	const uint8_t *ip = sonde_layer_header(p, at);
	out->pair.local.addr = sonde_addr_at(ip, p->layers[at].proto->src_place);
	out->pair.remote.addr = sonde_addr_at(ip, p->layers[at].proto->dst_place);
	/* Walk the extension headers up to the one that names the transport protocol. */
	for (;; at++) {
		const struct sonde_layer *l = &p->layers[at];
		const uint8_t *header = sonde_layer_header(p, at);
		if (l->cut || !sonde_place_there(l, l->proto->next))
			return SONDE_E_ABSENT;
		out->pair.proto = (uint8_t)sonde_get(header, l->proto->next);
		take_fragment(out, l, header);
		if (at + 1 == p->n_layers || p->layers[at + 1].proto->next_space != SONDE_SPACE_IP)
			break;
	}
	if (out->later)
		return SONDE_E_ABSENT;
	const struct sonde_proto *carried = sonde_proto_by_id(SONDE_SPACE_IP, out->pair.proto);
	if (!carried || !(sonde_proto_has_ports(carried) || carried == &sonde_icmp || carried == &sonde_icmp6))
		return 0;
	return at + 1 < p->n_layers && p->layers[at + 1].proto == carried ? take_ports(out, p, at + 1) : SONDE_E_ABSENT;
}

static void put_16(struct sonde_buf *b, uint16_t v)
{
	uint8_t bytes[2];
	sonde_put_be16(bytes, v);
	sonde_buf_put(b, sonde_view(bytes, sizeof bytes));
}

/* RFC 4648, 4. len is not a multiple of 3 here, so the last group is padded. */
static void base64(char *out, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t at = 0; at < len; at += 3, out += 4) {
		uint8_t group[3] = { 0 };
		size_t n = len - at < sizeof group ? len - at : sizeof group;
		memcpy(group, bytes + at, n);
		uint32_t bits = sonde_get_be24(group);
		for (size_t i = 0; i < 4; i++)
			out[i] = i <= n ? digits[bits >> (18 - 6 * i) & 63] : '=';
	}
	*out = 0;
}

char *sonde_community_id(char out[static SONDE_COMMUNITY_STRLEN], const struct sonde_flow_tuple *t, uint16_t seed)
{
	uint8_t bytes[2 + 2 * SONDE_IP6_LEN + 2 + 4], digest[SONDE_SHA1_LEN];
	struct sonde_buf b = { bytes, 0, sizeof bytes };
	const struct sonde_endpoint *low = &t->pair.local, *high = &t->pair.remote;
	if (!t->one_way && sonde_endpoint_compare(low, high) > 0) {
		low = &t->pair.remote;
		high = &t->pair.local;
	}
	put_16(&b, seed);
	sonde_buf_put(&b, sonde_addr_view(&low->addr));
	sonde_buf_put(&b, sonde_addr_view(&high->addr));
	put_16(&b, (uint16_t)(t->pair.proto << 8));
	if (t->transport >= 0) {
		put_16(&b, low->port);
		put_16(&b, high->port);
	}
	sonde_sha1(digest, sonde_view(bytes, b.len));
	memcpy(out, "1:", 2);
	base64(out + 2, digest, sizeof digest);
	return out;
}
