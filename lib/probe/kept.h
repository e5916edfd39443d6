/* Packets that are kept: with their bytes, on the heap. */
#ifndef SONDE_PROBE_KEPT_H
#define SONDE_PROBE_KEPT_H

#include "base/time.h"
#include "packet/packet.h"

struct sonde_kept {
	struct sonde_packet packet;
	sonde_time stamp;
	uint64_t number; /* of its frame */
	uint8_t bytes[];
};

/* Copy a packet. NULL without memory. */
struct sonde_kept *sonde_kept_new(const struct sonde_packet *p, sonde_time stamp, uint64_t number);
void sonde_kept_free(struct sonde_kept *k); /* NULL is fine */

#endif
