/* Which way of sending carries these bytes unchanged? */
#ifndef SONDE_PACKET_PATH_H
#define SONDE_PACKET_PATH_H

#include "base/text.h"
#include "packet/packet.h"

enum sonde_socket_type {
	SONDE_SOCKET_RAW4, /* raw IPv4 socket: the kernel routes, resolves, and may rewrite */
	SONDE_SOCKET_RAW6,
	SONDE_SOCKET_PACKET, /* packet socket: whole frames, as they are */
};

struct sonde_path {
	enum sonde_socket_type socket;
	bool needs_link_header;    /* by the packet socket, and the packet starts with an IP header */
	const char *field, *cause; /* what decided it, for sonde_path_print: a field or NULL, and why */
};

/* Decide from the bytes of a finished packet. mtu is the outgoing interface's in bytes, 0 when it is not known. A
 * packet that starts with a link layer goes by the packet socket; one that starts with IP goes by a raw socket if
 * that changes nothing of it. Returns 0; -EMSGSIZE for what is longer than the MTU (it has to be fragmented);
 * SONDE_E_RANGE for what sonde_finish refused; or SONDE_E_PATH with e naming the field when no way carries it: it
 * starts with neither IP nor a link layer. */
int sonde_path_choose(struct sonde_path *out, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

/* The same for the bytes of one that is known to start with an IPv4 (else: an IPv6) header and to fit the MTU. */
struct sonde_path sonde_path_of_ip(struct sonde_view packet, bool v4);

/* Write which socket it is, and why: "packet socket: ip checksum: the kernel would write the right one". */
void sonde_path_print(struct sonde_text *t, const struct sonde_path *path);

/* Whether a given way carries the packet unchanged. Returns 0, -EMSGSIZE, or SONDE_E_PATH with e naming the field that
 * it would change. */
int sonde_path_check(enum sonde_socket_type socket, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

#endif
