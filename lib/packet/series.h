/* The packets of a spec, stamped from a template instead of built one by one, if they only differ in numbers and
 * addresses at fixed places.
 *
 *	if (sonde_series_open(&series, &spec, seed, zip, &scratch))
 *		for (k = 0; k < count; k++)
 *			sonde_series_stamp(frame, &series, k, k);
 *
 * Apart from an open source address, a stamped packet has the same bytes as one that is built, filled in by the sender
 * and finished.
 */
#ifndef SONDE_PACKET_SERIES_H
#define SONDE_PACKET_SERIES_H

#include "packet/spec.h"
#include "packet/template.h"

#define SONDE_SERIES_BYTES 2048 /* of a packet at most */

/* A field that differs from packet to packet. */
struct sonde_series_part {
	int slot;
	uint8_t layer;
	const struct sonde_field *row;
	const struct sonde_spec_field *field; /* NULL: the sender fills it in */
	uint64_t stride, size;                /* for a set: packet k has value number k / stride % size */
};

struct sonde_series {
	const struct sonde_spec *spec; /* the caller's, unchanged while it is used */
	uint64_t seed;
	struct sonde_template shape;
	int source_slot;               /* the source address that the sender fills in; -1: none */
	sonde_place dst_place;         /* of the IP header that the packets begin with */
	uint32_t scope;                /* interface index that the spec gives for it, or 0 */
	unsigned n_parts;
	struct sonde_series_part parts[SONDE_MAX_SLOTS];
	uint8_t bytes[SONDE_SERIES_BYTES];
};

/* Prepare stamping the packets of a spec, if all of them can be stamped; then all of them can be built, too. scratch is
 * a packet with a buffer of at least 3 * SONDE_SERIES_BYTES. Returns false when they have to be built one by one. */
bool sonde_series_open(struct sonde_series *s, const struct sonde_spec *spec, uint64_t seed, bool zip,
		       struct sonde_packet *scratch);

/* Write packet k of the spec, the id-th to be sent, to frame, which has room for s->shape.len bytes. */
void sonde_series_stamp(uint8_t *frame, const struct sonde_series *s, uint64_t k, uint64_t id);

/* The destination of a stamped packet. */
struct sonde_addr sonde_series_dst(const struct sonde_series *s, const uint8_t *frame);

/* Whether all packets go to the same address. */
bool sonde_series_has_one_dst(const struct sonde_series *s);

#endif
