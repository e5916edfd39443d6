/* The interfaces of this machine and their addresses, as they were when they were read. */
#ifndef SONDE_IO_LINK_H
#define SONDE_IO_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct sonde_netlink;

#define SONDE_LINK_NAMELEN 16 /* the longest name, and the 0 */

struct sonde_link_addr {
	struct sonde_prefix prefix; /* the interface's address and the length of its network's prefix */
	uint8_t scope;              /* where it is valid: RT_SCOPE_UNIVERSE, _LINK, _HOST */
	bool tentative;             /* IPv6: cannot be a source yet */
	bool deprecated;            /* should not be a source any more */
	bool temporary;             /* IPv6: changes for privacy (RFC 8981); IPv4: secondary */
};

struct sonde_link {
	uint32_t index;
	char name[SONDE_LINK_NAMELEN];
	uint16_t type;                /* ARPHRD_* of <net/if_arp.h>: what its frames begin with */
	bool up, running;             /* enabled; with a carrier */
	bool loopback, no_arp;        /* no_arp: next hops are not resolved to MAC addresses */
	bool point_to_point, broadcast;
	bool no_queue;                /* frames do not wait to leave it */
	uint32_t mtu;                 /* bytes, without the link header */
	uint8_t mac_len;              /* bytes of its link-layer address, 0: none; only those of 6 are kept: */
	uint8_t mac[SONDE_MAC_LEN];
	uint8_t mac_broadcast[SONDE_MAC_LEN];
	const struct sonde_link_addr *addrs; /* n_addrs of them in the kernel's order, IPv4 first */
	size_t n_addrs;
};

/* In the order of their indexes. The caller frees them with sonde_links_free. */
struct sonde_links {
	struct sonde_link *list;
	size_t n;
	struct sonde_link_addr *addrs; /* of all links */
};

/* Read all interfaces and addresses. Returns 0; or a negated errno, *out being empty. */
int sonde_links_read(struct sonde_links *out, struct sonde_netlink *n, struct sonde_error *e);
void sonde_links_free(struct sonde_links *links);

/* NULL when there is none. The result lives as long as links. */
const struct sonde_link *sonde_link_by_index(const struct sonde_links *links, uint32_t index);
const struct sonde_link *sonde_link_by_name(const struct sonde_links *links, const char *name);
/* The interface with this address. A scope in it other than 0 must be the index of the interface. */
const struct sonde_link *sonde_link_by_addr(const struct sonde_links *links, const struct sonde_addr *a);

/* The name of an interface, asked of the kernel now. Returns 0; -ENODEV when there is no such interface; or another
 * negated errno, such as -EMFILE. */
int sonde_link_name(char out[SONDE_AT_LEAST(SONDE_LINK_NAMELEN)], uint32_t index, struct sonde_error *e);
/* The index of the interface that the zone of an address names, by name or number (RFC 4007, section 11.2). Returns as
 * sonde_link_name does. */
int sonde_link_of_zone(uint32_t *index, struct sonde_view zone);

#endif
