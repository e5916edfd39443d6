#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "base/hash.h"
#include "io/clock.h"
#include "io/neigh.h"
#include "io/route.h"
#include "session/state.h"

#define FIRST_CAP 16
#define FRESH_NS  SONDE_S /* how long an answer, or its absence, is valid */

static uint32_t slot_of(const struct hops *h, const struct sonde_addr *addr, uint32_t ifindex)
{
	struct sonde_key key = { ifindex, 0 };
	uint32_t at = (uint32_t)sonde_siphash(key, sonde_view(addr->bytes, sizeof addr->bytes)) & (h->cap - 1);
	while (h->items[at].state != HOP_FREE &&
	       (h->items[at].ifindex != ifindex || !sonde_addr_equal_bytes(&h->items[at].addr, addr)))
		at = (at + 1) & (h->cap - 1);
	return at;
}

static bool grow(struct hops *h)
{
	struct hops more = *h;
	more.cap = h->cap ? 2 * h->cap : FIRST_CAP;
	more.items = calloc(more.cap, sizeof *more.items);
	if (!more.items)
		return false;
	for (unsigned i = 0; i < h->cap; i++)
		if (h->items[i].state != HOP_FREE)
			more.items[slot_of(&more, &h->items[i].addr, h->items[i].ifindex)] = h->items[i];
	free(h->items);
	*h = more;
	return true;
}

/* The hop's entry, a new one when there is none; NULL without memory. */
static struct hop *hop_at(struct hops *h, const struct sonde_addr *addr, uint32_t ifindex)
{
	if (h->n >= h->cap / 2 && !grow(h))
		return NULL;
	struct hop *hop = &h->items[slot_of(h, addr, ifindex)];
	if (hop->state == HOP_FREE) {
		*hop = (struct hop){ .addr = *addr, .ifindex = ifindex, .state = HOP_FAILED };
		h->n++;
	}
	return hop;
}

static void set_result(struct hops *h, struct hop *hop, const uint8_t *mac, sonde_time now)
{
	h->n_resolving -= hop->state == HOP_RESOLVING;
	h->changes += hop->state == HOP_RESOLVING;
	hop->state = mac ? HOP_RESOLVED : HOP_FAILED;
	hop->until = now + FRESH_NS;
	if (mac)
		memcpy(hop->mac, mac, SONDE_MAC_LEN);
}

/* The watch is opened before the question is asked, so that no answer is missed. */
static int ask(struct sonde_session *s, struct hop *hop, sonde_time now, struct sonde_error *e)
{
	struct hops *h = &s->hops;
	const struct sonde_opener *opener = s->o.opener;
	int err = h->watches ? 0 : sonde_neigh_watch(h->watch);
	h->watches |= !err;
	if (!err)
		err = opener ? opener->neighbour(opener->arg, hop->ifindex, &hop->addr)
			     : sonde_neigh_ask(s->netlink, hop->ifindex, &hop->addr);
	if (err)
		sonde_fail(e, err, "cannot have the next hop asked for its address: %s", sonde_strerror(err));
	if (err)
		return err;
	hop->state = HOP_RESOLVING;
	hop->until = now + s->o.neighbour_ns;
	h->n_resolving++;
	return -EINPROGRESS;
}

static int refuse(const struct sonde_addr *addr, struct sonde_error *e)
{
	char text[SONDE_ADDR_STRLEN];
	sonde_fail(e, SONDE_E_NO_NEIGHBOUR, "the next hop %s does not answer %s", sonde_addr_format(text, addr),
		   addr->family == SONDE_IP4 ? "ARP" : "neighbour discovery");
	sonde_hint(e, "is it on this link, and is it up?");
	return SONDE_E_NO_NEIGHBOUR;
}

