/* The 5-tuple of a packet, the sender first, and the Community ID of its flow. */
#ifndef SONDE_FLOW_TUPLE_H
#define SONDE_FLOW_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "packet/match.h"
#include "packet/packet.h"

struct sonde_flow_tuple {
	/* Of the innermost IP packet; local is the sender. ICMP's type takes the place of the sender's port. The
	 * receiver's is the type of the other message of a request and its answer, or else the code, as Zeek and the
	 * Community ID have it. */
	struct sonde_pair pair;
	bool one_way;  /* an ICMP message that is neither a request nor an answer */
	int transport; /* the layer with these ports (TCP, UDP, SCTP, ICMP); -1: there is none */
	bool fragment; /* of a datagram with this fragment_id */
	bool later;    /* a fragment other than the first: it has no ports */
	uint32_t fragment_id;
};

/* The innermost layer with IP addresses that is not cut, quoted by an ICMP error or not; -1: none. */
int sonde_flow_ip(const struct sonde_packet *p, bool quoted);

/* The tuple of a dissected or finished packet, or with quoted that of the packet in the quote of its ICMP error.
 * Returns 0; or SONDE_E_ABSENT when there is no IP, or the ports are missing (later fragments, cut headers), the rest
 * of a packet with IP being filled in all the same. */
int sonde_flow_tuple_of(struct sonde_flow_tuple *out, const struct sonde_packet *p, bool quoted);

/* That of a packet that was sent, as its question remembers it; where it has ports, .transport is 0. Returns 0, or
 * SONDE_E_ABSENT for what is not IP. */
int sonde_flow_tuple_of_question(struct sonde_flow_tuple *out, const struct sonde_question *q);

#define SONDE_COMMUNITY_STRLEN 31 /* 1: and 28 characters, and the 0 */

/* Community ID, version 1, by which flow tools name a flow: "1:" and, in base 64, the SHA-1 of seed (16 bits),
 * addresses, protocol (8), zeros (8) and ports, in the same order for both directions. seed: 0, unless sites want to
 * differ. Returns out. https://github.com/corelight/community-id-spec */
char *sonde_community_id(char out[SONDE_AT_LEAST(SONDE_COMMUNITY_STRLEN)], const struct sonde_flow_tuple *t,
			 uint16_t seed);

#endif
