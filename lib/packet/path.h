/* Which way of sending carries these bytes unchanged? */
#ifndef SONDE_PACKET_PATH_H
#define SONDE_PACKET_PATH_H

#include "packet/packet.h"

enum sonde_way {
	SONDE_WAY_RAW4, /* raw IPv4 socket: the kernel routes, resolves, and may rewrite */
	SONDE_WAY_RAW6,
	SONDE_WAY_LINK, /* packet socket: whole frames, as they are */
};

#define SONDE_PATH_WHY 120

struct sonde_path {
	enum sonde_way way;
	bool needs_link_header;   /* by the packet socket, and the packet starts with an IP header */
	char why[SONDE_PATH_WHY]; /* what decided it, for -v */
};

/* Decide from the bytes of a finished packet. mtu is the outgoing interface's in bytes, 0 when it is not known. A
 * packet that starts with a link layer goes by the packet socket; one that starts with IP goes by a raw socket if
 * that changes nothing of it. Returns 0; -EMSGSIZE for what is longer than the MTU (it has to be fragmented);
 * SONDE_E_RANGE for what sonde_finish refused; or SONDE_E_PATH with e naming the field when no way carries it: it
 * starts with neither IP nor a link layer. */
int sonde_path_choose(struct sonde_path *out, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

/* Whether a given way carries the packet unchanged. Returns 0, -EMSGSIZE, or SONDE_E_PATH with e naming the field that
 * it would change. */
int sonde_path_check(enum sonde_way way, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

#endif
