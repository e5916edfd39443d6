/* The link-layer address of a next hop. */
#ifndef SONDE_IO_NEIGH_H
#define SONDE_IO_NEIGH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct sonde_netlink;

/* The MAC address of a hop that needs no asking: computed where it is multicast (RFC 1112, RFC 2464), or out of the
 * kernel's neighbour table of the interface when the kernel would use the entry. Returns 0; SONDE_E_NO_NEIGHBOUR when
 * there is none, or one without a MAC address; or a negated errno. */
int sonde_neigh_get(uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)], struct sonde_netlink *n, uint32_t ifindex,
		    const struct sonde_addr *hop);

/* Have the kernel send ARP or neighbour discovery for hop, which is on the link: the gateway of the route, or else the
 * destination. The answer is not waited for. Without CAP_NET_ADMIN an empty UDP datagram to the discard port of hop
 * makes the kernel ask. Returns 0 or a negated errno. */
int sonde_neigh_ask(struct sonde_netlink *n, uint32_t ifindex, const struct sonde_addr *hop);

/* A change of an entry in a neighbour table. */
struct sonde_neigh_news {
	uint32_t ifindex;
	struct sonde_addr hop;
	bool failed;                /* nobody answered */
	uint8_t mac[SONDE_MAC_LEN]; /* where it did not fail */
};
typedef void sonde_neigh_each(void *arg, const struct sonde_neigh_news *news);

/* From now on the descriptor of n (sonde_netlink_fd) is readable when a neighbour table changed. n asks nothing any
 * more. Returns 0 or a negated errno. */
int sonde_neigh_watch(struct sonde_netlink *n);
/* Call `each` with the changes that are there, without waiting. Returns 0; -ENOBUFS when some were lost: look entries
 * up again; or another negated errno. */
int sonde_neigh_news(struct sonde_netlink *watch, sonde_neigh_each *each, void *arg);

#endif
