#include "proto/proto.h"

#include "base/checksum.h"

/* Whether a header may hold other addresses: at its shortest it has no room for them. */
static inline bool may_route(const struct sonde_layer *l)
{
	return l->header_len > l->proto->min_len && l->proto->final_addrs && !l->cut;
}

/* number is that of the protocol and the length; addresses of 4 or 16 bytes. */
static inline uint64_t sum_addresses(uint64_t number, const uint8_t *src, const uint8_t *dst, uint32_t size)
{
	enum { IP4_LEN = 4, IP6_LEN = 16 };
	if (size == IP4_LEN)
		return sonde_sum(sonde_sum(number, sonde_view(src, IP4_LEN)), sonde_view(dst, IP4_LEN));
	return sonde_sum(sonde_sum(number, sonde_view(src, IP6_LEN)), sonde_view(dst, IP6_LEN));
}

static inline const uint8_t *address(const struct sonde_context *c, const struct sonde_layer *ip, uint32_t place)
{
	return c->packet + ip->offset + SONDE_FIRST(place) / 8;
}

static inline uint64_t plain_sum(const struct sonde_context *c, const struct sonde_layer *ip, uint64_t number)
{
	return sum_addresses(number, address(c, ip, ip->proto->src_place), address(c, ip, ip->proto->dst_place),
			     SONDE_WIDTH(ip->proto->dst_place) / 8);
}

/* The layer around that has addresses, or NULL. */
static const struct sonde_layer *address_layer(const struct sonde_context *c, bool *routed)
{
	*routed = false;
	for (const struct sonde_layer *l = c->layer, *first = l - c->index; l-- > first;) {
		*routed |= may_route(l);
		if (SONDE_WIDTH(l->proto->dst_place))
			return l;
		/* Addresses of an IP layer further out belong to another packet. */
		if (SONDE_WIDTH(l->proto->next) == 0)
			return NULL;
	}
	return NULL;
}

/* Some way out, or with other addresses than the IP header has. */
static __attribute__((noinline)) uint64_t distant_sum(const struct sonde_context *c, uint64_t number)
{
	uint8_t src[16], dst[16];
	bool routed;
	const struct sonde_layer *ip = address_layer(c, &routed);
	if (!ip || ip->cut)
		return 0;
	if (!routed)
		return plain_sum(c, ip, number);
	uint32_t size = SONDE_WIDTH(ip->proto->dst_place) / 8;
	memcpy(src, address(c, ip, ip->proto->src_place), size);
	memcpy(dst, address(c, ip, ip->proto->dst_place), size);
	for (const struct sonde_layer *l = ip; l < c->layer; l++)
		if (may_route(l))
			l->proto->final_addrs(l, c->packet + l->offset, src, dst);
	return sum_addresses(number, src, dst, size);
}

uint64_t sonde_pseudo_sum(const struct sonde_context *c, uint32_t number, uint32_t len)
{
	const struct sonde_layer *around = c->layer - 1;
	uint64_t sum = number + (uint64_t)len;
	if (c->index > 0 && SONDE_WIDTH(around->proto->dst_place) && !around->cut && !may_route(around))
		return plain_sum(c, around, sum);
	return distant_sum(c, sum);
}

uint32_t sonde_objects_at(uint32_t quote_len, struct sonde_view payload)
{
	enum { HEAD = 4, VERSION = 2, OLD_PLACE = 128 };
	uint32_t at = quote_len ? quote_len : OLD_PLACE;
	if (payload.len < at + HEAD || payload.data[at] >> 4 != VERSION)
		return 0;
	/* At the old place nothing but the checksum tells objects from a long quote. */
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

#define USUAL_TTL 64

uint8_t sonde_child_ttl(const struct sonde_context *c)
{
	if (c->index + 1 < c->n_layers && c->layer[1].proto->ttl && !c->layer[1].cut) {
		struct sonde_context inside = *c;
		inside.layer++;
		inside.index++;
		uint8_t ttl = inside.layer->proto->ttl(&inside);
		return ttl ? ttl : USUAL_TTL;
	}
	return USUAL_TTL;
}

struct sonde_id sonde_child_by_version(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	if (l->have_len <= l->header_len)
		return (struct sonde_id){ SONDE_NO_SPACE, 0 };
	return (struct sonde_id){ SONDE_SPACE_VERSION, sonde_header(c)[l->header_len] >> 4 };
}

struct sonde_id sonde_child_by_family(uint32_t family)
{
	switch (family) {
	case 2: return (struct sonde_id){ SONDE_SPACE_VERSION, 4 };
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return (struct sonde_id){ SONDE_SPACE_VERSION, 6 };
	default: return (struct sonde_id){ SONDE_NO_SPACE, 0 };
	}
}

uint32_t sonde_child_family(const struct sonde_context *c, uint32_t inet6)
{
	uint32_t version = c->index + 1 < c->n_layers ? sonde_number_in(c->layer[1].proto, SONDE_SPACE_VERSION, 0) : 0;
	return version == 4 ? 2 : version == 6 ? inet6 : 0;
}
