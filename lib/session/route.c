#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "io/clock.h"
#include "io/neigh.h"
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
			/* It asks for an address without being sent to it. */
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

/* The address of an interface to speak to dst from. */
static struct sonde_addr own_addr(const struct sonde_link *link, const struct sonde_addr *dst)
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

/* Frames without an address go out of the interface that was named. */
static int route_frame(struct sonde_plan *plan, struct sonde_session *s, struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, s->ifindex);
	if (!link) {
		sonde_fail(e, SONDE_E_OPEN, "nothing in the packet says which way it goes");
		sonde_hint(e, "name the interface: -I NAME");
		return SONDE_E_OPEN;
	}
	use_link(plan, link);
	return 0;
}

/* The way to an own address is through loopback, but its scope stays that of its link. */
static uint32_t own_scope(const struct sonde_session *s, const struct sonde_addr *own)
{
	const struct sonde_link *link = sonde_link_by_addr(&s->links, own);
	return link ? link->index : own->scope;
}

/* Ask the kernel for the way to plan->dst. */
static int ask_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s, struct sonde_error *e)
{
	struct sonde_route route;
	struct sonde_route_query q = { .dst = plan->dst, .ifindex = s->ifindex };
	if (s->o.source.family == plan->dst.family)
		q.src = s->o.source;
	/* A source that is written need not be ours, so the route is asked for without it. */
	int err = sonde_route_get(&route, s->netlink, &q, e);
	if (err)
		return err;
	const struct sonde_link *link = sonde_link_by_index(&s->links, route.ifindex);
	if (!link)
		return sonde_fail(e, -ENODEV, "the route's interface is gone");
	use_link(plan, link);
	plan->is_local |= route.type == RTN_LOCAL;
	if (route.mtu)
		plan->mtu = route.mtu;
	plan->hop = route.gateway.family ? route.gateway : plan->dst;
	*src = q.src.family ? q.src : route.src.family == plan->dst.family ? route.src : own_addr(link, &plan->dst);
	if (sonde_addr_is_link_local(&plan->dst))
		plan->dst.scope = route.type == RTN_LOCAL ? own_scope(s, &plan->dst) : route.ifindex;
	return 0;
}

/* --- Answers of the kernel, kept --------------------------------------------------------------------------------- */

static const struct kept_route *find_kept(const struct kept_routes *k, const struct sonde_addr *dst, int prefix)
{
	for (unsigned i = 0; i < k->n; i++) {
		const struct kept_route *r = &k->items[i];
		if (sonde_addr_equal(&r->asked, dst) || (prefix >= 0 && r->prefix == prefix))
			return r;
	}
	return NULL;
}

/* Who asks for so many addresses asks for more: then it pays to know how far an answer reaches. */
static void learn_prefixes(struct sonde_session *s, uint8_t family)
{
	const unsigned many = 4;
	struct kept_routes *k = &s->kept;
	if (k->n == many && !k->has_prefixes)
		k->has_prefixes = sonde_route_prefixes(&k->prefixes, s->netlink, family) == 0;
}

static void keep(struct sonde_session *s, const struct sonde_addr *asked, int prefix, const struct sonde_plan *plan,
		 const struct sonde_addr *src)
{
	struct kept_routes *k = &s->kept;
	k->items[k->next] = (struct kept_route){ .asked = *asked, .prefix = prefix, .plan = *plan, .src = *src };
	k->next = (k->next + 1) % N_KEPT_ROUTES;
	k->n += k->n < N_KEPT_ROUTES;
}

static int prefix_of(const struct sonde_session *s, const struct sonde_addr *dst)
{
	return s->kept.has_prefixes && !sonde_addr_is_link_local(dst) ? sonde_route_prefix_of(&s->kept.prefixes, dst)
								      : -1;
}

int sonde_session_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			const struct sonde_packet *p, struct sonde_error *e)
{
	struct sonde_addr written, dst;
	read_ends(p, &written, &dst);
	plan->dst = dst;
	if (dst.family == SONDE_NO_ADDR)
		return route_frame(plan, s, e);
	plan->dst.scope = dst.scope = sonde_addr_is_link_local(&dst) ? p->scope : 0;
	sonde_time now = sonde_clock_monotonic();
	if (now >= s->kept.until)
		s->kept = (struct kept_routes){ .until = now + ROUTE_KEPT_NS };
	int prefix = prefix_of(s, &dst);
	const struct kept_route *kept = find_kept(&s->kept, &dst, prefix);
	if (kept) {
		*plan = kept->plan;
		*src = kept->src;
		/* On the link, everyone is the own next hop. */
		if (kept->prefix >= 0) {
			plan->hop = sonde_addr_equal(&kept->plan.hop, &kept->asked) ? dst : kept->plan.hop;
			plan->dst = dst;
		}
		return 0;
	}
	int err = ask_route(plan, src, s, e);
	if (err)
		return err;
	learn_prefixes(s, dst.family);
	keep(s, &dst, prefix_of(s, &dst), plan, src);
	return 0;
}

int sonde_session_hop_mac(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
			  struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	memset(mac, 0, SONDE_MAC_LEN);
	if (!link || link->loopback || link->no_arp)
		return 0;
	if (plan->hop.family == SONDE_NO_ADDR) {
		sonde_fail(e, SONDE_E_OPEN, "ether dst: nothing says which station it goes to");
		return SONDE_E_OPEN;
	}
	if (s->hop_ifindex == plan->ifindex && sonde_addr_equal(&s->hop, &plan->hop)) {
		memcpy(mac, s->hop_mac, SONDE_MAC_LEN);
		return 0;
	}
	int err = sonde_neigh_resolve(mac, s->netlink, plan->ifindex, &plan->hop, s->o.neighbour_ns, e);
	if (err)
		return err;
	s->hop = plan->hop;
	s->hop_ifindex = plan->ifindex;
	memcpy(s->hop_mac, mac, SONDE_MAC_LEN);
	return 0;
}
