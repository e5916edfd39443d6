/* What encloses an IP packet and tells networks apart: VLANs, virtual networks, tunnels. Packets of one flow are within
 * the same, in both directions, and so have the same number; equal addresses in two networks are two flows. */
#ifndef SONDE_PACKET_ENCAP_H
#define SONDE_PACKET_ENCAP_H

#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

/* Start with 0, which is the number of packets within nothing, and add from the outside in. */

/* A header with the number of a network (struct sonde_proto, network_place). */
static inline uint64_t sonde_encap_network(uint64_t outer, uint32_t number)
{
	uint8_t bytes[4];
	sonde_put_be32(bytes, number);
	return sonde_siphash((struct sonde_key){ outer, 1 }, sonde_view(bytes, sizeof bytes));
}

/* An IP packet that encloses another one; src and dst have 4 or 16 bytes (SONDE_IP4_LEN, SONDE_IP6_LEN). Ports of
 * tunnels over UDP do not count: they differ between packets. */
static inline uint64_t sonde_encap_tunnel(uint64_t outer, const uint8_t *src, const uint8_t *dst, size_t len)
{
	uint8_t bytes[2 * SONDE_IP6_LEN];
	bool swap = memcmp(src, dst, len) > 0;
	memcpy(bytes, swap ? dst : src, len);
	memcpy(bytes + len, swap ? src : dst, len);
	return sonde_siphash((struct sonde_key){ outer, 2 }, sonde_view(bytes, 2 * len));
}

#endif
