/* The link-layer address of a next hop. */
#ifndef SONDE_IO_NEIGH_H
#define SONDE_IO_NEIGH_H

#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

struct sonde_netlink;

/* Look into the kernel's table for hop behind the interface. Returns 0 with its MAC address when the kernel would use
 * the entry; SONDE_E_NO_NEIGHBOUR when there is none, or one without a MAC address; or a negated errno. */
int sonde_neigh_get(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
	const struct sonde_addr *hop);

/* Find the MAC address of hop: from the table, from the address itself where it is multicast (RFC 1112, RFC 2464), or
 * by having the kernel ask and waiting up to timeout_ns. Without CAP_NET_ADMIN an empty UDP datagram to the discard
 * port of hop makes it ask. hop must be on the link: the route's gateway, or else the destination; links without ARP
 * have nothing to resolve.
 * Returns 0, SONDE_E_NO_NEIGHBOUR when no answer came, -ECANCELED when the wait was ended (sonde_netlink_stop_at), or a
 * negated errno. */
int sonde_neigh_resolve(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
	const struct sonde_addr *hop, sonde_time timeout_ns, struct sonde_error *e);

#endif
