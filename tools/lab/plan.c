#include "tools/lab/plan.h"

#include <string.h>

static const unsigned families[] = { SONDE_IP4, SONDE_IP6 };

/* Segments of a topology while it is planned. */
struct plan {
	struct topology *t;
	unsigned n_segments;
	struct sonde_prefix network[LAB_LINKS][2]; /* of each segment, by family; of family 0: nobody has an address */
	unsigned n_written;                        /* addresses that were there before */
	unsigned room;                             /* for routes; behind it are the written ones */
};

static void join(struct topology *t, unsigned from, unsigned to)
{
	for (unsigned i = 0; i < t->n_links; i++)
		if (t->links[i].segment == from)
			t->links[i].segment = to;
}

static bool meet_at_switch(const struct topology *t, const struct lab_link *a, const struct lab_link *b)
{
	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; k < 2; k++)
			if (a->end[i].host == b->end[k].host && t->hosts[a->end[i].host].kind == LAB_SWITCH)
				return true;
	return false;
}

/* A segment's label is that of its first link, until they are numbered. */
static void find_segments(struct plan *p)
{
	struct topology *t = p->t;
	bool seen[LAB_LINKS] = { false };

	for (unsigned i = 0; i < t->n_links; i++)
		t->links[i].segment = i;
	for (unsigned i = 0; i < t->n_links; i++)
		for (unsigned k = 0; k < i; k++) {
			unsigned a = t->links[i].segment, b = t->links[k].segment;
			if (a != b && meet_at_switch(t, &t->links[i], &t->links[k]))
				join(t, a > b ? a : b, a > b ? b : a);
		}
	for (unsigned i = 0; i < t->n_links; i++) {
		if (seen[t->links[i].segment])
			continue;
		seen[t->links[i].segment] = true;
		join(t, t->links[i].segment, p->n_segments);
		seen[p->n_segments++] = true;
	}
}

static const struct lab_end *first_end(const struct topology *t, unsigned host)
{
	for (unsigned i = 0; i < t->n_links; i++)
		for (unsigned k = 0; k < 2; k++)
			if (t->links[i].end[k].host == host && t->links[i].end[k].eth == 0)
				return &t->links[i].end[k];
	return NULL;
}

static unsigned segment_of(const struct topology *t, const struct lab_end *end)
{
	for (unsigned i = 0; i < t->n_links; i++)
		if (end == &t->links[i].end[0] || end == &t->links[i].end[1])
			return t->links[i].segment;
	return 0;
}

static bool overlap(const struct sonde_prefix *a, const struct sonde_prefix *b)
{
	return sonde_prefix_has(a, &b->addr) || sonde_prefix_has(b, &a->addr);
}

static struct sonde_prefix network_of(unsigned family, unsigned k)
{
	struct sonde_prefix p = { .addr = { .family = (uint8_t)family }, .bits = family == SONDE_IP4 ? 24 : 64 };

	p.addr.bytes[0] = family == SONDE_IP4 ? 10 : 0xfd;
	if (family == SONDE_IP4)
		p.addr.bytes[2] = (uint8_t)k;
	else
		sonde_put_be16(p.addr.bytes + 6, (uint16_t)k);
	return p;
}

static bool is_taken(const struct plan *p, const struct sonde_prefix *network)
{
	for (unsigned i = 0; i < p->n_written; i++)
		if (overlap(&p->t->addresses[i].prefix, network))
			return true;
	return false;
}

/* The numbers of both families go together, so that 10.0.3.1 and fd00:0:0:3::1 are one. */
static void choose_networks(struct plan *p)
{
	const struct topology *t = p->t;
	unsigned next = 0;

	for (unsigned i = 0; i < p->n_written; i++) {
		const struct sonde_prefix *written = &t->addresses[i].prefix;
		const struct lab_end *end = first_end(t, t->addresses[i].host);
		struct sonde_prefix *n =
			end ? &p->network[segment_of(t, end)][written->addr.family == SONDE_IP6] : NULL;
		if (n && !n->addr.family)
			*n = *written;
	}
	for (unsigned s = 0; s < p->n_segments; s++, next++) {
		struct sonde_prefix plan[2];
		do {
			plan[0] = network_of(SONDE_IP4, next);
			plan[1] = network_of(SONDE_IP6, next);
		} while ((is_taken(p, &plan[0]) || is_taken(p, &plan[1])) && next++ < 255);
		for (unsigned f = 0; f < 2; f++)
			if (!p->network[s][f].addr.family)
				p->network[s][f] = plan[f];
	}
}

