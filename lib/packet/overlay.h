/* Overlays: fields and data of one spec that replace those of others. */
#ifndef SONDE_PACKET_OVERLAY_H
#define SONDE_PACKET_OVERLAY_H

#include "packet/spec.h"

/* Make out (reset first) from base with over merged into it: each layer of over goes to the next layer of base of the
 * same protocol, its fields replace those of the same name, its data replaces the data; a layer that base does not have
 * is inserted after the one before it. Where base does not have the first layer of over, out is a copy of base. Returns
 * 0, -ENOMEM, or SONDE_E_LAYERS. */
int sonde_spec_overlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over);

/* Make out (reset first) from over with base under it: the layers of over, with those fields of base's layers that over
 * leaves out. Returns as sonde_spec_overlay. */
int sonde_spec_underlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over);

/* Make out (reset first) what the other end would write: the layers of s with its addresses and ports alone, each at
 * the opposite end. Returns 0 or -ENOMEM. */
int sonde_spec_mirror(struct sonde_spec *out, const struct sonde_spec *s);

#define SONDE_MAX_INCOMPLETE_SUMS 4

/* Checksums that cover bytes which are not present: of a first fragment, or of a frame that is cut. They cannot be
 * computed, only updated. */
struct sonde_incomplete_sums {
	unsigned n;
	struct sonde_incomplete_sum {
		const struct sonde_proto *proto;
		unsigned from_end;         /* position, counted from the last layer */
		uint16_t stored, computed; /* computed: over what is there */
	} sums[SONDE_MAX_INCOMPLETE_SUMS];
};

/* Find such checksums in a packet, after sonde_infer; quotes: also in the packet that it quotes. */
void sonde_incomplete_sums_find(struct sonde_incomplete_sums *out, const struct sonde_packet *p, bool quotes);

/* Drop those that over writes. */
void sonde_incomplete_sums_drop(struct sonde_incomplete_sums *kept, const struct sonde_spec *over);

/* After the packet was changed and built again: finish it, and update these checksums by the change (RFC 1624). */
void sonde_incomplete_sums_update(struct sonde_packet *p, const struct sonde_incomplete_sums *was);

#endif
