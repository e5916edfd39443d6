/* What TCP's sequence numbers are counted from, so that those of a connection begin at 0.
 *
 * A side counts from the sequence number of its SYN; where that was not seen, from the number before the first one that
 * was. SONDE_RELATIVE_CONNECTIONS are remembered; for more, the one that was silent for longest among those that share
 * its place is forgotten, and counts anew from its next segment. */
#ifndef SONDE_FLOW_RELATIVE_H
#define SONDE_FLOW_RELATIVE_H

#include "base/hash.h"
#include "packet/packet.h"

#define SONDE_RELATIVE_CONNECTIONS 65536

struct sonde_relative;

struct sonde_relatives {
	struct sonde_relative *slots;
	uint64_t n_seen; /* segments */
	struct sonde_key secret;
};

/* Returns 0 or -ENOMEM. */
int sonde_relatives_init(struct sonde_relatives *r, struct sonde_key secret);
void sonde_relatives_free(struct sonde_relatives *r);

/* Add a segment to its connection, and say what its numbers are counted from. Both are 0 for what is no TCP. */
void sonde_relatives_track(struct sonde_relatives *r, uint32_t *seq_from, uint32_t *ack_from,
			   const struct sonde_packet *p);

#endif
