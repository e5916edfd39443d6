/* Which type of socket sends these bytes unchanged? */
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
	bool needs_link_header;    /* for the packet socket: the packet starts with an IP header */
	const char *field, *cause; /* the reason, for sonde_path_print: a field or NULL, and why */
};

/* Choose the socket for a finished packet. mtu is the outgoing interface's in bytes, 0 if not known. A packet that
 * starts with a link layer goes through the packet socket; one that starts with IP through a raw socket, if the kernel
 * changes nothing in it. Returns 0; -EMSGSIZE for a packet over the MTU (it has to be fragmented); SONDE_E_RANGE for
 * one that sonde_finish refused; or SONDE_E_PATH, with the field named in e, if no socket can send it, because it
 * starts with neither IP nor a link layer. */
int sonde_path_choose(struct sonde_path *out, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

/* The same for a packet that is known to start with an IPv4 (else: an IPv6) header and to fit the MTU. */
struct sonde_path sonde_path_of_ip(struct sonde_view packet, bool v4);

/* Print the type of socket and the reason: "packet socket: ip checksum: the kernel would write the right one". */
void sonde_path_print(struct sonde_text *t, const struct sonde_path *path);

/* Whether a given socket sends the packet unchanged. Returns 0, -EMSGSIZE, or SONDE_E_PATH with the field that it would
 * change named in e. */
int sonde_path_check(enum sonde_socket_type socket, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e);

#endif
