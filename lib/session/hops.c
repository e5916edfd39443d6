#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "base/hash.h"
#include "io/clock.h"
#include "io/neigh.h"
#include "io/route.h"
#include "session/state.h"

#define FIRST_SLOTS 64
#define FRESH_NS    SONDE_S        /* how long what the kernel says, or that nobody answers, is valid, */
#define LEARNT_NS   (30 * SONDE_S) /* and an answer to a request of ours (RFC 4861, 10: REACHABLE_TIME) */

/* How long an answer to each of our requests is waited for before the next one, or the end. */
static const sonde_time request_ns[HOP_REQUESTS] = { 250 * SONDE_MS, 250 * SONDE_MS, 500 * SONDE_MS, 500 * SONDE_MS };

/* --- The table --------------------------------------------------------------------------------------------------- */

static bool is_it(const struct hop *hop, const struct sonde_addr *addr, uint32_t ifindex)
{
	return hop->ifindex == ifindex && sonde_addr_equal_bytes(&hop->addr, addr);
}

static uint32_t *slot_of(const struct hops *h, const struct sonde_addr *addr, uint32_t ifindex)
{
	struct sonde_key key = { ifindex, 0 };
	uint32_t at = (uint32_t)sonde_siphash(key, sonde_view(addr->bytes, sizeof addr->bytes)) & (h->n_slots - 1);
	while (h->slots[at] && !is_it(&h->items[h->slots[at] - 1], addr, ifindex))
		at = (at + 1) & (h->n_slots - 1);
	return &h->slots[at];
}

static bool grow(struct hops *h)
{
	uint32_t n_slots = h->n_slots ? 2 * h->n_slots : FIRST_SLOTS;
	uint32_t *slots = calloc(n_slots, sizeof *slots);
	struct hop *items = calloc(n_slots / 2, sizeof *items);
	if (!slots || !items) {
		free(slots);
		free(items);
		return false;
	}
	if (h->n)
		memcpy(items, h->items, h->n * sizeof *items);
	free(h->items);
	free(h->slots);
	h->items = items;
	h->slots = slots;
	h->n_slots = n_slots;
	for (uint32_t i = 0; i < h->n; i++)
		*slot_of(h, &h->items[i].addr, h->items[i].ifindex) = i + 1;
	return true;
}

/* The number of a hop, a new one when there is none; HOP_NONE without memory. */
static uint32_t hop_at(struct hops *h, const struct sonde_addr *addr, uint32_t ifindex)
{
	if (h->latest && is_it(&h->items[h->latest - 1], addr, ifindex))
		return h->latest - 1;
	if (h->n >= h->n_slots / 2 && !grow(h))
		return HOP_NONE;
	uint32_t *slot = slot_of(h, addr, ifindex);
	if (!*slot) {
		h->items[h->n] = (struct hop){ .addr = *addr, .ifindex = ifindex, .state = HOP_FAILED };
		*slot = ++h->n;
	}
	h->latest = *slot;
	return *slot - 1;
}

/* The hop that is there, or NULL. */
static struct hop *find(const struct hops *h, const struct sonde_addr *addr, uint32_t ifindex)
{
	uint32_t number = h->n_slots ? *slot_of(h, addr, ifindex) : 0;
	return number ? &h->items[number - 1] : NULL;
}

uint32_t sonde_session_hop_number(const struct sonde_session *s, const struct sonde_plan *plan)
{
	const struct hop *hop = find(&s->hops, &plan->hop, plan->ifindex);
	return hop ? (uint32_t)(hop - s->hops.items) : HOP_NONE;
}

/* --- Queues ------------------------------------------------------------------------------------------------------ */

/* Where a hop waits that is being asked. */
static enum hop_queue queue_of(const struct hop *hop)
{
	return hop->requests ? (enum hop_queue)(HOP_ASKED_ONCE + hop->requests - 1) : HOP_ASKED_BY_KERNEL;
}

static struct hop_link *link_of(const struct hops *h, enum hop_queue q, uint32_t number)
{
	return &h->items[number - 1].links[q == HOP_SETTLED];
}

static void append(struct hops *h, enum hop_queue q, const struct hop *hop)
{
	struct hop_list *list = &h->queues[q];
	uint32_t number = (uint32_t)(hop - h->items) + 1;
	*link_of(h, q, number) = (struct hop_link){ .previous = list->last };
	*(list->last ? &link_of(h, q, list->last)->next : &list->first) = number;
	list->last = number;
}

