/* The packets of a spec, stamped out of a template instead of built one by one, where they differ in nothing but
 * numbers and addresses at fixed places.
 *
 *	if (sonde_series_open(&series, &spec, seed, zip, &scratch))
 *		for (k = 0; k < count; k++)
 *			sonde_series_stamp(frame, &series, k, k);
 *
 * But for the source address where that is open, a stamped packet is byte for byte what building it, filling in what is
 * looked up, and finishing it gives.
 */
#ifndef SONDE_PACKET_SERIES_H
#define SONDE_PACKET_SERIES_H

#include "packet/spec.h"
#include "packet/template.h"

#define SONDE_SERIES_BYTES 2048 /* of a packet at most */

/* A number that differs from packet to packet. */
struct sonde_series_part {
	int slot;
	uint8_t layer;
	const struct sonde_field *row;
	const struct sonde_spec_field *field; /* NULL: it is looked up */
	uint64_t stride, size;                /* of a set: packet k has its value number k / stride % size */
};

struct sonde_series {
	const struct sonde_spec *spec; /* the caller's, unchanged while it is used */
	uint64_t seed;
	struct sonde_template shape;
	int source_slot;               /* an address that the sender fills in; -1: none */
	sonde_place dst_place;         /* in the IP header that the packets begin with, */
	uint32_t scope;                /* and the interface that the spec names for it, or 0 */
	unsigned n_parts;
	struct sonde_series_part parts[SONDE_MAX_SLOTS];
	uint8_t bytes[SONDE_SERIES_BYTES];
};

/* Look whether all packets of the spec can be stamped, and make ready for it. Every one of them can be built then.
 * scratch is a packet with a buffer of at least 3 * SONDE_SERIES_BYTES. Returns false when they have to be built one by
 * one. */
bool sonde_series_open(struct sonde_series *s, const struct sonde_spec *spec, uint64_t seed, bool zip,
		       struct sonde_packet *scratch);

/* Write packet k of the spec, number id of those that are sent, to frame, which has room for s->shape.len bytes. */
void sonde_series_stamp(uint8_t *frame, const struct sonde_series *s, uint64_t k, uint64_t id);

/* Where a stamped packet goes. */
struct sonde_addr sonde_series_dst(const struct sonde_series *s, const uint8_t *frame);

/* Whether all packets go to the same address. */
bool sonde_series_has_one_dst(const struct sonde_series *s);

#endif
