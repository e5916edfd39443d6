/* The 5-tuple of a packet, the sender first, and the Community ID of its flow. */
#ifndef SONDE_FLOW_TUPLE_H
#define SONDE_FLOW_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "packet/match.h"
#include "packet/packet.h"

struct sonde_flow_tuple {
	/* Of the innermost IP packet; local is the sender. As in Zeek and the Community ID, ICMP's type takes the place
	 * of the sender's port; the type of the reply (or request) that belongs to it, or else the code, that of the
	 * receiver's. */
	struct sonde_pair pair;
	bool one_way;  /* an ICMP message that is neither a request nor a reply */
	int transport; /* the layer of these ports (TCP, UDP, SCTP, ICMP); -1: none */
	bool fragment; /* a fragment, of the datagram with this fragment_id */
	bool later;    /* not the first fragment: it has no ports */
	uint32_t fragment_id;
};

/* The innermost IP layer that is complete, within the quote of an ICMP error or outside; -1: none. */
int sonde_flow_ip(const struct sonde_packet *p, bool quoted);

/* The tuple of a dissected or finished packet, or with quoted that of the packet quoted in an ICMP error. Returns 0, or
 * SONDE_E_ABSENT when there is no IP layer or the ports are missing (later fragments, cut headers); addresses and
 * protocol are filled in as far as they are known. */
int sonde_flow_tuple_of(struct sonde_flow_tuple *out, const struct sonde_packet *p, bool quoted);

/* The tuple of a packet that was sent, from its question; if it has ports, .transport is 0. Returns 0, or
 * SONDE_E_ABSENT without IP. */
int sonde_flow_tuple_of_question(struct sonde_flow_tuple *out, const struct sonde_question *q);

#define SONDE_COMMUNITY_STRLEN 31 /* "1:", 28 characters and the 0 */

/* Community ID, version 1, by which flow tools name a flow: "1:" and, in base 64, the SHA-1 of seed (16 bits),
 * addresses, protocol (8), zeros (8) and ports, in the same order for both directions. seed: 0, unless sites want to
 * differ. Returns out. https://github.com/corelight/community-id-spec */
char *sonde_community_id(char out[SONDE_AT_LEAST(SONDE_COMMUNITY_STRLEN)], const struct sonde_flow_tuple *t,
			 uint16_t seed);

#endif
