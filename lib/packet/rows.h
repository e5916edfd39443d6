/* Writing rows of a header, or of an item of a list. Both grow and shrink with what is written into them. */
#ifndef SONDE_PACKET_ROWS_H
#define SONDE_PACKET_ROWS_H

#include "base/error.h"
#include "proto/layout.h"

struct sonde_rows {
	const struct sonde_field *fields;
	uint64_t deciding;  /* sonde_deciding_rows of them */
	uint8_t *data;      /* the first byte */
	uint32_t len, room; /* bytes in use, and available */
	uint64_t written;   /* a mark for each row that was written; the others are open */
	bool cut;           /* it will be cut: numbers are not derived from other rows */
	int full;           /* the error when there is no room: SONDE_E_SPACE or SONDE_E_ORDER */
};

/* Write the default rows into data, which has len zeros. Returns 0 or r->full. */
int sonde_rows_start(struct sonde_rows *r);

/* Write a number, or bytes, or make a row open again. Return as sonde_set, sonde_set_bytes and sonde_set_auto of
 * packet/packet.h: 0, SONDE_E_ABSENT, SONDE_E_RANGE or r->full, in which case nothing is changed. */
int sonde_rows_set(struct sonde_rows *r, sonde_place place, uint64_t v);
int sonde_rows_set_bytes(struct sonde_rows *r, sonde_place place, struct sonde_view bytes);
int sonde_rows_clear(struct sonde_rows *r, sonde_place place);

/* Report a field that is too small for its computed value, and its largest value. Returns SONDE_E_RANGE. */
int sonde_rows_unfit(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_field *f);

/* Whether a row exists, or would exist after being written. */
bool sonde_rows_is_writable(const struct sonde_rows *r, unsigned row);

#endif
