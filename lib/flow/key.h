/* Flow keys: the same for all packets of a flow, in both directions. */
#ifndef SONDE_FLOW_KEY_H
#define SONDE_FLOW_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "flow/tuple.h"

/* The lower address comes first; with equal addresses, the lower port. ICMP queries have their identifier as both
 * ports, other ICMP messages 0. */
struct sonde_flow_key {
	struct sonde_endpoint low, high;
	uint64_t encap;  /* the VLANs and tunnels that enclose the packet, as a number (packet/encap.h); 0: none */
	uint8_t proto;   /* IP protocol */
};

/* The key of a packet with this tuple. *from_low: whether .low sent it. For an ICMP error, pass the tuple of the quoted
 * packet, to whose flow it belongs; it comes from the other endpoint. */
void sonde_flow_key_of(struct sonde_flow_key *out, bool *from_low, const struct sonde_flow_tuple *t,
		       const struct sonde_packet *p);

bool sonde_flow_key_equal(const struct sonde_flow_key *a, const struct sonde_flow_key *b);
/* Hash with a secret key, so that nobody can choose packets whose hashes collide. */
uint64_t sonde_flow_key_hash(const struct sonde_flow_key *k, struct sonde_key secret);

#endif
