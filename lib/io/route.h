/* The routes of the kernel. */
#ifndef SONDE_IO_ROUTE_H
#define SONDE_IO_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct sonde_netlink;

struct sonde_route_query {
	struct sonde_addr dst; /* the scope of a link-local address is its interface */
	struct sonde_addr src; /* an address of this machine; of family 0: the kernel chooses */
	uint32_t ifindex;      /* only through this interface; 0: any */
};

struct sonde_route {
	uint32_t ifindex;          /* the interface to send through */
	struct sonde_addr src;     /* the source asked for, or the kernel's choice; may be of family 0 */
	struct sonde_addr gateway; /* of either family; of family 0 when the destination is on the link */
	uint32_t mtu;              /* of the route, or learnt for this destination; 0: the interface's */
	uint8_t type;              /* RTN_* of <linux/rtnetlink.h>: RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST, ...; with
	                            * SONDE_E_NO_ROUTE: RTN_UNSPEC (there is none), RTN_UNREACHABLE, RTN_PROHIBIT,
	                            * RTN_BLACKHOLE */
};

/* Look up one route. Returns 0; SONDE_E_NO_ROUTE, with the reason in type and e; -EADDRNOTAVAIL when there is a route,
 * but not from this src (IPv4 only: the kernel takes any IPv6 source); SONDE_E_KIND without a destination, or when the
 * families differ; or another negated errno. */
int sonde_route_get(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q,
		    struct sonde_error *e);

/* The destinations of all routes of a family. Addresses with the same most specific prefix have the same route, except
 * for what the kernel learnt about a single address: an MTU, a redirect. */
#define SONDE_ROUTE_PREFIXES 256
struct sonde_route_prefixes {
	struct sonde_prefix items[SONDE_ROUTE_PREFIXES];
	size_t n;
};

/* Read them. Returns 0; SONDE_E_KIND when routes depend on more than the destination (policy rules, several next hops,
 * a type of service); -E2BIG when there are more than SONDE_ROUTE_PREFIXES; or another negated errno. */
int sonde_route_prefixes(struct sonde_route_prefixes *out, struct sonde_netlink *n, uint8_t family);
/* The number of the most specific prefix that has this address, or -1. */
int sonde_route_prefix_of(const struct sonde_route_prefixes *p, const struct sonde_addr *a);

#endif
