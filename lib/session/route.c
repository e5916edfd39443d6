#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "base/hash.h"
#include "io/clock.h"
#include "io/route.h"
#include "proto/arp.h"
#include "session/state.h"

/* The address in a field of a layer; of family 0 when it is open or no address. */
static struct sonde_addr written_addr(const struct sonde_packet *p, int layer, sonde_place place)
{
	bool written = p->layers[layer].written & SONDE_MARK(place);
	return written ? sonde_row_addr(p, layer, place) : (struct sonde_addr){ 0 };
}

/* Where the outermost layer with addresses says the packet goes to and comes from. */
static void read_ends(const struct sonde_packet *p, struct sonde_addr *src, struct sonde_addr *dst)
{
	*src = *dst = (struct sonde_addr){ 0 };
	for (int i = 0; i < p->n_layers; i++) {
		const struct sonde_proto *proto = p->layers[i].proto;
		if (!proto->network)
			continue;
		if (SONDE_WIDTH(proto->dst_place)) {
			*src = written_addr(p, i, proto->src_place);
			*dst = written_addr(p, i, proto->dst_place);
		} else if (proto == &sonde_arp) {
			/* An ARP request is broadcast; its route is that to the address it asks for. */
			*dst = sonde_row_addr(p, i, SONDE_ARP_TPA);
		}
		return;
	}
}

static void use_link(struct sonde_plan *plan, const struct sonde_link *link)
{
	plan->ifindex = link->index;
	plan->mtu = link->mtu;
	snprintf(plan->iface, sizeof plan->iface, "%s", link->name);
	plan->is_local = link->loopback;
}

struct sonde_addr sonde_session_own_addr(const struct sonde_link *link, const struct sonde_addr *dst)
{
	for (size_t i = 0; i < link->n_addrs; i++) {
		const struct sonde_prefix *own = &link->addrs[i].prefix;
		if (own->addr.family == dst->family && sonde_prefix_has(own, dst))
			return own->addr;
	}
	for (size_t i = 0; i < link->n_addrs; i++)
		if (link->addrs[i].prefix.addr.family == dst->family)
			return link->addrs[i].prefix.addr;
	return (struct sonde_addr){ 0 };
}

/* A frame without a destination address goes out of the interface that the user named. */
static int route_frame(struct sonde_plan *plan, struct sonde_session *s, struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, s->ifindex);
	if (!link) {
		sonde_fail(e, SONDE_E_OPEN, "nothing in the packet says where it goes");
		sonde_hint(e, "write ip dst=ADDRESS in front of it, or choose the interface");
		return SONDE_E_OPEN;
	}
	use_link(plan, link);
	return 0;
}

/* The route to an address of this machine is through loopback, but its scope stays that of its link. */
static uint32_t own_scope(const struct sonde_session *s, const struct sonde_addr *own)
{
	const struct sonde_link *link = sonde_link_by_addr(&s->links, own);
	return link ? link->index : own->scope;
}

/* There is no route: whether that is because an interface on whose network dst lies, or the one that was chosen, is
 * down. Its routes are gone then. */
static int explain_no_route(struct sonde_session *s, const struct sonde_addr *dst, struct sonde_error *e)
{
	struct sonde_links now;
	int code = SONDE_E_NO_ROUTE;
	if (sonde_links_read(&now, s->netlink, NULL))
		return code;
	for (size_t i = 0; i < now.n && code == SONDE_E_NO_ROUTE; i++) {
		const struct sonde_link *link = &now.list[i];
		bool is_its = link->index == s->ifindex;
		for (size_t k = 0; k < link->n_addrs && !s->ifindex; k++)
			is_its |= sonde_prefix_has(&link->addrs[k].prefix, dst);
		if (!is_its || link->up)
			continue;
		code = sonde_fail(e, -ENETDOWN, "the interface %s is down", link->name);
		sonde_hint(e, "ip link set %s up", link->name);
	}
	sonde_links_free(&now);
	const char *zone = dst->scope ? sonde_session_iface(s, dst->scope) : NULL;
	if (code == SONDE_E_NO_ROUTE && zone) {
		char text[SONDE_ADDR_STRLEN];
		sonde_fail(e, code, "no route to %s by the interface %s", sonde_addr_format(text, dst), zone);
		sonde_hint(e, "see: ip route");
	}
	return code;
}

/* The interface of a route, which may have come since the interfaces were read. */
static const struct sonde_link *find_link(struct sonde_session *s, uint32_t ifindex)
{
	struct sonde_links now;
	const struct sonde_link *link = sonde_link_by_index(&s->links, ifindex);
	if (link || sonde_links_read(&now, s->netlink, NULL))
		return link;
	sonde_links_free(&s->links);
	s->links = now;
	return sonde_link_by_index(&s->links, ifindex);
}