static bool has_address(const struct topology *t, const struct sonde_addr *a)
{
	for (unsigned i = 0; i < t->n_addresses; i++)
		if (sonde_addr_equal(&t->addresses[i].prefix.addr, a))
			return true;
	return false;
}

/* Number n of a network: its host bits are replaced. */
static struct sonde_addr number(const struct sonde_prefix *network, unsigned n)
{
	struct sonde_addr a = network->addr;
	size_t len = sonde_addr_len(&a);

	for (unsigned bit = network->bits; bit < len * 8; bit++)
		a.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
	a.bytes[len - 1] |= (uint8_t)n;
	if (network->bits < len * 8 - 8)
		a.bytes[len - 2] |= (uint8_t)(n >> 8);
	return a;
}

static int add_address(struct plan *p, struct sonde_error *e, const struct lab_end *end, const struct sonde_prefix *net)
{
	struct topology *t = p->t;
	struct lab_address *a = &t->addresses[t->n_addresses];
	unsigned bits = (unsigned)sonde_addr_len(&net->addr) * 8 - net->bits;
	unsigned most = bits >= 9 ? 511 : (1u << bits) - 2;

	if (t->n_addresses == LAB_ADDRESSES)
		return sonde_fail(e, SONDE_E_SPACE, "%s: more than %d addresses", t->name, LAB_ADDRESSES);
	*a = (struct lab_address){ .host = end->host, .eth = end->eth, .prefix = *net };
	for (unsigned n = 1; n <= most; n++) {
		a->prefix.addr = number(net, n);
		if (has_address(t, &a->prefix.addr))
			continue;
		t->n_addresses++;
		return 0;
	}
	return sonde_fail(e, SONDE_E_SPACE, "%s: no address is left for eth%u of '%s'", t->name, end->eth,
			  t->hosts[end->host].name);
}

static bool is_written(const struct plan *p, const struct lab_end *end)
{
	for (unsigned i = 0; i < p->n_written; i++)
		if (p->t->addresses[i].host == end->host)
			return end->eth == 0;
	return false;
}

static int assign_addresses(struct plan *p, struct sonde_error *e)
{
	const struct topology *t = p->t;

	for (unsigned i = 0; i < t->n_links; i++) {
		for (unsigned k = 0; k < 2; k++) {
			const struct lab_end *end = &t->links[i].end[k];
			if (t->hosts[end->host].kind == LAB_SWITCH || is_written(p, end))
				continue;
			for (unsigned f = 0; f < 2; f++) {
				int err = add_address(p, e, end, &p->network[t->links[i].segment][f]);
				if (err)
					return err;
			}
		}
	}
	return 0;
}

/* --- Routes ------------------------------------------------------------------------------------------------------ */

/* What one host knows of the way to the others. Sets of hosts are bits. */
struct view {
	unsigned from;
	unsigned steps[LAB_HOSTS];   /* to this host; 0: none is known, or it is `from` itself */
	unsigned entry[LAB_HOSTS];   /* the segment by which it is reached */
	uint64_t first[LAB_HOSTS];   /* the neighbours that lie on the shortest ways to it */
	unsigned reached[LAB_LINKS]; /* steps to the nearest router of a segment, and one */
	uint64_t towards[LAB_LINKS]; /* the neighbours on the shortest ways to a segment */
};

_Static_assert(LAB_HOSTS <= 64, "a set of hosts is 64 bits");

static const struct lab_end *end_in(const struct topology *t, unsigned host, unsigned segment)
{
	for (unsigned i = 0; i < t->n_links; i++)
		for (unsigned k = 0; k < 2 && t->links[i].segment == segment; k++)
			if (t->links[i].end[k].host == host)
				return &t->links[i].end[k];
	return NULL;
}

/* A nat takes in only what comes from its inside, the first interface. */
static bool passes_on(const struct topology *t, const struct view *v, unsigned host)
{
	if (host == v->from || t->hosts[host].kind == LAB_ROUTER)
		return true;
	if (t->hosts[host].kind != LAB_NAT)
		return false;
	const struct lab_end *inside = first_end(t, host);
	return inside && segment_of(t, inside) == v->entry[host];
}

