#include "flow/community.h"

#include "base/sha1.h"

static void put_addr(struct sonde_buf *b, const struct sonde_addr *a)
{
	sonde_buf_put(b, sonde_addr_view(a));
}

static void put_16(struct sonde_buf *b, uint16_t v)
{
	uint8_t bytes[2];
	sonde_put_be16(bytes, v);
	sonde_buf_put(b, sonde_view(bytes, sizeof bytes));
}

/* RFC 4648, 4; len is no multiple of 3 here, so the last group is filled up. */
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
	put_addr(&b, &low->addr);
	put_addr(&b, &high->addr);
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
