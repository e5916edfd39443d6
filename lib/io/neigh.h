/* The link-layer address of a next hop. */
#ifndef SONDE_IO_NEIGH_H
#define SONDE_IO_NEIGH_H

#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

struct sonde_netlink;

/* Look hop up in the kernel's neighbour table of the interface. Returns 0 with its MAC address when the kernel would
 * use the entry; SONDE_E_NO_NEIGHBOUR when there is none, or one without a MAC address; or a negated errno. */
int sonde_neigh_get(uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)], struct sonde_netlink *n, uint32_t ifindex,
		    const struct sonde_addr *hop);

/* Find the MAC address of hop: in the table, computed where hop is multicast (RFC 1112, RFC 2464), or by having the
 * kernel send ARP or neighbour discovery and waiting up to timeout_ns for the answer. Without CAP_NET_ADMIN an empty
 * UDP datagram to the discard port of hop makes the kernel ask. hop must be on the link: the gateway of the route, or
 * else the destination. Links without ARP have nothing to resolve. Returns 0; SONDE_E_NO_NEIGHBOUR when no answer
 * came; -ECANCELED when the stop descriptor of n ended the wait; or a negated errno. */
int sonde_neigh_resolve(uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)], struct sonde_netlink *n, uint32_t ifindex,
			const struct sonde_addr *hop, sonde_time timeout_ns, struct sonde_error *e);

#endif