/* Look a hop up in the kernel's neighbour table, and have it resolved where it is not there. */
static int look_up(struct sonde_session *s, struct hop *hop, sonde_time now, struct sonde_error *e)
{
	uint8_t mac[SONDE_MAC_LEN];
	int err = sonde_neigh_get(mac, s->netlink, hop->ifindex, &hop->addr);
	if (err == SONDE_E_NO_NEIGHBOUR)
		return ask(s, hop, now, e);
	if (err)
		return sonde_fail(e, err, "cannot look the next hop up: %s", sonde_strerror(err));
	set_result(&s->hops, hop, mac, now);
	return 0;
}

static int resolve(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
		   struct sonde_error *e)
{
	sonde_time now = sonde_clock_monotonic();
	struct hop *hop = hop_at(&s->hops, &plan->hop, plan->ifindex);
	int err = 0;
	if (!hop)
		return sonde_fail(e, -ENOMEM, "out of memory");
	if (hop->state == HOP_RESOLVING)
		return -EINPROGRESS;
	if (now >= hop->until)
		err = look_up(s, hop, now, e);
	if (!err && hop->state == HOP_FAILED)
		return refuse(&hop->addr, e);
	if (!err)
		memcpy(mac, hop->mac, SONDE_MAC_LEN);
	return err;
}

int sonde_session_hop_mac(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
			  struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	memset(mac, 0, SONDE_MAC_LEN);
	if (!link || link->loopback || link->no_arp)
		return 0;
	if (plan->hop.family == SONDE_NO_ADDR)
		return sonde_fail(e, SONDE_E_OPEN, "ether dst: nothing says which station it goes to");
	if (!plan->is_broadcast)
		return resolve(mac, s, plan, e);
	/* Groups have link addresses of their own, and so has everybody: nobody is asked for them. */
	memset(mac, 0xff, SONDE_MAC_LEN);
	return sonde_addr_is_multicast(&plan->dst) ? sonde_neigh_get(mac, s->netlink, plan->ifindex, &plan->dst) : 0;
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

/* --- Answers ----------------------------------------------------------------------------------------------------- */

struct news {
	struct hops *hops;
	sonde_time now;
};

static void on_news(void *arg, const struct sonde_neigh_news *neigh)
{
	const struct news *n = arg;
	struct hop *hop = &n->hops->items[slot_of(n->hops, &neigh->hop, neigh->ifindex)];
	if (hop->state != HOP_FREE)
		set_result(n->hops, hop, neigh->failed ? NULL : neigh->mac, n->now);
}

/* After notifications were lost, the kernel's table says which hops are resolved. */
static void look_up_all(struct sonde_session *s, sonde_time now)
{
	uint8_t mac[SONDE_MAC_LEN];
	for (unsigned i = 0; i < s->hops.cap; i++) {
		struct hop *hop = &s->hops.items[i];
		if (hop->state == HOP_RESOLVING && sonde_neigh_get(mac, s->netlink, hop->ifindex, &hop->addr) == 0)
			set_result(&s->hops, hop, mac, now);
	}
}

void sonde_session_update_hops(struct sonde_session *s, sonde_time now)
{
	struct news news = { &s->hops, now };
	if (!s->hops.watches)
		return;
	if (sonde_neigh_news(s->hops.watch, on_news, &news))
		look_up_all(s, now);
	for (unsigned i = 0; i < s->hops.cap && s->hops.n_resolving; i++) {
		struct hop *hop = &s->hops.items[i];
		if (hop->state == HOP_RESOLVING && hop->until <= now)
			set_result(&s->hops, hop, NULL, now);
	}
}

sonde_time sonde_session_hops_deadline(const struct sonde_session *s)
{
	sonde_time first = SONDE_NEVER;
	for (unsigned i = 0; i < s->hops.cap && s->hops.n_resolving; i++) {
		const struct hop *hop = &s->hops.items[i];
		if (hop->state == HOP_RESOLVING && hop->until < first)
			first = hop->until;
	}
	return first;
}

void sonde_session_free_hops(struct hops *h)
{
	sonde_netlink_close(h->watch);
	free(h->items);
}
