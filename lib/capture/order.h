/* Numbers in capture files, which have the byte order of the machine that wrote them. */
#ifndef SONDE_CAPTURE_ORDER_H
#define SONDE_CAPTURE_ORDER_H

#include <stdbool.h>

#include "base/bytes.h"

static inline uint16_t sonde_order_get16(const uint8_t *p, bool big_endian)
{
	uint16_t v = sonde_get_be16(p);
	return big_endian ? v : __builtin_bswap16(v);
}

static inline uint32_t sonde_order_get32(const uint8_t *p, bool big_endian)
{
	uint32_t v = sonde_get_be32(p);
	return big_endian ? v : __builtin_bswap32(v);
}

static inline uint64_t sonde_order_get64(const uint8_t *p, bool big_endian)
{
	uint64_t v = sonde_get_be64(p);
	return big_endian ? v : __builtin_bswap64(v);
}

#endif
