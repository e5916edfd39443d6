#include "flow/tuple.h"

#include "base/sha1.h"
#include "proto/fragment.h"
#include "proto/ip.h"
#include "proto/udp.h"

/* The type takes the place of the sender's port; the type of the other message of the pair, else the code, that of the
 * receiver's. */
static void read_icmp(struct sonde_flow_tuple *t, const struct sonde_proto *proto, const uint8_t *header)
{
	const struct sonde_message_pair *pair = sonde_pair_of(proto, header[0]);
	t->one_way = !pair || !pair->one_flow;
	t->pair.local.port = header[0];
	t->pair.remote.port = t->one_way ? header[1] : header[0] == pair->request ? pair->reply : pair->request;
}

/* The ports of the layer, or ICMP's type and code. Returns 0 or SONDE_E_ABSENT. */
static int read_ports(struct sonde_flow_tuple *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = sonde_layer_header(p, layer);
	bool messages = l->proto->pairs != NULL;
	if (l->header_len < (messages ? 2 : 4))
		return SONDE_E_ABSENT;
	t->transport = layer;
	if (messages) {
		read_icmp(t, l->proto, header);
	} else {
		t->pair.local.port = (uint16_t)sonde_get(header, SONDE_UDP_SPORT);
		t->pair.remote.port = (uint16_t)sonde_get(header, SONDE_UDP_DPORT);
	}
	return 0;
}

static void read_fragment(struct sonde_flow_tuple *t, const struct sonde_layer *l, const uint8_t *header)
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
	/* Skip extension headers up to the one that announces the transport protocol. */
	for (;; at++) {
		const struct sonde_layer *l = &p->layers[at];
		const uint8_t *header = sonde_layer_header(p, at);
		if (l->cut || !sonde_place_there(l, l->proto->next))
			return SONDE_E_ABSENT;
		out->pair.proto = (uint8_t)sonde_get(header, l->proto->next);
		read_fragment(out, l, header);
		if (at + 1 == p->n_layers || p->layers[at + 1].proto->next_space != SONDE_SPACE_IP)
			break;
	}
	if (out->later)
		return SONDE_E_ABSENT;
	const struct sonde_proto *carried = sonde_proto_by_id(SONDE_SPACE_IP, out->pair.proto);
	if (!carried || !(sonde_proto_has_ports(carried) || carried->pairs))
		return 0;
	return at + 1 < p->n_layers && p->layers[at + 1].proto == carried ? read_ports(out, p, at + 1) : SONDE_E_ABSENT;
}

int sonde_flow_tuple_of_question(struct sonde_flow_tuple *out, const struct sonde_question *q)
{
	const struct sonde_proto *carried = sonde_proto_by_id(SONDE_SPACE_IP, q->ip_proto);
	const uint8_t header[] = { q->icmp_type, q->icmp_code };
	*out = (struct sonde_flow_tuple){ .pair = sonde_question_pair(q), .transport = -1 };
	if (q->kind == SONDE_ASKS_ARP)
		return SONDE_E_ABSENT;
	if (carried && carried->pairs)
		read_icmp(out, carried, header);
	if (carried && (carried->pairs || sonde_proto_has_ports(carried)))
		out->transport = 0;
	return 0;
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
