#include "tools/lab/plan.h"

#include <string.h>

static const unsigned families[] = { SONDE_IP4, SONDE_IP6 };

struct plan {
	struct topology *t;
	unsigned n_segments;
	struct sonde_prefix network[LAB_LINKS][2]; /* of each segment, by family; of family 0: nobody has an address */
	unsigned n_written_addresses, n_written_routes;
	const struct sonde_addr *address[LAB_LINKS * 2][2]; /* of each end, by family, or NULL */
	unsigned by_segment[LAB_LINKS * 2];                 /* the ends, sorted by their segments */
	unsigned first[LAB_LINKS + 1];                      /* where those of a segment begin in by_segment */
	/* How many hosts a packet from a host to a segment passes through, that host included; 1: it is on the segment,
	 * 0: there is no path. */
	uint8_t steps[LAB_LINKS][LAB_HOSTS];
};

static struct lab_end *end_of(const struct topology *t, unsigned i)
{
	return (struct lab_end *)(uintptr_t)&t->links[i / 2].end[i & 1];
}

/* --- Segments and addresses -------------------------------------------------------------------------------------- */

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
	sonde_put_be16(p.addr.bytes + (family == SONDE_IP4 ? 1 : 6), (uint16_t)k);
	return p;
}

static bool is_taken(const struct plan *p, const struct sonde_prefix *network)
{
	for (unsigned i = 0; i < p->n_written_addresses; i++)
		if (overlap(&p->t->addresses[i].prefix, network))
			return true;
	return false;
}

