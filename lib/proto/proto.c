#include "base/hash.h"
#include "proto/describe.h"
#include "proto/finish.h"

/* The enclosing layer with addresses, or NULL. */
static const struct sonde_layer *address_layer(const struct sonde_layer *first, const struct sonde_layer *layer,
					       bool *routed)
{
	*routed = false;
	for (const struct sonde_layer *l = layer; l-- > first;) {
		*routed |= sonde_may_hold_route(l);
		if (SONDE_WIDTH(l->proto->dst_place))
			return l;
		/* An IP layer outside of a tunnel belongs to another packet. */
		if (SONDE_WIDTH(l->proto->next) == 0)
			return NULL;
	}
	return NULL;
}

uint64_t sonde_pseudo_sum_slow(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer,
			   uint64_t sum)
{
	uint8_t addrs[2 * 16];
	bool routed;
	const struct sonde_layer *ip = address_layer(first, layer, &routed);
	if (!ip || ip->cut)
		return 0;
	uint32_t size = SONDE_WIDTH(ip->proto->dst_place) / 8;
	memcpy(addrs, packet + ip->offset + SONDE_FIRST(ip->proto->src_place) / 8, 2 * size);
	for (const struct sonde_layer *l = ip; routed && l < layer; l++)
		if (sonde_may_hold_route(l))
			l->proto->final_addrs(l, packet + l->offset, addrs, addrs + size);
	return sonde_sum_addrs(sum, addrs, size);
}

uint16_t sonde_pseudo_checksum(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer)
{
	const struct sonde_context c = { .packet = (uint8_t *)packet,
					 .layer = (struct sonde_layer *)layer,
					 .first = first };
	const struct sonde_proto *proto = layer->proto;
	uint32_t len = proto->declared ? proto->declared(layer, packet + layer->offset) : 0;
	if (len == 0)
		len = layer->total_len;
	return sonde_sum_fold(sonde_pseudo_sum(&c, sonde_number_in(proto, SONDE_SPACE_IP, 0), len));
}

/* Whether an RFC 4884 extension begins at this offset. */
static bool are_objects(struct sonde_view payload, uint32_t at)
{
	enum { HEAD = 4, VERSION = 2 };
	return payload.len >= at + HEAD && payload.data[at] >> 4 == VERSION;
}

uint32_t sonde_objects_at(uint32_t quote_len, struct sonde_view payload)
{
	enum { OLD_PLACE = 128 };
	uint32_t at = quote_len ? quote_len : OLD_PLACE;
	if (!are_objects(payload, at))
		return 0;
	/* At the fixed offset, only a right checksum distinguishes objects from a long quote. */
	if (quote_len == 0 && sonde_checksum(sonde_view_sub(payload, at, payload.len)) != 0)
		return 0;
	return at;
}

uint32_t sonde_quote_len(const struct sonde_context *c)
{
	if (!c->trailer_offset)
		return 0;
	const struct sonde_layer *l = c->layer;
	uint32_t len = c->payload_end - l->offset - l->header_len, align = l->proto->trailer_align;
	if (len < l->proto->trailer_min)
		return l->proto->trailer_min;
	return (len + align - 1) / align * align;
}

uint8_t sonde_required_ttl(const uint8_t *packet, const struct sonde_layer *layer, const struct sonde_layer *end)
{
	for (; layer < end && !layer->cut; layer++) {
		const struct sonde_proto *proto = layer->proto;
		bool extends_ip = proto->next_space == SONDE_SPACE_IP && SONDE_WIDTH(proto->dst_place) == 0;
		if (proto->ttl)
			return proto->ttl(packet + layer->offset);
		if (!extends_ip)
			return 0;
	}
	return 0;
}

const struct sonde_proto *sonde_child_by_version(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	if (l->have_len <= l->header_len)
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_VERSION, sonde_header(c)[l->header_len] >> 4);
}

const struct sonde_proto *sonde_child_objects(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	uint32_t len = l->have_len > l->header_len ? l->have_len - l->header_len : 0;
	bool there = are_objects(sonde_view(sonde_header(c) + l->header_len, len), 0);
	return there ? sonde_proto_by_id(SONDE_SPACE_TRAILER, l->proto->trailer) : NULL;
}

const struct sonde_proto *sonde_child_by_family(uint32_t family)
{
	switch (family) {
	case 2: return sonde_proto_by_id(SONDE_SPACE_VERSION, 4);
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return sonde_proto_by_id(SONDE_SPACE_VERSION, 6);
	default: return NULL;
	}
}

