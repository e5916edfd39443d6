#include <errno.h>
#include <linux/rtnetlink.h>

#include "io/neigh.h"
#include "io/route.h"
#include "session/state.h"

static int judge(struct sonde_error *e, const struct sonde_session *s, const struct sonde_links *now, uint32_t ifindex,
		 const struct sonde_addr *src)
{
	char text[SONDE_ADDR_STRLEN];
	const struct sonde_link *link = sonde_link_by_index(now, ifindex);
	const char *name = sonde_session_iface(s, ifindex);
	if (!link)
		sonde_fail(e, -ENODEV, "the interface %s is gone", name ? name : "of the route");
	else if (!link->up)
		sonde_fail(e, -ENETDOWN, "the interface %s is down", link->name);
	else if (!link->running && !link->loopback)
		sonde_fail(e, -ENETDOWN, "the interface %s has no carrier", link->name);
	else if (src && src->family && !sonde_link_by_addr(now, src))
		sonde_fail(e, -EADDRNOTAVAIL, "%s is no longer an address of this machine",
			   sonde_addr_format(text, src));
	return e->code;
}

int sonde_session_cause(struct sonde_error *e, struct sonde_session *s, uint32_t ifindex, const struct sonde_addr *src)
{
	struct sonde_links now;
	if (sonde_links_read(&now, s->netlink, NULL))
		return e->code;
	judge(e, s, &now, ifindex, src);
	sonde_links_free(&now);
	return e->code;
}

bool sonde_session_lacks_hop(struct sonde_session *s, const struct sonde_addr *dst)
{
	uint8_t mac[SONDE_MAC_LEN];
	struct sonde_route route;
	struct sonde_route_query q = { .dst = *dst, .ifindex = s->ifindex };
	if (sonde_route_get(&route, s->netlink, &q, NULL) || route.type != RTN_UNICAST)
		return false;
	const struct sonde_link *link = sonde_link_by_index(&s->links, route.ifindex);
	const struct sonde_addr *hop = route.gateway.family ? &route.gateway : dst;
	return link && !link->no_arp && !link->loopback &&
	       sonde_neigh_get(mac, s->netlink, route.ifindex, hop) == SONDE_E_NO_NEIGHBOUR;
}
