/* References: values of a spec that other packets give. @.field is of the packet received last (or matched),
 * @name.field of the packet of that name; names of protocols before the field lead to its layer, and without any it is
 * the layer of the protocol that the reference stands in. Behind a field that is a list follows the path to one value
 * in it (packet/list_value.h): @.chunks.init-ack.tag. A number may have +N or -N behind it. Besides the fields of the
 * descriptions, there are:
 *
 *	payload   what follows the header
 *	end       of tcp: the sequence number behind the segment
 *	tsval     of tcp: the sender's timestamp, options.ts.val
 *	tsecr     of tcp: the timestamp that it echoes, options.ts.ecr
 */
#ifndef SONDE_PACKET_REFERENCE_H
#define SONDE_PACKET_REFERENCE_H

#include "packet/packet.h"
#include "packet/spec.h"

/* Where packets are found by name. */
struct sonde_referents {
	void *arg;
	/* The packet of that name, the one received last for an empty name; NULL: there is none. */
	const struct sonde_packet *(*find)(void *arg, struct sonde_view name);
};

/* Make out (reset first) from s, with values in place of references. Returns 0, or fills e: SONDE_E_UNKNOWN, no such
 * packet; SONDE_E_ABSENT, that packet has no such layer or field; SONDE_E_KIND or SONDE_E_RANGE, the value does not go
 * into the field; or -ENOMEM. */
int sonde_spec_resolve(struct sonde_spec *out, const struct sonde_spec *s, const struct sonde_referents *from,
		       struct sonde_error *e);

/* Check all references of a spec before any packet is there: protocols and fields exist, and known says of each name
 * whether a packet will have it (0), or fills the error. Returns 0 or the first error. */
int sonde_references_check(const struct sonde_spec *s,
			   int (*known)(void *arg, struct sonde_view name, struct sonde_error *e), void *arg,
			   struct sonde_error *e);

#endif
