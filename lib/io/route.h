/* Which way would the kernel send this? */
#ifndef SONDE_IO_ROUTE_H
#define SONDE_IO_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct sonde_netlink;

struct sonde_route_query {
	struct sonde_addr dst; /* the scope of a link-local address stands for the interface */
	struct sonde_addr src; /* an address of this machine, or none: the kernel chooses */
	uint32_t ifindex;      /* only through this interface; 0: any */
};

struct sonde_route {
	uint32_t ifindex;          /* where it goes out */
	struct sonde_addr src;     /* the source the kernel prefers, or the one asked for; may be none */
	struct sonde_addr gateway; /* the next hop, of either family; none: the destination is on the link */
	uint32_t mtu;              /* the route's own, or one learnt for this destination; 0: the interface's */
	uint8_t type;              /* RTN_* of <linux/rtnetlink.h>: RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST, ...; with
	                            * SONDE_E_NO_ROUTE: RTN_UNSPEC (there is none), RTN_UNREACHABLE, RTN_PROHIBIT,
	                            * RTN_BLACKHOLE */
};

/* Look up one route. Returns 0; SONDE_E_NO_ROUTE, with the reason in type and e; -EADDRNOTAVAIL: there is one, but not
 * from this src (IPv4 only: the kernel takes any IPv6 source); SONDE_E_KIND: no destination, or families that differ;
 * or another negated errno. */
int sonde_route_get(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q,
	struct sonde_error *e);

/* The destinations of all routes of a family. What lies in the same most specific one has the same route, but for what
 * was learnt about a single address (an MTU, a redirect). */
#define SONDE_ROUTE_PREFIXES 256
struct sonde_route_prefixes {
	struct sonde_prefix items[SONDE_ROUTE_PREFIXES];
	size_t n;
};

/* Read them. Returns 0; SONDE_E_KIND when more than the destination decides (policy rules, several next hops, a type of
 * service); -E2BIG when there are too many; or another negated errno. */
int sonde_route_prefixes(struct sonde_route_prefixes *out, struct sonde_netlink *n, uint8_t family);

/* The number of the most specific one that has this address, or -1. */
int sonde_route_prefix_of(const struct sonde_route_prefixes *p, const struct sonde_addr *a);

#endif
