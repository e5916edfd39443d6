/* What the packets of a flow have in common, in either direction. */
#ifndef SONDE_FLOW_KEY_H
#define SONDE_FLOW_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "flow/tuple.h"

/* The lower address comes first; between ports of one address, the lower port. Ports of ICMP queries are their
 * identifier, of other ICMP messages 0. */
struct sonde_flow_key {
	struct sonde_endpoint low, high;
	uint64_t around; /* a hash of the VLANs and the tunnels that the packet lies in; 0 for none */
	uint8_t proto;   /* IP protocol */
};

/* The key of a packet with this tuple. An ICMP error belongs to the flow that it quotes: take the quote's tuple then,
 * and the packet comes from the other end. *from_low: whether the tuple's sender is .low. */
void sonde_flow_key_of(struct sonde_flow_key *out, bool *from_low, const struct sonde_flow_tuple *t,
		       const struct sonde_packet *p);

bool sonde_flow_key_equal(const struct sonde_flow_key *a, const struct sonde_flow_key *b);
/* With a secret, so that nobody can choose packets whose flows collide. */
uint64_t sonde_flow_key_hash(const struct sonde_flow_key *k, struct sonde_key secret);

#endif
