/* Where the rows of a header (or of an item of a list) are, given its bytes. */
#ifndef SONDE_PACKET_LAYOUT_H
#define SONDE_PACKET_LAYOUT_H

#include "proto/proto.h"

/* A row's place in these bytes. */
struct sonde_slot {
	uint32_t first; /* bit */
	uint32_t width; /* bits; may be 0 for a list or bytes */
	bool there;
};

/* Whether a row that is not there may be written all the same, and sets the bit that says it is there. */
static inline bool sonde_row_announces(const struct sonde_layer *l, const struct sonde_field *row)
{
	return row->announces && !l->cut && !(l->written & SONDE_MARK(row->when.place));
}

/* Find every row of a table in the len bytes at header. Rows that do not exist, or are not wholly there, have
 * there = false; bytes and lists without a fixed width are cut to what is there. Returns the number of rows. */
unsigned sonde_layout(struct sonde_slot slots[static SONDE_MAX_ROWS], const struct sonde_field *rows,
		      const uint8_t *header, size_t len);

/* Find one row of a layer's header. */
struct sonde_slot sonde_locate(const struct sonde_layer *layer, const uint8_t *header, unsigned row);

/* The number in a slot (width up to 64). */
static inline uint64_t sonde_slot_get(const uint8_t *header, struct sonde_slot s)
{
	return s.width ? sonde_bits_get(header, s.first, s.width) : 0;
}

/* The bytes of a slot that starts and ends with a byte. */
static inline struct sonde_view sonde_slot_view(const uint8_t *header, struct sonde_slot s)
{
	return sonde_view(header + s.first / 8, s.width / 8);
}

#endif
