/* Places of fields: where in a header (or in an item of a list) a field's bits are.
 *
 * A place is one integer constant: the number of the field's row in its table, the first bit, counted from the start of
 * the header, and the width in bits. What does not fit into the constant does not compile.
 *
 *	#define SONDE_UDP_LENGTH SONDE_FIELD(2, 32, 16)
 *	len = sonde_get(header, SONDE_UDP_LENGTH);
 *
 * Bits are counted as the RFCs draw them,
	the most significant bit of the first byte first. Of a SONDE_LITTLE place they
 * are counted from the least significant bit of each byte, and the number is little-endian, as IEEE 802.11 draws it.
 */
#ifndef SONDE_PROTO_PLACE_H
#define SONDE_PROTO_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

typedef uint64_t sonde_place;

#define SONDE_MAX_ROWS 64
#define SONDE_NEXT     0xffffffu /* as first bit: after the row before it */
#define SONDE_MAX_BIT  0xffffffu

#define SONDE_PLACE_FITS(row, first, width)                                                                            \
	(0 * sizeof(char[(row) < SONDE_MAX_ROWS && (first) <= SONDE_MAX_BIT && (width) <= SONDE_MAX_BIT ? 1 : -1]))

/* Width 0: a field of whole bytes whose length its row defines in another way. */
#define SONDE_FIELD(row, first, width)                                                                                 \
	((sonde_place)(first) | (sonde_place)(width) << 24 | (sonde_place)(row) << 48 |                                \
	 SONDE_PLACE_FITS(row, first, width))
#define SONDE_LITTLE(row, first, width) (SONDE_FIELD(row, first, width) | UINT64_C(1) << 62)
/* Bits of another row, under another name. */
#define SONDE_VIEW(row, first, width)   (SONDE_FIELD(row, first, width) | UINT64_C(1) << 63)

#define SONDE_FIRST(place)     ((uint32_t)((place) & 0xffffff))
#define SONDE_WIDTH(place)     ((uint32_t)((place) >> 24 & 0xffffff))
#define SONDE_ROW(place)       ((unsigned)((place) >> 48 & 0x3f))
#define SONDE_MARK(place)      (UINT64_C(1) << SONDE_ROW(place))
#define SONDE_IS_LITTLE(place) ((bool)((place) >> 62 & 1))
#define SONDE_IS_VIEW(place)   ((bool)((place) >> 63))
/* The first bit after a place. */
#define SONDE_END(place)       (SONDE_FIRST(place) + SONDE_WIDTH(place))

/* The largest number that a place of up to 64 bits holds. */
static inline uint64_t sonde_place_max(sonde_place place)
{
	return ~UINT64_C(0) >> (64 - SONDE_WIDTH(place));
}

/* The number in a place of up to 64 bits. For a constant place, compilers make one load. */
static inline __attribute__((always_inline)) uint64_t sonde_get(const uint8_t *header, sonde_place place)
{
	if (SONDE_IS_LITTLE(place))
		return sonde_little_get(header, SONDE_FIRST(place), SONDE_WIDTH(place));
	return sonde_bits_get(header, SONDE_FIRST(place), SONDE_WIDTH(place));
}

static inline __attribute__((always_inline)) void sonde_put(uint8_t *header, sonde_place place, uint64_t v)
{
	if (SONDE_IS_LITTLE(place))
		sonde_little_put(header, SONDE_FIRST(place), SONDE_WIDTH(place), v);
	else
		sonde_bits_put(header, SONDE_FIRST(place), SONDE_WIDTH(place), v);
}

#endif