/* Both families have the same number, so that 10.0.3.1 and fd00:0:0:3::1 are one interface. */
static void choose_networks(struct plan *p)
{
	const struct topology *t = p->t;
	unsigned next = 0;

	for (unsigned i = 0; i < p->n_written_addresses; i++) {
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
		} while ((is_taken(p, &plan[0]) || is_taken(p, &plan[1])) && next++ < UINT16_MAX);
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

/* The address with number n in a network. */
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
	for (unsigned i = 0; i < p->n_written_addresses; i++)
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

static void index_ends(struct plan *p)
{
	const struct topology *t = p->t;
	unsigned n = 0;

	for (unsigned s = 0; s < p->n_segments; s++) {
		p->first[s] = n;
		for (unsigned i = 0; i < t->n_links * 2; i++)
			if (t->links[i / 2].segment == s)
				p->by_segment[n++] = i;
	}
	p->first[p->n_segments] = n;
	for (unsigned i = 0; i < t->n_links * 2; i++)
		for (unsigned f = 0; f < 2; f++) {
			const struct sonde_prefix *prefix = topology_end_address(t, end_of(t, i), families[f]);
			p->address[i][f] = prefix ? &prefix->addr : NULL;
		}
}

/* Whether a host forwards what it receives at an interface: a nat only what comes from its inside. */
static bool forwards(const struct topology *t, const struct lab_end *end)
{
	enum lab_kind kind = t->hosts[end->host].kind;

	return kind == LAB_ROUTER || (kind == LAB_NAT && end->eth == 0);
}

/* From a segment outwards, host by host. */
static void find_steps(struct plan *p, unsigned segment)
{
	const struct topology *t = p->t;
	uint8_t *steps = p->steps[segment];
	unsigned queue[LAB_HOSTS], n = 0;

	for (unsigned i = p->first[segment]; i < p->first[segment + 1]; i++) {
		unsigned host = end_of(t, p->by_segment[i])->host;
		if (!steps[host] && t->hosts[host].kind != LAB_SWITCH)
			queue[n++] = host;
		steps[host] = 1;
	}
	for (unsigned at = 0; at < n; at++)
		for (unsigned i = 0; i < t->n_links * 2; i++) {
			const struct lab_end *end = end_of(t, i);
			unsigned s = t->links[i / 2].segment;
			if (end->host != queue[at] || !forwards(t, end))
				continue;
			for (unsigned k = p->first[s]; k < p->first[s + 1]; k++) {
				unsigned host = end_of(t, p->by_segment[k])->host;
				if (steps[host] || t->hosts[host].kind == LAB_SWITCH)
					continue;
				steps[host] = (uint8_t)(steps[queue[at]] + 1);
				queue[n++] = host;
			}
		}
}

/* The next hops of a host on the shortest paths to a segment: for each host that is one, 1 and the number of its end
 * that the host shares a segment with. */
struct hops {
	unsigned end[LAB_HOSTS];
};

static void find_hops(struct hops *out, const struct plan *p, unsigned from, unsigned segment)
{
	const struct topology *t = p->t;
	const uint8_t *steps = p->steps[segment];

	*out = (struct hops){ 0 };
	for (unsigned i = 0; i < t->n_links * 2 && steps[from] > 1; i++) {
		unsigned s = t->links[i / 2].segment;
		for (unsigned k = p->first[s]; k < p->first[s + 1] && end_of(t, i)->host == from; k++) {
			const struct lab_end *to = end_of(t, p->by_segment[k]);
			if (steps[to->host] + 1 == steps[from] && forwards(t, to) && !out->end[to->host])
				out->end[to->host] = p->by_segment[k] + 1;
		}
	}
}

static int add_routes(struct plan *p, struct sonde_error *e, unsigned host, const struct sonde_prefix to[2],
		      const struct hops *hops)
{
	struct topology *t = p->t;

	for (unsigned f = 0; f < 2; f++)
		for (unsigned hop = 0; hop < t->n_hosts; hop++) {
			unsigned end = hops->end[hop];
			if (!end || !p->address[end - 1][f])
				continue;
			if (t->n_routes == LAB_ROUTES - p->n_written_routes)
				return sonde_fail(e, SONDE_E_SPACE, "%s: more than %d routes", t->name, LAB_ROUTES);
			t->routes[t->n_routes++] = (struct lab_route){ host, to[f], *p->address[end - 1][f] };
		}
	return 0;
}

/* A host whose next hops are the same to all segments has a default route and no other. Returns whether it is one. */
static bool has_one_way(struct hops *hops, const struct plan *p, unsigned host)
{
	unsigned n = 0;

	for (unsigned s = 0; s < p->n_segments; s++) {
		struct hops other;
		if (p->steps[s][host] <= 1)
			continue;
		find_hops(n++ ? &other : hops, p, host, s);
		if (n > 1 && memcmp(&other, hops, sizeof(other)) != 0)
			return false;
	}
	return n && p->t->hosts[host].kind == LAB_HOST;
}

static int route_host(struct plan *p, struct sonde_error *e, unsigned host)
{
	static const struct sonde_prefix all[2] = { { .addr.family = SONDE_IP4 }, { .addr.family = SONDE_IP6 } };
	struct hops hops;
	int err = 0;

	if (has_one_way(&hops, p, host))
		return add_routes(p, e, host, all, &hops);
	for (unsigned s = 0; s < p->n_segments && !err; s++) {
		struct sonde_prefix to[2] = { p->network[s][0], p->network[s][1] };
		to[0].addr = number(&to[0], 0);
		to[1].addr = number(&to[1], 0);
		find_hops(&hops, p, host, s);
		err = add_routes(p, e, host, to, &hops);
	}
	return err;
}

int plan_make(struct topology *t, struct sonde_error *e)
{
	static struct plan p;
	int err;

	p = (struct plan){ .t = t, .n_written_addresses = t->n_addresses, .n_written_routes = t->n_routes };
	struct lab_route *written = t->routes + LAB_ROUTES - t->n_routes;
	memmove(written, t->routes, t->n_routes * sizeof(*t->routes));
	t->n_routes = 0;
	find_segments(&p);
	choose_networks(&p);
	if ((err = assign_addresses(&p, e)))
		return err;
	index_ends(&p);
	for (unsigned s = 0; s < p.n_segments; s++)
		find_steps(&p, s);
	for (unsigned host = 0; host < t->n_hosts; host++)
		if (t->hosts[host].kind != LAB_SWITCH && (err = route_host(&p, e, host)))
			return err;
	memmove(t->routes + t->n_routes, written, p.n_written_routes * sizeof(*t->routes));
	t->n_routes += p.n_written_routes;
	return 0;
}