static void leave(struct hops *h, enum hop_queue q, const struct hop *hop)
{
	struct hop_list *list = &h->queues[q];
	struct hop_link link = *link_of(h, q, (uint32_t)(hop - h->items) + 1);
	*(link.previous ? &link_of(h, q, link.previous)->next : &list->first) = link.next;
	*(link.next ? &link_of(h, q, link.next)->previous : &list->last) = link.previous;
}

static struct hop *first_of(const struct hops *h, enum hop_queue q)
{
	return h->queues[q].first ? &h->items[h->queues[q].first - 1] : NULL;
}

/* mac NULL: nobody answered. */
static void settle(struct hops *h, struct hop *hop, const uint8_t *mac, sonde_time until)
{
	if (hop->state == HOP_RESOLVING) {
		leave(h, queue_of(hop), hop);
		h->n_resolving--;
		if (!hop->is_settled)
			append(h, HOP_SETTLED, hop);
		hop->is_settled = true;
	}
	hop->state = mac ? HOP_RESOLVED : HOP_FAILED;
	hop->until = until;
	if (mac)
		memcpy(hop->mac, mac, SONDE_MAC_LEN);
}

bool sonde_session_next_settled(uint32_t *number, struct sonde_session *s)
{
	struct hop *hop = first_of(&s->hops, HOP_SETTLED);
	if (!hop)
		return false;
	hop->is_settled = false;
	*number = (uint32_t)(hop - s->hops.items);
	leave(&s->hops, HOP_SETTLED, hop);
	return true;
}

/* --- Questions --------------------------------------------------------------------------------------------------- */

/* Returns 0, or why this process cannot ask itself. */
static int send_request(struct sonde_session *s, struct hop *hop, sonde_time now)
{
	int err = sonde_session_solicit(s, hop);
	/* A socket that is full is as good as a request that is lost. */
	if (err && err != -EAGAIN)
		return err;
	hop->until = now + request_ns[hop->requests++];
	append(&s->hops, queue_of(hop), hop);
	return 0;
}

/* The watch is opened before the question is asked, so that no answer is missed. */
static int have_kernel_ask(struct sonde_session *s, struct hop *hop, sonde_time now, struct sonde_error *e)
{
	struct hops *h = &s->hops;
	const struct sonde_opener *opener = s->o.opener;
	int err = h->watches ? 0 : sonde_neigh_watch(h->watch);
	h->watches |= !err;
	if (!err)
		err = opener ? opener->neighbour(opener->arg, hop->ifindex, &hop->addr)
			     : sonde_neigh_ask(s->netlink, hop->ifindex, &hop->addr);
	if (err)
		return sonde_fail(e, err, "cannot have the next hop asked for its address: %s", sonde_strerror(err));
	hop->until = now + s->o.neighbour_ns;
	append(h, HOP_ASKED_BY_KERNEL, hop);
	return 0;
}