const struct sonde_proto *sonde_proto_by_ports(uint8_t space, const uint8_t *header, struct sonde_view payload)
{
	if (payload.len == 0)
		return NULL;
	const struct sonde_proto *proto = sonde_proto_by_bytes(space, sonde_get_be16(header + 2), payload);
	return proto ? proto : sonde_proto_by_bytes(space, sonde_get_be16(header), payload);
}

const struct sonde_proto *sonde_child_by_port(const struct sonde_context *c, uint8_t space)
{
	const struct sonde_layer *l = c->layer;
	const uint8_t *header = sonde_header(c);
	uint32_t len = l->have_len > l->header_len ? l->have_len - l->header_len : 0;
	return sonde_proto_by_ports(space, header, sonde_view(header + l->header_len, len));
}

const struct sonde_proto *sonde_child_by_number(const struct sonde_context *c, uint8_t space, uint32_t number)
{
	const struct sonde_layer *l = c->layer;
	uint32_t len = l->have_len > l->header_len ? l->have_len - l->header_len : 0;
	return sonde_proto_by_bytes(space, number, sonde_view(sonde_header(c) + l->header_len, len));
}

bool sonde_is_ethernet(struct sonde_view bytes)
{
	enum { TYPE = 12, HEADER_LEN = 14 };
	if (bytes.len < HEADER_LEN)
		return false;
	uint32_t type = sonde_get_be16(bytes.data + TYPE);
	if (type <= SONDE_ETHER_MAX_LEN)
		return type > 0 && type <= bytes.len - HEADER_LEN;
	return sonde_proto_by_id(SONDE_SPACE_ETHERTYPE, type) != NULL;
}

const struct sonde_proto *sonde_child_by_ethertype(const struct sonde_context *c, uint32_t number)
{
	if (number <= SONDE_ETHER_MAX_LEN)
		return sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_LLC);
	return sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, number);
}

void sonde_fill_ethertype(const struct sonde_context *c, sonde_place place)
{
	const struct sonde_proto *inside = c->layer + 1 < c->end ? c->layer[1].proto : NULL;
	uint32_t number = inside ? sonde_number_in(inside, SONDE_SPACE_ETHERTYPE, 0) : 0;
	bool llc = !number && inside && sonde_number_in(inside, SONDE_SPACE_INSIDE, 0) == SONDE_INSIDE_LLC;
	uint32_t len = c->layer->total_len - c->layer->header_len;
	if (llc)
		number = len <= SONDE_ETHER_MAX_LEN ? len : UINT32_MAX;
	sonde_fill(c, place, number || llc ? number : SONDE_ETHER_NO_NEXT);
}

/* In Linux cooked captures, 4 stands for LLC (tcpdump.org/linktypes). */
#define COOKED_LLC 4

const struct sonde_proto *sonde_child_of_cooked(const struct sonde_context *c, uint32_t number)
{
	if (number <= SONDE_ETHER_MAX_LEN)
		return number == COOKED_LLC ? sonde_child_by_ethertype(c, number) : NULL;
	return sonde_child_by_ethertype(c, number);
}

uint32_t sonde_cooked_number(const struct sonde_context *c)
{
	const struct sonde_proto *inside = c->layer + 1 < c->end ? c->layer[1].proto : NULL;
	bool llc = inside && sonde_number_in(inside, SONDE_SPACE_INSIDE, 0) == SONDE_INSIDE_LLC;
	return llc ? COOKED_LLC : inside ? sonde_number_in(inside, SONDE_SPACE_ETHERTYPE, SONDE_ETHER_NO_NEXT)
					 : SONDE_ETHER_NO_NEXT;
}

