/* What encloses packets, numbered in the order in which it was seen. */
#ifndef SONDE_FLOW_TUNNELS_H
#define SONDE_FLOW_TUNNELS_H

#include <stdint.h>

#include "base/hash.h"
#include "base/bytes.h"

#define SONDE_TUNNEL_STRLEN 96

struct sonde_tunnel {
	uint64_t encap; /* of struct sonde_ends */
	uint32_t next;  /* in its chain; 0: the last */
	char text[SONDE_TUNNEL_STRLEN]; /* "10.0.0.1 > 10.0.0.2 vxlan 42", the first packet's sender in front */
};

struct sonde_tunnels {
	struct sonde_tunnel *all; /* numbered from 1 */
	uint32_t n, cap;
	uint32_t *chains; /* a hash table */
	uint32_t n_chains;
	uint64_t last_encap;
	uint32_t last;
	struct sonde_key secret;
};

/* The number of what encloses a frame; encap is not 0. A new one is described from the frame. Returns 0 without
 * memory. */
uint32_t sonde_tunnel_of(struct sonde_tunnels *t, uint64_t encap, struct sonde_view frame, uint32_t wire_len,
			 uint32_t link);
/* Give the next number to what is not there yet, without a text. Returns 0 without memory. */
uint32_t sonde_tunnel_add(struct sonde_tunnels *t, uint64_t encap);
const char *sonde_tunnel_text(const struct sonde_tunnels *t, uint32_t number);
void sonde_tunnels_free(struct sonde_tunnels *t);

#endif
