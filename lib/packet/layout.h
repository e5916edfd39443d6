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

/* Whether other rows exist, or are as long as they are, by the number in the row at this place. */
bool sonde_decides_rows(const struct sonde_proto *proto, uint32_t place);

/* The bytes that a row with .len_from has when that number is n. */
static inline uint64_t sonde_bytes_by_number(const struct sonde_field *row, uint64_t n)
{
	return (n + row->less) * (row->unit ? row->unit : 1);
}

/* What the number at .len_from must be for a row of len bytes. */
static inline uint64_t sonde_number_by_bytes(const struct sonde_field *row, uint64_t len)
{
	uint64_t n = len / (row->unit ? row->unit : 1);
	return n > row->less ? n - row->less : 0;
}

/* Let the number at .len_from say that a row of this header (or item) has len bytes. Returns 0, or SONDE_E_RANGE when
 * it cannot say so much. */
int sonde_put_length(uint8_t *header, const struct sonde_field *row, uint64_t len);

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
