/* What descriptions of protocols are written with: macros for their tables, and functions for their hooks. Private to
 * the sources of lib. */
#ifndef SONDE_PROTO_DESCRIBE_H
#define SONDE_PROTO_DESCRIBE_H

#include "proto/names.h"
#include "proto/proto.h"

/* --- Tables ------------------------------------------------------------------------------------------------------ */

/* A row of a table. Its index comes from its place, so rows cannot be out of order. */
#define ROW(form, label, where, ...)                                                                                   \
	[SONDE_ROW(where)] = { .name = (label), .place = (where), .view = SONDE_IS_VIEW(where), .shape = (form),       \
			       __VA_ARGS__ }
#define SCALAR(name, place, ...) ROW(SONDE_SCALAR, name, place, __VA_ARGS__)
#define BYTES(name, place, ...)  ROW(SONDE_BYTES, name, place, __VA_ARGS__)
#define LIST(name, place, ...)   ROW(SONDE_LIST, name, place, __VA_ARGS__)
#define KIND(name)               .kind = &sonde_kind_##name
#define ITEM(label, number, ...) { .name = (label), .kind = (number), __VA_ARGS__ }

/* --- For functions ----------------------------------------------------------------------------------------------- */

/* Give an open field its computed value: write it, or when inferring, mark the field as written where it differs. The
 * place is fixed, and within the header. A value that does not fit makes sonde_finish fail. */
static inline __attribute__((always_inline)) void sonde_fill(const struct sonde_context *c, sonde_place place,
	uint64_t v)
{
	struct sonde_layer *l = c->layer;
	if (c->written & SONDE_MARK(place))
		return;
	if (c->infer) {
		if (sonde_get(c->packet + l->offset, place) != v)
			l->written |= SONDE_MARK(place);
		return;
	}
	sonde_put(c->packet + l->offset, place, v);
	if (__builtin_expect(v > sonde_place_max(place), 0)) {
		l->unfit = (uint8_t)(1 + SONDE_ROW(place));
		*c->unfit = true;
	}
}

/* The bytes of the layer that are present, header and payload. */
static inline struct sonde_view sonde_layer_view(const struct sonde_context *c)
{
	return sonde_view(sonde_header(c), c->layer->have_len);
}

/* Whether a header may hold other addresses for the pseudo-header (a source route): at its minimum length it cannot. */
static inline bool sonde_may_hold_route(const struct sonde_layer *l)
{
	return l->header_len > l->proto->min_len && l->proto->final_addrs && !l->cut;
}

/* sonde_pseudo_sum where the enclosing layer is not an IP header, or one with a source route. */
uint64_t sonde_pseudo_sum_slow(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer,
			   uint64_t sum);

/* The sum of two addresses of `size` bytes: in IP headers, the destination follows the source. */
static inline uint64_t sonde_sum_addrs(uint64_t sum, const uint8_t *addrs, uint32_t size)
{
	const uint32_t ip4_len = 4;
	return size == ip4_len ? sonde_sum_8(sum, addrs) : sonde_sum_many(sum, addrs, 2 * size);
}

/* The sum of the pseudo-header for a layer of IP protocol `number` and `len` bytes: the addresses of the enclosing IP
 * layer (or those that routing headers put in their place), length and protocol. 0 without an IP layer. */
static inline uint64_t sonde_pseudo_sum(const struct sonde_context *c, uint32_t number, uint32_t len)
{
	const struct sonde_layer *ip = c->layer - 1;
	uint64_t sum = sonde_sum_number(0, (uint64_t)number + len);
	if (c->layer == c->first || SONDE_WIDTH(ip->proto->dst_place) == 0 || ip->cut || sonde_may_hold_route(ip))
		return sonde_pseudo_sum_slow(c->packet, c->first, c->layer, sum);
	return sonde_sum_addrs(sum, c->packet + ip->offset + SONDE_FIRST(ip->proto->src_place) / 8,
			       SONDE_WIDTH(ip->proto->dst_place) / 8);
}

/* The folded pseudo-header sum of a layer: the partial checksum that offload leaves. */
uint16_t sonde_pseudo_checksum(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer);

/* The Internet checksum of the first len bytes of the layer with the 16-bit word at place counted as 0, added to
 * sum. The place is in the first min_len bytes, a constant, so that compilers see the loads of the fixed part. */
static inline __attribute__((always_inline)) uint16_t
sonde_layer_checksum(const struct sonde_context *c, sonde_place place, uint32_t min_len, uint64_t sum, uint32_t len)
{
	const uint8_t *header = sonde_header(c);
	uint32_t at = SONDE_FIRST(place) / 8, behind = at + 2;
	if (len < min_len)
		return 0;
	/* All parts start at even offsets, so their sums add up. */
	sum = sonde_sum_few(sum, header, at);
	sum = sonde_sum_few(sum, header + behind, min_len - behind);
	if (len > min_len)
		sum = sonde_sum_many(sum, header + min_len, len - min_len);
	return (uint16_t)~sonde_sum_fold(sum);
}

