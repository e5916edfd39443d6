/* Reassembly of fragments (RFC 791, 3.2; RFC 815; RFC 8200, 4.5; RFC 5722).
 *
 *	sonde_reassembler_init(&r, 64, 60 * SONDE_S, key);
 *	for each packet: if (sonde_reassemble(&whole, &r, &packet, now) == SONDE_REASSEMBLY_DONE)
 *		sonde_dissect(&packet, whole.data, whole.len, ...);
 *	sonde_reassembler_free(&r);
 *
 * Fragments of one packet have the same source, destination, identification, and in IPv4 protocol. If they overlap,
 * other than as exact duplicates, the packet and its later fragments are dropped. If one of them experienced
 * congestion (ECN), the packet has, too; together with a fragment that is not ECN-capable, the packet is dropped, as
 * RFC 3168 requires. The caller provides the time.
 */
#ifndef SONDE_PACKET_REASSEMBLE_H
#define SONDE_PACKET_REASSEMBLE_H

#include "base/hash.h"
#include "base/time.h"
#include "packet/packet.h"

enum sonde_reassembly {
	SONDE_REASSEMBLY_NONE,    /* not a fragment: ignored */
	SONDE_REASSEMBLY_WAITING, /* stored; other fragments are missing */
	SONDE_REASSEMBLY_DONE,    /* the packet is whole */
	SONDE_REASSEMBLY_DROPPED, /* a counter says why */
};

struct sonde_reassembly_counts {
	uint64_t fragments;  /* fragments received */
	uint64_t done;       /* packets reassembled */
	uint64_t duplicates; /* duplicate fragments */
	uint64_t late;       /* fragments of packets that had been dropped */
	uint64_t malformed;  /* fragments empty or of a wrong length; packets whose fragments disagree on the end */
	uint64_t truncated;  /* fragments that were not captured completely */
	uint64_t overlaps;   /* packets dropped for overlapping fragments */
	uint64_t too_long;   /* fragments and packets over 65535 bytes */
	uint64_t ecn;        /* packets dropped because congestion cannot be reported in them (RFC 3168, 5.3) */
	uint64_t timeouts;   /* packets dropped because fragments did not come in time */
	uint64_t evicted;    /* packets dropped to make room */
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

/* Allocate room for max_datagrams packets (1 to 65536) at a time, about 70 KB each. A packet is dropped timeout_ns
 * after its first fragment (RFC 8200: 60 s). key makes hash collisions unpredictable for others. Returns 0, -EINVAL or
 * -ENOMEM. */
int sonde_reassembler_init(struct sonde_reassembler *r, uint32_t max_datagrams, sonde_time timeout_ns,
			   struct sonde_key key);
void sonde_reassembler_free(struct sonde_reassembler *r);

/* Add a dissected packet, at a time that never decreases. When a packet is complete, *out is the frame: the headers of
 * the first fragment up to the IP header, and the whole packet with lengths and checksum corrected and no fragment
 * header. It is in r's memory, valid until the next call. */
enum sonde_reassembly sonde_reassemble(struct sonde_view *out, struct sonde_reassembler *r,
				       const struct sonde_packet *p, sonde_time now);

/* Drop packets whose time is over; sonde_reassemble does so, too. Returns how many. */
unsigned sonde_reassembler_expire(struct sonde_reassembler *r, sonde_time now);

/* How many packets wait for fragments. */
unsigned sonde_reassembler_waiting(const struct sonde_reassembler *r);

#endif
