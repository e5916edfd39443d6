/* Fragments put together again (RFC 791, 3.2; RFC 815; RFC 8200, 4.5; RFC 5722).
 *
 *	sonde_reassembler_init(&r, 64, 60 * SONDE_S, key);
 *	for each packet: if (sonde_reassemble(&whole, &r, &packet, now) == SONDE_REASSEMBLY_DONE)
 *		sonde_dissect(&packet, whole.data, whole.len, ...);
 *	sonde_reassembler_free(&r);
 *
 * Fragments belong together by source, destination, identification, and for IPv4 protocol. Where they overlap, other
 * than as exact duplicates, the whole packet is dropped and what else comes of it as well. Congestion that one of them
 * experienced (ECN) is the packet's; beside a fragment that is not ECN-capable it drops the packet, as RFC 3168 has it.
 * Times are the caller's.
 */
#ifndef SONDE_PACKET_REASSEMBLE_H
#define SONDE_PACKET_REASSEMBLE_H

#include "base/hash.h"
#include "base/time.h"
#include "packet/packet.h"

enum sonde_reassembly {
	SONDE_REASSEMBLY_NONE,    /* not a fragment: not looked at */
	SONDE_REASSEMBLY_WAITING, /* taken; others are missing */
	SONDE_REASSEMBLY_DONE,    /* the packet is whole */
	SONDE_REASSEMBLY_DROPPED, /* a counter says why */
};

struct sonde_reassembly_counts {
	uint64_t fragments;  /* that came */
	uint64_t done;       /* packets put together */
	uint64_t duplicates; /* fragments that were there already */
	uint64_t late;       /* fragments of packets that had been dropped */
	uint64_t malformed;  /* fragments empty or of a wrong length; packets whose fragments differ about the end */
	uint64_t truncated;  /* fragments that were not captured whole */
	uint64_t overlaps;   /* packets dropped for overlapping fragments */
	uint64_t too_long;   /* fragments and packets over 65535 bytes */
	uint64_t ecn;        /* packets dropped for congestion that they may not tell of (RFC 3168, 5.3) */
	uint64_t timeouts;   /* packets dropped for fragments that did not come in time */
	uint64_t evicted;    /* packets dropped for want of room */
};

struct sonde_datagram;

struct sonde_reassembler {
	struct sonde_reassembly_counts counts;
	struct sonde_datagram *datagrams;
	uint32_t *buckets;      /* index of a datagram + 1 */
	uint32_t n_buckets, n_datagrams, unused, oldest, newest; /* index + 1 */
	sonde_time timeout_ns;
	struct sonde_key key;
};

/* Room for max_datagrams packets (1 to 65536) at a time, about 70 KB each, all of it taken here. A packet waits for
 * timeout_ns from its first fragment on (RFC 8200: 60 s). key hides from others which packets meet in a bucket.
 * Returns 0, -EINVAL or -ENOMEM. */
int sonde_reassembler_init(struct sonde_reassembler *r, uint32_t max_datagrams, sonde_time timeout_ns,
			   struct sonde_key key);
void sonde_reassembler_free(struct sonde_reassembler *r);

/* Take a dissected packet at a time that does not run backwards. When it is done, *out is the frame: what stood before
 * the IP header of the first fragment, and the packet, its lengths and checksum right, without fragment header; in r's
 * memory until the next call. */
enum sonde_reassembly sonde_reassemble(struct sonde_view *out, struct sonde_reassembler *r,
				       const struct sonde_packet *p, sonde_time now);

/* Drop packets whose time is over; sonde_reassemble does so for itself. Returns how many. */
unsigned sonde_reassembler_expire(struct sonde_reassembler *r, sonde_time now);

/* How many packets wait for fragments. */
unsigned sonde_reassembler_waiting(const struct sonde_reassembler *r);

#endif