/* From `host`, `steps` away, to all on this segment. */
static void walk_segment(const struct topology *t, struct view *v, unsigned host, unsigned steps, unsigned segment)
{
	if (!v->reached[segment] || v->reached[segment] == steps + 1) {
		v->reached[segment] = steps + 1;
		v->towards[segment] |= v->first[host];
	}
	for (unsigned i = 0; i < t->n_links; i++) {
		for (unsigned k = 0; k < 2 && t->links[i].segment == segment; k++) {
			unsigned to = t->links[i].end[k].host;
			if (to == v->from || (v->steps[to] && v->steps[to] != steps + 1))
				continue;
			if (!v->steps[to])
				v->entry[to] = segment;
			v->steps[to] = steps + 1;
			v->first[to] |= steps == 0 ? UINT64_C(1) << to : v->first[host];
		}
	}
}

static void look_around(const struct topology *t, struct view *v, unsigned from)
{
	*v = (struct view){ .from = from };
	for (unsigned steps = 0; steps < t->n_hosts; steps++)
		for (unsigned host = 0; host < t->n_hosts; host++) {
			if (steps ? v->steps[host] != steps : host != from)
				continue;
			if (t->hosts[host].kind == LAB_SWITCH || !passes_on(t, v, host))
				continue;
			for (unsigned i = 0; i < t->n_links; i++)
				if (t->links[i].end[0].host == host || t->links[i].end[1].host == host)
					walk_segment(t, v, host, steps, t->links[i].segment);
		}
}

/* The neighbour's address on a segment that both are on. */
static const struct sonde_addr *neighbour(const struct topology *t, unsigned host, unsigned to, unsigned family)
{
	for (unsigned i = 0; i < t->n_links; i++) {
		unsigned segment = t->links[i].segment;
		const struct lab_end *there = end_in(t, host, segment) ? end_in(t, to, segment) : NULL;
		const struct sonde_prefix *p = there ? topology_end_address(t, there, family) : NULL;
		if (p)
			return &p->addr;
	}
	return NULL;
}

static int add_routes(struct plan *p, struct sonde_error *e, unsigned host, const struct sonde_prefix *to,
		      uint64_t hops)
{
	struct topology *t = p->t;

	for (unsigned hop = 0; hop < t->n_hosts; hop++) {
		const struct sonde_addr *via = hops >> hop & 1 ? neighbour(t, host, hop, to->addr.family) : NULL;
		if (!via)
			continue;
		if (t->n_routes == p->room)
			return sonde_fail(e, SONDE_E_SPACE, "%s: more than %d routes", t->name, LAB_ROUTES);
		t->routes[t->n_routes++] = (struct lab_route){ .host = host, .to = *to, .via = *via };
	}
	return 0;
}

/* A host that leaves by the same neighbours wherever it goes has a default route and no other. */
static bool has_one_way(const struct plan *p, const struct view *v, uint64_t *hops)
{
	*hops = 0;
	for (unsigned s = 0; s < p->n_segments; s++) {
		if (v->reached[s] <= 1)
			continue;
		if (*hops && *hops != v->towards[s])
			return false;
		*hops = v->towards[s];
	}
	return *hops && p->t->hosts[v->from].kind == LAB_HOST;
}

static int route_host(struct plan *p, struct sonde_error *e, unsigned host)
{
	struct view v;
	uint64_t hops;
	int err = 0;

	look_around(p->t, &v, host);
	bool one_way = has_one_way(p, &v, &hops);
	for (unsigned f = 0; f < 2 && one_way && !err; f++) {
		const struct sonde_prefix all = { .addr = { .family = (uint8_t)families[f] } };
		err = add_routes(p, e, host, &all, hops);
	}
	for (unsigned s = 0; s < p->n_segments && !one_way; s++) {
		for (unsigned f = 0; f < 2 && v.reached[s] > 1 && !err; f++) {
			struct sonde_prefix to = p->network[s][f];
			to.addr = number(&to, 0);
			err = add_routes(p, e, host, &to, v.towards[s]);
		}
	}
	return err;
}

int plan_make(struct topology *t, struct sonde_error *e)
{
	unsigned n_written = t->n_routes, room = LAB_ROUTES - n_written;
	struct plan p = { .t = t, .n_written = t->n_addresses, .room = room };
	int err;

	memmove(t->routes + room, t->routes, n_written * sizeof(*t->routes));
	t->n_routes = 0;
	find_segments(&p);
	choose_networks(&p);
	if ((err = assign_addresses(&p, e)))
		return err;
	for (unsigned host = 0; host < t->n_hosts; host++)
		if (t->hosts[host].kind != LAB_SWITCH && (err = route_host(&p, e, host)))
			return err;
	memmove(t->routes + t->n_routes, t->routes + room, n_written * sizeof(*t->routes));
	t->n_routes += n_written;
	return 0;
}