/* Ask the kernel for the route to plan->dst. */
static int ask_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s, struct sonde_error *e)
{
	struct sonde_route route;
	struct sonde_route_query q = { .dst = plan->dst, .ifindex = s->ifindex };
	bool has_source = s->o.source.family == plan->dst.family;
	if (has_source && !s->o.stands_in)
		q.src = s->o.source;
	/* A source that is written, or stood in for, is not ours: the route is asked for without it. */
	int err = sonde_route_get(&route, s->netlink, &q, e);
	if (err)
		return err == SONDE_E_NO_ROUTE ? explain_no_route(s, &plan->dst, e) : err;
	const struct sonde_link *link = find_link(s, route.ifindex);
	if (!link)
		return sonde_fail(e, -ENODEV, "the route's interface is gone");
	use_link(plan, link);
	plan->is_local |= route.type == RTN_LOCAL;
	plan->is_broadcast = route.type == RTN_BROADCAST || route.type == RTN_MULTICAST;
	if (route.mtu)
		plan->mtu = route.mtu;
	plan->hop = route.gateway.family ? route.gateway : plan->dst;
	*src = has_source ? s->o.source : route.src;
	if (src->family != plan->dst.family)
		*src = sonde_session_own_addr(link, &plan->dst);
	if (sonde_addr_is_link_local(&plan->dst))
		plan->dst.scope = route.type == RTN_LOCAL ? own_scope(s, &plan->dst) : route.ifindex;
	return 0;
}

/* --- Cache -------------------------------------------------------------------------------------------------------- */

#define FRESH_NS     (100 * SONDE_MS) /* how long a route is cached */
#define MANY_LOOKUPS    4                /* after so many look-ups the prefixes of all routes are read */

/* The number of the kernel's prefix that an address is in, or -1: its route is cached for this address alone. */
static int prefix_of(struct sonde_session *s, const struct sonde_addr *dst, sonde_time now)
{
	struct routes *r = &s->routes;
	if (now >= r->prefixes_until) {
		r->n_lookups = r->has_prefixes ? MANY_LOOKUPS : 0;
		r->has_prefixes = r->tried_prefixes = false;
		r->prefixes_until = now + FRESH_NS  ;
	}
	if (r->n_lookups >= MANY_LOOKUPS && !r->tried_prefixes) {
		r->tried_prefixes = true;
		r->has_prefixes = sonde_route_prefixes(&r->prefixes, s->netlink, dst->family) == 0;
	}
	return r->has_prefixes && !sonde_addr_is_link_local(dst) ? sonde_route_prefix_of(&r->prefixes, dst) : -1;
}

static struct route *slot_of(struct routes *r, const struct sonde_addr *dst, int prefix)
{
	struct sonde_key key = { dst->scope, 0 };
	uint64_t hash = prefix >= 0 ? (uint64_t)prefix : sonde_siphash(key, sonde_addr_view(dst));
	return &r->items[hash & (N_ROUTES - 1)];
}

static bool is_for(const struct route *r, const struct sonde_addr *dst, int prefix, sonde_time now)
{
	return now < r->until && r->prefix == prefix && (prefix >= 0 || sonde_addr_equal(&r->dst, dst));
}

int sonde_session_route_to(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			   const struct sonde_addr *dst, sonde_time now, struct sonde_error *e)
{
	int prefix = prefix_of(s, dst, now);
	struct route *r = slot_of(&s->routes, dst, prefix);
	if (!is_for(r, dst, prefix, now)) {
		plan->dst = *dst;
		int err = ask_route(plan, src, s, e);
		s->routes.n_lookups++;
		if (err)
			return err;
		sonde_time until = prefix >= 0 ? s->routes.prefixes_until : now + FRESH_NS  ;
		*r = (struct route){ *dst, prefix, *plan, *src, until };
		return 0;
	}
	*plan = r->plan;
	*src = r->src;
	if (prefix < 0)
		return 0;
	/* On-link destinations are their own next hop. */
	if (sonde_addr_equal(&r->plan.hop, &r->dst))
		plan->hop = *dst;
	plan->dst = *dst;
	return 0;
}

int sonde_session_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			const struct sonde_packet *p, struct sonde_error *e)
{
	struct sonde_addr written, dst;
	read_ends(p, &written, &dst);
	plan->dst = dst;
	if (dst.family == SONDE_NO_ADDR)
		return route_frame(plan, s, e);
	dst.scope = sonde_addr_is_link_local(&dst) ? p->scope : 0;
	return sonde_session_route_to(plan, src, s, &dst, sonde_clock_monotonic(), e);
}
