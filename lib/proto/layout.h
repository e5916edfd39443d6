/* Where the rows of a header, or of an item of a list, are in its bytes. */
#ifndef SONDE_PROTO_LAYOUT_H
#define SONDE_PROTO_LAYOUT_H

#include "proto/proto.h"

/* Where a row is in a header. */
struct sonde_slot {
	uint32_t first; /* bit */
	uint32_t width; /* bits; may be 0 for a list or bytes */
	bool exists;    /* the row's conditions hold */
	bool there;     /* and all of it is present */
	bool little;    /* a little-endian number */
};

/* Whether a row is at the same place in every header, as most numbers are. */
static inline __attribute__((always_inline)) bool sonde_has_one_place(const struct sonde_field *f)
{
	return SONDE_FIRST(f->place) != SONDE_NEXT && SONDE_WIDTH(f->place) && !f->repeat && !f->tail &&
	       f->when.test == SONDE_ALWAYS && f->and_when.test == SONDE_ALWAYS;
}

/* Find every row of a table in the len bytes at header. Bytes and lists without a width of their own end with what is
 * present. Returns the number of rows. */
unsigned sonde_layout(struct sonde_slot slots[SONDE_AT_LEAST(SONDE_MAX_ROWS)], const struct sonde_field *rows,
		      const uint8_t *header, size_t len);

/* The same for the rows in `loose`, a mark for each, where all others have their slots already. */
void sonde_layout_loose(struct sonde_slot slots[SONDE_AT_LEAST(SONDE_MAX_ROWS)], const struct sonde_field *rows,
			uint64_t loose, const uint8_t *header, size_t len);

/* A mark for each row of a table. */
uint64_t sonde_all_rows(const struct sonde_field *rows);

/* The rows of a header that have to be looked at: in a whole one, only those whose place is not fixed. */
static inline uint64_t sonde_loose_rows(const struct sonde_layer *l)
{
	const struct sonde_proto *proto = l->proto;
	return proto->compiled.place && !l->cut ? proto->compiled.loose() : sonde_all_rows(proto->fields);
}

/* The alignment bytes before a row, where sonde_layout found it. */
struct sonde_view sonde_gap_before(const struct sonde_field *rows, const struct sonde_slot *slots, unsigned row,
				   const uint8_t *header);

/* Find one row. */
struct sonde_slot sonde_locate(const struct sonde_field *rows, unsigned row, const uint8_t *header, size_t len);

/* Where the last row ends, in bytes, or a number over len when a row that exists is not all present. */
uint32_t sonde_rows_len(const struct sonde_field *rows, const uint8_t *header, size_t len);

/* Whether a condition on a fixed place, other than SONDE_ALWAYS, holds. */
bool sonde_when_holds(const struct sonde_when *w, const uint8_t *header, size_t len);

/* Whether a row exists; its conditions must be on fixed places. */
static inline bool sonde_row_applies(const struct sonde_field *row, const uint8_t *header, size_t len)
{
	return (row->when.test == SONDE_ALWAYS || sonde_when_holds(&row->when, header, len)) &&
	       (row->and_when.test == SONDE_ALWAYS || sonde_when_holds(&row->and_when, header, len));
}

/* The value that makes a row with this condition exist, from the number as it was. */
static inline uint64_t sonde_announced(const struct sonde_when *when, uint64_t was)
{
	switch (when->test) {
	case SONDE_HAS: return was | when->mask;
	case SONDE_IS: return when->base + (uint64_t)__builtin_ctzll(when->mask);
	default: return when->base + 1u;
	}
}

/* Rows on whose numbers the existence or the length of others depends: a mark for each. */
uint64_t sonde_deciding_rows(const struct sonde_field *rows);

/* The bytes (len_from) or values (count_from) of a row, when the number that sizes it is n. */
static inline uint64_t sonde_count_by_number(const struct sonde_field *row, uint64_t n)
{
	uint64_t unit = row->len_from && row->unit ? row->unit : 1;
	int64_t count = (int64_t)n - row->plus;
	return count > 0 ? (uint64_t)count * unit : 0;
}

/* The place of the number that sizes a row, or 0. */
static inline sonde_place sonde_sizing_place(const struct sonde_field *row)
{
	return row->len_from ? row->len_from : row->count_from;
}

/* The value at sonde_sizing_place for a row with these bytes. */
uint64_t sonde_number_by_bytes(const struct sonde_field *row, struct sonde_view bytes);

/* The slot of a number: its fixed place, or where its row was found. */
static inline struct sonde_slot sonde_slot_of(sonde_place place, const struct sonde_slot *slots)
{
	struct sonde_slot fixed = { SONDE_FIRST(place), SONDE_WIDTH(place), true, true, SONDE_IS_LITTLE(place) };
	return SONDE_FIRST(place) == SONDE_NEXT ? slots[SONDE_ROW(place)] : fixed;
}

/* The number in a slot of up to 64 bits. */
static inline uint64_t sonde_slot_get(const uint8_t *header, struct sonde_slot s)
{
	if (s.width == 0)
		return 0;
	return s.little ? sonde_little_get(header, s.first, s.width) : sonde_bits_get(header, s.first, s.width);
}

static inline void sonde_slot_put(uint8_t *header, struct sonde_slot s, uint64_t v)
{
	if (s.little)
		sonde_little_put(header, s.first, s.width, v);
	else
		sonde_bits_put(header, s.first, s.width, v);
}

/* The bytes of a slot that starts and ends on a byte boundary. */
static inline struct sonde_view sonde_slot_view(const uint8_t *header, struct sonde_slot s)
{
	return sonde_view(header + s.first / 8, s.width / 8);
}

#endif
