/* Fragmented datagrams: the ports that later fragments do not have. A later fragment that comes before the first one
 * waits for it, as counts. SONDE_DATAGRAMS are remembered; for more, the oldest of those that share a place is given
 * up. */
#ifndef SONDE_FLOW_DATAGRAMS_H
#define SONDE_FLOW_DATAGRAMS_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/time.h"
#include "packet/ends.h"

#define SONDE_DATAGRAMS         16384
#define SONDE_DATAGRAMS_SILENCE (60 * SONDE_S) /* fragments that come later belong to another (RFC 8200, 4.5) */

/* Later fragments that wait. */
struct sonde_early {
	uint64_t packets, frame_bytes, ip_bytes, payload_bytes;
	sonde_time first, last;
};

struct sonde_datagram {
	uint64_t hash; /* 0: free */
	sonde_time time;
	uint16_t sport, dport;
	bool known; /* the first fragment was seen */
	struct sonde_early early;
	struct sonde_ends ends; /* of one that waits, */
	uint32_t tunnel;        /* and what encloses it */
};

struct sonde_datagrams {
	struct sonde_datagram *slots; /* made when the first fragment comes */
	struct sonde_key secret;
};

void sonde_datagrams_free(struct sonde_datagrams *d);

/* The datagram of a fragment; NULL without memory. *given_up: what waited in its place for a first fragment that did
 * not come; .packets 0: nothing. */
struct sonde_datagram *sonde_datagram_of(struct sonde_datagrams *d, const struct sonde_ends *e, sonde_time now,
					 struct sonde_datagram *given_up);

/* Those that wait for their first fragment, in the order of their last one. *numbers, of their places, is the caller's
 * to free; NULL where none waits. Returns how many there are, or -ENOMEM. */
int sonde_datagrams_waiting(uint32_t **numbers, const struct sonde_datagrams *d);

/* The place of this number, from 0: for states that are loaded. NULL: there is none, or no memory. */
struct sonde_datagram *sonde_datagram_at(struct sonde_datagrams *d, uint32_t number);

#endif
