/* The interfaces of this machine and their addresses, as they were at one moment. */
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
	struct sonde_prefix prefix; /* the link's own address, and how much of it is the network */
	uint8_t scope;              /* how far it is valid: RT_SCOPE_UNIVERSE, _LINK, _HOST */
	bool tentative;             /* IPv6: not yet usable as a source */
	bool deprecated;            /* not to be chosen as a source */
	bool temporary;             /* IPv6: changes for privacy (RFC 8981); IPv4: secondary */
};

struct sonde_link {
	uint32_t index;
	char name[SONDE_LINK_NAMELEN];
	uint16_t type;                /* ARPHRD_* of <net/if_arp.h>: what its frames begin with */
	bool up, running;             /* switched on; and with a carrier */
	bool loopback, no_arp;        /* no_arp: next hops are not resolved to MAC addresses */
	bool point_to_point, broadcast;
	uint32_t mtu;                 /* bytes, without the link header */
	uint8_t mac[SONDE_MAC_LEN];   /* its address and the broadcast address, where mac_len is 6 */
	uint8_t mac_broadcast[SONDE_MAC_LEN];
	uint8_t mac_len;              /* bytes of its link-layer address, 0: none; only 6 are kept */
	const struct sonde_link_addr *addrs; /* n_addrs of them, the kernel's order: IPv4 first */
	size_t n_addrs;
};

/* In the order of their indexes as the kernel lists them. Owned: sonde_links_free. */
struct sonde_links {
	struct sonde_link *list;
	size_t n;
	struct sonde_link_addr *addrs; /* of all links */
};

/* Ask for all interfaces and addresses. Returns 0 or a negated errno; then *out is empty. */
int sonde_links_read(struct sonde_links *out, struct sonde_netlink *n, struct sonde_error *e);
void sonde_links_free(struct sonde_links *links);

/* NULL where there is none. The result lives as long as links. */
const struct sonde_link *sonde_link_by_index(const struct sonde_links *links, uint32_t index);
const struct sonde_link *sonde_link_by_name(const struct sonde_links *links, const char *name);
/* The link that has this address as its own. A scope in it, if there is one, must be the link's index. */
const struct sonde_link *sonde_link_by_addr(const struct sonde_links *links, const struct sonde_addr *a);

/* The index of the interface that the zone of an address names, by its name or its number (RFC 4007, section 11.2); 0
 * when there is none. */
uint32_t sonde_link_of_zone(struct sonde_view zone);

#endif
