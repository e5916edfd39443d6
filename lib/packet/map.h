/* Addresses in place of others, in every packet of a capture: the same host stays the same host, in both directions, in
 * ARP and neighbour discovery, and in what ICMP errors quote. */
#ifndef SONDE_PACKET_MAP_H
#define SONDE_PACKET_MAP_H

#include "base/error.h"
#include "packet/packet.h"

/* OLD=NEW: two addresses, or two prefixes of one length; hosts of a prefix keep their last bits. */
struct sonde_map {
	uint8_t len;  /* bytes of an address: 4, 6 (MAC) or 16 */
	uint8_t bits; /* of the prefix; an address has all of them */
	uint8_t from[16], to[16];
};

/* Read OLD=NEW. Returns 0, or fills e. */
int sonde_map_parse(struct sonde_map *out, const char *text, struct sonde_error *e);

/* Replace the addresses of a packet, after sonde_infer, each by the first of the n maps that has it; not those inside
 * lists (options, records). Checksums that were right are right again, also those of fragments and of quotes, which are
 * not all there. Returns how many addresses were replaced. */
unsigned sonde_map_packet(struct sonde_packet *p, const struct sonde_map *maps, unsigned n);

#endif