/* Only a session that reads what comes in can ask itself. */
static int ask(struct sonde_session *s, struct hop *hop, const struct sonde_plan *plan, sonde_time now,
	       struct sonde_error *e)
{
	hop->requests = 0;
	bool asks = s->o.resolves && !sonde_session_listen(s, plan, NULL) && !send_request(s, hop, now);
	int err = asks ? 0 : have_kernel_ask(s, hop, now, e);
	if (err)
		return err;
	hop->state = HOP_RESOLVING;
	s->hops.n_resolving++;
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
static int look_up(struct sonde_session *s, struct hop *hop, const struct sonde_plan *plan, sonde_time now,
		   struct sonde_error *e)
{
	uint8_t mac[SONDE_MAC_LEN];
	int err = s->o.asks_anew ? SONDE_E_NO_NEIGHBOUR
				 : sonde_neigh_get(mac, s->netlink, hop->ifindex, &hop->addr);
	if (err == SONDE_E_NO_NEIGHBOUR)
		return ask(s, hop, plan, now, e);
	if (err)
		return sonde_fail(e, err, "cannot look the next hop up: %s", sonde_strerror(err));
	settle(&s->hops, hop, mac, now + FRESH_NS);
	return 0;
}

static int resolve(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
		   struct sonde_error *e)
{
	sonde_time now = sonde_clock_monotonic();
	uint32_t number = hop_at(&s->hops, &plan->hop, plan->ifindex);
	int err = 0;
	if (number == HOP_NONE)
		return sonde_fail(e, -ENOMEM, "out of memory");
	struct hop *hop = &s->hops.items[number];
	if (hop->state == HOP_RESOLVING)
		return -EINPROGRESS;
	if (now >= hop->until)
		err = look_up(s, hop, plan, now, e);
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

/* The kernel asks first. What answers us answers it, too: it takes any answer about a hop that it asks. */
void sonde_session_assist(struct sonde_session *s, const struct sonde_plan *plan, sonde_time now)
{
	uint8_t mac[SONDE_MAC_LEN];
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	bool has_hop = link && !link->no_arp && !plan->is_local && !plan->is_broadcast && plan->hop.family;
	uint32_t number = has_hop ? hop_at(&s->hops, &plan->hop, plan->ifindex) : HOP_NONE;
	struct hop *hop = number == HOP_NONE ? NULL : &s->hops.items[number];
	if (!hop || hop->state == HOP_RESOLVING || now < hop->until)
		return;
	int err = sonde_neigh_get(mac, s->netlink, hop->ifindex, &hop->addr);
	if (err != SONDE_E_NO_NEIGHBOUR) {
		settle(&s->hops, hop, err ? NULL : mac, now + FRESH_NS);
		return;
	}
	hop->state = HOP_RESOLVING;
	hop->requests = 1;
	hop->until = now + request_ns[0];
	s->hops.n_resolving++;
	append(&s->hops, queue_of(hop), hop);
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

void sonde_session_hop_answered(struct sonde_session *s, const struct sonde_addr *addr, uint32_t ifindex,
				const uint8_t mac[static SONDE_MAC_LEN], sonde_time now)
{
	struct hop *hop = find(&s->hops, addr, ifindex);
	if (hop && hop->state == HOP_RESOLVING)
		settle(&s->hops, hop, mac, now + LEARNT_NS);
}

struct news {
	struct hops *hops;
	sonde_time now;
};

/* That the kernel gave up is no news about a hop that we ask ourselves. */
static void on_news(void *arg, const struct sonde_neigh_news *neigh)
{
	const struct news *n = arg;
	struct hop *hop = find(n->hops, &neigh->hop, neigh->ifindex);
	if (hop && !(neigh->failed && hop->requests))
		settle(n->hops, hop, neigh->failed ? NULL : neigh->mac, n->now + FRESH_NS);
}

/* After notifications were lost, the kernel's table says which hops are resolved. */
static void look_up_all(struct sonde_session *s, sonde_time now)
{
	uint8_t mac[SONDE_MAC_LEN];
	for (uint32_t i = 0; i < s->hops.n; i++) {
		struct hop *hop = &s->hops.items[i];
		if (hop->state == HOP_RESOLVING && sonde_neigh_get(mac, s->netlink, hop->ifindex, &hop->addr) == 0)
			settle(&s->hops, hop, mac, now + FRESH_NS);
	}
}

/* It did not answer by now: ask again, or give it up. */
static void go_on(struct sonde_session *s, struct hop *hop, sonde_time now)
{
	enum hop_queue q = queue_of(hop);
	bool is_over = q == HOP_ASKED_BY_KERNEL || hop->requests == HOP_REQUESTS;
	if (!is_over) {
		leave(&s->hops, q, hop);
		if (!send_request(s, hop, now))
			return;
		append(&s->hops, q, hop);
	}
	settle(&s->hops, hop, NULL, now + FRESH_NS);
}

void sonde_session_update_hops(struct sonde_session *s, sonde_time now)
{
	struct news news = { &s->hops, now };
	if (s->hops.watches && sonde_neigh_news(s->hops.watch, on_news, &news))
		look_up_all(s, now);
	for (enum hop_queue q = 0; q < HOP_SETTLED; q++) {
		struct hop *hop;
		while ((hop = first_of(&s->hops, q)) && hop->until <= now)
			go_on(s, hop, now);
	}
}

sonde_time sonde_session_hops_deadline(const struct sonde_session *s)
{
	sonde_time first = SONDE_NEVER;
	for (enum hop_queue q = 0; q < HOP_SETTLED; q++) {
		const struct hop *hop = first_of(&s->hops, q);
		if (hop && hop->until < first)
			first = hop->until;
	}
	return first;
}

void sonde_session_free_hops(struct hops *h)
{
	sonde_netlink_close(h->watch);
	free(h->items);
	free(h->slots);
}