/* Bytes from the start of an ICMP error's payload to its RFC 4884 extension, or 0 without one. quote_len is the length
 * of the quote by the header; if it is 0, the fixed offset that older routers use is tried (RFC 4884, 5.5). */
uint32_t sonde_objects_at(uint32_t quote_len, struct sonde_view payload);

/* Length of the quote of this ICMP error after padding for the trailer; 0 without a trailer. */
uint32_t sonde_quote_len(const struct sonde_context *c);

/* The TTL that a layer requires, or that what follows it requires if it is an IP extension header; 0: none. Called by
 * sonde_child_ttl. */
uint8_t sonde_required_ttl(const uint8_t *packet, const struct sonde_layer *layer, const struct sonde_layer *end);

/* The TTL or hop limit that the layer inside requires, or 64. */
static inline uint8_t sonde_child_ttl(const struct sonde_context *c)
{
	const uint8_t usual = 64;
	const struct sonde_layer *inside = c->layer + 1;
	if (inside >= c->end || (!inside->proto->ttl && SONDE_WIDTH(inside->proto->next) == 0))
		return usual;
	uint8_t asked = sonde_required_ttl(c->packet, inside, c->end);
	return asked ? asked : usual;
}

/* Hooks for protocols whose header begins with the source and destination ports. */
void sonde_ports_question(struct sonde_question *q, const struct sonde_context *c);
bool sonde_ports_answer(const struct sonde_question *q, const struct sonde_context *c);
bool sonde_ports_are_ours(const struct sonde_question *q, const struct sonde_context *c);
uint32_t sonde_ports_number(const struct sonde_context *c, bool ours);

/* Of messages that a number tells apart. In a stream, segments answer segments, and messages do not count. */
void sonde_number_question(struct sonde_question *q, uint32_t number);
/* Whether a message with that number came from where the question went, and to where it came from. */
bool sonde_number_answers(const struct sonde_question *q, const struct sonde_context *c, uint32_t number);

/* Of ICMP and ICMPv6: the identifier << 16 | the sequence number, which a request and its reply share. In an extended
 * echo, the last byte describes the interface and is left out. */
static inline uint32_t sonde_icmp_numbers(const uint8_t *header, bool extended)
{
	return sonde_get_be32(header + 4) & (extended ? 0xffffff00 : 0xffffffff);
}

/* And their hooks, for a message with these numbers. */
void sonde_icmp_question(struct sonde_question *q, const struct sonde_context *c, uint32_t numbers);
enum sonde_answer sonde_icmp_answer(const struct sonde_question *q, const struct sonde_context *c, uint32_t numbers);
bool sonde_icmp_is_question(const struct sonde_question *q, const struct sonde_context *c, uint32_t numbers);

/* Whether bytes look like an Ethernet frame: its type is known, or is the length of a frame with LLC. */
bool sonde_is_ethernet(struct sonde_view bytes);

/* The protocol that follows a layer: by the first four bits of the payload; */
const struct sonde_proto *sonde_child_by_version(const struct sonde_context *c);
/* as ICMP extension objects, if the payload looks like them: they follow an extended echo request directly (RFC 8335,
 * 2); */
const struct sonde_proto *sonde_child_objects(const struct sonde_context *c);
/* by an address family of a BSD or Linux: 2 for IPv4; 10, 24, 28 and 30 for IPv6; */
const struct sonde_proto *sonde_child_by_family(uint32_t family);
/* by one of the two ports that the header begins with, the destination first, if the payload looks like that
 * protocol; */
const struct sonde_proto *sonde_child_by_port(const struct sonde_context *c, uint8_t space);
const struct sonde_proto *sonde_proto_by_ports(uint8_t space, const uint8_t *header, struct sonde_view payload);

/* by a number in a space, and the bytes behind the header; */
const struct sonde_proto *sonde_child_by_number(const struct sonde_context *c, uint8_t space, uint32_t number);
/* by an Ethernet type, or as LLC, if the number is a length (IEEE 802.3, 3.2.6). */
const struct sonde_proto *sonde_child_by_ethertype(const struct sonde_context *c, uint32_t number);

/* Fill the number that sonde_child_by_ethertype takes, in the last row of the header. */
void sonde_fill_ethertype(const struct sonde_context *c, sonde_place place);

/* The length of a layer whose header ends with that number: 0 when it is a type. */
static inline uint32_t sonde_declared_by_ethertype(uint32_t header_len, uint32_t number)
{
	return number <= SONDE_ETHER_MAX_LEN ? header_len + number : 0;
}

/* The same for the protocol number of Linux cooked captures. */
const struct sonde_proto *sonde_child_of_cooked(const struct sonde_context *c, uint32_t number);
uint32_t sonde_cooked_number(const struct sonde_context *c);

/* The address family of the layer inside, or 0. inet6 is the number for IPv6, which differs between systems. */
uint32_t sonde_child_family(const struct sonde_context *c, uint32_t inet6);

#endif
