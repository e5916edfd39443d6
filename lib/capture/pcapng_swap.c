#include "capture/pcapng_swap.h"

#include "base/error.h"
#include "capture/pcapng_read.h"

#define HEAD_LEN 4 /* of options and records: a code and a length, 16 bits each */

static void swap16(uint8_t *p)
{
	uint16_t v = sonde_get_be16(p);
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void swap32(uint8_t *p)
{
	uint32_t v = __builtin_bswap32(sonde_get_be32(p));
	sonde_put_be32(p, v);
}

static size_t padded(size_t len)
{
	return (len + 3) / 4 * 4;
}

/* Options that anybody may define begin with the number of who did. */
static bool has_maker(uint16_t code)
{
	return code == 2988 || code == 2989 || code == 19372 || code == 19373;
}

/* Turn what follows at *at, up to an end with code 0: options, or records of name resolution. */
static int swap_items(struct sonde_buf *body, size_t *at, bool options)
{
	uint16_t code = 1;
	while (code && body->len - *at >= HEAD_LEN) {
		uint8_t *item = body->data + *at;
		size_t len = sonde_get_be16(item + 2), left = body->len - *at - HEAD_LEN;
		code = sonde_get_be16(item);
		if (padded(len) > left)
			return SONDE_E_MALFORMED;
		if (options && has_maker(code) && len >= 4)
			swap32(item + HEAD_LEN);
		swap16(item);
		swap16(item + 2);
		*at += HEAD_LEN + padded(len);
	}
	return 0;
}

static int swap_secrets(struct sonde_buf *body)
{
	const size_t fixed = 8; /* their kind, and how many bytes they are */
	if (body->len < fixed)
		return SONDE_E_MALFORMED;
	size_t len = sonde_get_be32(body->data + 4), at = fixed + padded(len);
	if (len > body->len - fixed || at > body->len)
		return SONDE_E_MALFORMED;
	swap32(body->data);
	swap32(body->data + 4);
	return swap_items(body, &at, true);
}

/* The number of who made it; the bytes behind are the maker's, in the order that they say. */
static int swap_custom(struct sonde_buf *body)
{
	if (body->len < 4)
		return SONDE_E_MALFORMED;
	swap32(body->data);
	return 0;
}

int sonde_pcapng_swap(struct sonde_buf *body, uint32_t type)
{
	size_t at = 0;
	int err;
	switch (type) {
	case SONDE_PCAPNG_NAME_RESOLUTION:
		err = swap_items(body, &at, false);
		return err ? err : swap_items(body, &at, true);
	case SONDE_PCAPNG_SECRETS: return swap_secrets(body);
	case SONDE_PCAPNG_CUSTOM: return swap_custom(body);
	case SONDE_PCAPNG_JOURNAL: return 0;
	default: return SONDE_E_UNSUPPORTED;
	}
}
