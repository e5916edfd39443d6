/* A packet written over others. */
#ifndef SONDE_PACKET_OVERLAY_H
#define SONDE_PACKET_OVERLAY_H

#include "packet/spec.h"

/* Make out (reset first) from base with over on top: each layer of over is laid on the next layer of base of the same
 * protocol, its fields in place of those of the same name, its data in place of the data; a layer that base does not
 * have is put in behind the one before it. Where base does not have the first layer of over, out is base.
 * Returns 0, -ENOMEM, or SONDE_E_LAYERS. */
int sonde_spec_overlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over);

#define SONDE_MAX_INCOMPLETE_SUMS 4

/* Checksums that cover more than is there: of a first fragment, of a frame that is cut. */
struct sonde_incomplete_sums {
	unsigned n;
	struct sonde_incomplete_sum {
		const struct sonde_proto *proto;
		unsigned from_end;         /* layers */
		uint16_t stored, computed; /* computed: over what is there */
	} sums[SONDE_MAX_INCOMPLETE_SUMS];
};

/* Note such checksums of a packet after sonde_infer. */
void sonde_incomplete_sums_find(struct sonde_incomplete_sums *out, const struct sonde_packet *p);

/* Forget those that are written in over. */
void sonde_incomplete_sums_drop(struct sonde_incomplete_sums *kept, const struct sonde_spec *over);

/* After the packet was changed and built again: finish it, and let the checksums follow the change (RFC 1624). */
void sonde_incomplete_sums_update(struct sonde_packet *p, const struct sonde_incomplete_sums *was);

#endif