uint32_t sonde_child_family(const struct sonde_context *c, uint32_t inet6)
{
	uint32_t version = c->layer + 1 < c->end ? sonde_number_in(c->layer[1].proto, SONDE_SPACE_VERSION, 0) : 0;
	return version == 4 ? 2 : version == 6 ? inet6 : 0;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

#define SOURCE_PORT      SONDE_FIELD(0, 0, 16)
#define DESTINATION_PORT SONDE_FIELD(1, 16, 16)

void sonde_ports_question(struct sonde_question *q, const struct sonde_context *c)
{
	q->sport = (uint16_t)sonde_get(sonde_header(c), SOURCE_PORT);
	q->dport = (uint16_t)sonde_get(sonde_header(c), DESTINATION_PORT);
}

bool sonde_ports_answer(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_get(sonde_header(c), SOURCE_PORT) == q->dport &&
	       sonde_get(sonde_header(c), DESTINATION_PORT) == q->sport;
}

bool sonde_ports_are_ours(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_get(sonde_header(c), SOURCE_PORT) == q->sport &&
	       sonde_get(sonde_header(c), DESTINATION_PORT) == q->dport;
}

uint32_t sonde_ports_number(const struct sonde_context *c, bool ours)
{
	uint32_t source = (uint32_t)sonde_get(sonde_header(c), SOURCE_PORT);
	uint32_t destination = (uint32_t)sonde_get(sonde_header(c), DESTINATION_PORT);
	return ours ? source << 16 | destination : destination << 16 | source;
}

void sonde_number_question(struct sonde_question *q, uint32_t number)
{
	const uint8_t udp = 17;
	q->tag = number;
	if (q->ip_proto != udp)
		q->message_proto = NULL;
}

bool sonde_number_answers(const struct sonde_question *q, const struct sonde_context *c, uint32_t number)
{
	struct sonde_context around = *c;
	while (around.layer > c->first && !sonde_proto_has_ports(around.layer->proto))
		around.layer--;
	return number == q->tag && sonde_proto_has_ports(around.layer->proto) && sonde_ports_answer(q, &around);
}

static bool has_numbers(const struct sonde_question *q, uint32_t numbers)
{
	return numbers == ((uint32_t)q->id << 16 | q->count);
}

/* RFC 1122, 3.2.2.6: data received in an echo must be entirely included in the reply. */
static void digest_data(struct sonde_question *q, const struct sonde_context *c)
{
	const struct sonde_message_pair *pair = sonde_pair_of(c->layer->proto, q->icmp_type);
	const struct sonde_layer *l = c->layer;
	if (!pair || !pair->same_data || l->total_len != l->have_len || l->have_len < l->header_len)
		return;
	q->has_data = true;
	q->data_len = l->have_len - l->header_len;
	q->data_hash = sonde_siphash((struct sonde_key){ 0, 0 },
				     sonde_view(sonde_header(c) + l->header_len, q->data_len));
}

void sonde_icmp_question(struct sonde_question *q, const struct sonde_context *c, uint32_t numbers)
{
	const uint8_t *header = sonde_header(c);
	q->kind = SONDE_ASKS_ECHO;
	q->icmp_type = header[0];
	q->icmp_code = header[1];
	q->id = (uint16_t)(numbers >> 16);
	q->count = (uint16_t)numbers;
	digest_data(q, c);
}

enum sonde_answer sonde_icmp_answer(const struct sonde_question *q, const struct sonde_context *c, uint32_t numbers)
{
	const struct sonde_message_pair *pair = sonde_pair_of(c->layer->proto, q->icmp_type);
	if (!pair || pair->no_match || pair->request != q->icmp_type || pair->reply != sonde_header(c)[0])
		return SONDE_SILENCE;
	return has_numbers(q, numbers) ? SONDE_ANSWER_ECHO : SONDE_SILENCE;
}

bool sonde_icmp_is_question(const struct sonde_question *q, const struct sonde_context *c, uint32_t numbers)
{
	return sonde_header(c)[0] == q->icmp_type && has_numbers(q, numbers);
}

const struct sonde_message_pair *sonde_pair_of(const struct sonde_proto *p, uint8_t type)
{
	for (const struct sonde_message_pair *pair = p->pairs; pair && (pair->request || pair->reply); pair++)
		if (pair->request == type || pair->reply == type)
			return pair;
	return NULL;
}

void sonde_enter_message(struct sonde_finish *f, const struct sonde_layer *layer, const struct sonde_layer *end)
{
	unsigned i = f->n_streams;
	while (i > 0 && f->streams[i - 1].follower != layer->proto->follower)
		i--;
	if (i > 0) {
		f->n_streams = i;
		f->end = f->streams[i - 1].end;
		f->missing = f->streams[i - 1].missing;
	} else if (f->n_streams < SONDE_MAX_STREAMS) {
		f->streams[f->n_streams].follower = layer->proto->follower;
		f->streams[f->n_streams].end = f->end;
		f->streams[f->n_streams++].missing = f->missing;
	}
	for (const struct sonde_layer *next = layer + 1; next < end && next->offset < f->end; next++) {
		if (next->proto->follower != layer->proto->follower)
			continue;
		f->end = next->offset;
		f->missing = 0;
	}
}

void sonde_finish_any(struct sonde_finish *f)
{
	sonde_finish_layer(f, f->here.layer->proto, f->here.infer);
}
