/* Links, routes and neighbours, read back from what ip(8) set up. */
#include "tests/unit/io_netns.h"

#include <net/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/capability.h>

#include "base/addr.h"
#include "io/clock.h"
#include "io/link.h"
#include "io/neigh.h"
#include "io/netlink.h"
#include "io/route.h"

static struct sonde_netlink *netlink;
static const char *unable;

static struct sonde_addr addr(const char *s)
{
	struct sonde_addr a;

	assert_int_equal(sonde_addr_parse(&a, NULL, s, strlen(s)), 0);
	return a;
}

static void assert_addr(const struct sonde_addr *a, const char *s)
{
	char text[SONDE_ADDR_STRLEN];

	assert_string_equal(sonde_addr_format(text, a), s);
}

static void links_are_listed(void **state)
{
	struct sonde_links links;
	uint8_t mac[SONDE_MAC_LEN];

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_run("ip link set v0 mtu 1400 address 02:00:00:00:00:01"));
	assert_int_equal(sonde_links_read(&links, netlink, NULL), 0);
	const struct sonde_link *lo = sonde_link_by_name(&links, "lo");
	const struct sonde_link *v0 = sonde_link_by_index(&links, if_nametoindex("v0"));
	assert_non_null(lo);
	assert_true(lo->loopback && lo->up && !lo->broadcast);
	assert_int_equal(lo->type, ARPHRD_LOOPBACK);
	assert_addr(&lo->addrs[0].prefix.addr, "127.0.0.1");
	assert_int_equal(lo->addrs[0].prefix.bits, 8);
	assert_int_equal(lo->addrs[0].scope, RT_SCOPE_HOST);
	assert_non_null(v0);
	assert_string_equal(v0->name, "v0");
	assert_true(v0->up && v0->broadcast && !v0->loopback && !v0->no_arp);
	assert_int_equal(v0->type, ARPHRD_ETHER);
	assert_int_equal(v0->mtu, 1400);
	assert_int_equal(sonde_mac_parse(mac, "02:00:00:00:00:01", 17), 0);
	assert_int_equal(v0->mac_len, SONDE_MAC_LEN);
	assert_memory_equal(v0->mac, mac, SONDE_MAC_LEN);
	assert_memory_equal(v0->mac_broadcast, "\xff\xff\xff\xff\xff\xff", SONDE_MAC_LEN);
	assert_true(v0->n_addrs >= 2);
	struct sonde_addr own = addr("fd00::1"), other = addr("fd00::2");
	assert_ptr_equal(sonde_link_by_addr(&links, &own), v0);
	assert_null(sonde_link_by_addr(&links, &other));
	assert_null(sonde_link_by_name(&links, "v1"));
	for (size_t i = 0; i < v0->n_addrs; i++)
		if (sonde_addr_is_link_local(&v0->addrs[i].prefix.addr))
			assert_int_equal(v0->addrs[i].prefix.addr.scope, v0->index);
	sonde_links_free(&links);
	assert_true(netns_run("ip link set v0 mtu 1500"));
}

static void many_links_are_listed(void **state)
{
	struct sonde_links links;
	char name[SONDE_LINK_NAMELEN], text[SONDE_ADDR_STRLEN];

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_run("for i in $(seq 60); do echo link add m$i type bridge; "
		"echo addr add 192.0.2.$i/32 dev m$i; done | ip -batch -"));
	assert_int_equal(sonde_links_read(&links, netlink, NULL), 0);
	for (int i = 1; i <= 60; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		snprintf(text, sizeof(text), "192.0.2.%d", i);
		const struct sonde_link *link = sonde_link_by_name(&links, name);
		assert_non_null(link);
		assert_int_equal(link->n_addrs, 1);
		assert_addr(&link->addrs[0].prefix.addr, text);
		assert_false(link->up);
	}
	sonde_links_free(&links);
	assert_true(netns_run("for i in $(seq 60); do echo link del m$i; done | ip -batch -"));
}

static int route_to(struct sonde_route *r, const char *dst, struct sonde_error *e)
{
	return sonde_route_get(r, netlink, &(struct sonde_route_query){ .dst = addr(dst) }, e);
}

static void routes_are_found(void **state)
{
	struct sonde_route r;
	unsigned v0 = if_nametoindex("v0");

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_run("ip route add 198.51.100.0/24 via 10.0.0.2 mtu 1300"
		" && ip route add 203.0.113.0/24 via inet6 fd00::2 dev v0"
		" && ip -6 route add 2001:db8::/32 via fd00::2"));
	assert_int_equal(route_to(&r, "10.0.0.2", NULL), 0);
	assert_int_equal(r.type, RTN_UNICAST);
	assert_int_equal(r.ifindex, v0);
	assert_int_equal(r.gateway.family, SONDE_NO_ADDR);
	assert_int_equal(r.mtu, 0);
	assert_addr(&r.src, "10.0.0.1");
	assert_int_equal(route_to(&r, "198.51.100.7", NULL), 0);
	assert_addr(&r.gateway, "10.0.0.2");
	assert_int_equal(r.mtu, 1300);
	assert_int_equal(route_to(&r, "203.0.113.7", NULL), 0);
	assert_addr(&r.gateway, "fd00::2");
	assert_int_equal(route_to(&r, "2001:db8::7", NULL), 0);
	assert_int_equal(r.ifindex, v0);
	assert_addr(&r.gateway, "fd00::2");
	assert_addr(&r.src, "fd00::1");
	assert_int_equal(route_to(&r, "10.0.0.1", NULL), 0);
	assert_int_equal(r.type, RTN_LOCAL);
	assert_int_equal(r.ifindex, if_nametoindex("lo"));
	assert_int_equal(route_to(&r, "10.0.0.255", NULL), 0);
	assert_int_equal(r.type, RTN_BROADCAST);
	assert_int_equal(route_to(&r, "::1", NULL), 0);
	assert_int_equal(r.type, RTN_LOCAL);
	struct sonde_route_query q = { .dst = addr("fe80::9") };
	q.dst.scope = v0;
	assert_int_equal(sonde_route_get(&r, netlink, &q, NULL), 0);
	assert_int_equal(r.ifindex, v0);
	assert_int_equal(r.src.scope, v0);
}

static const struct refusal_row {
	const char *command, *dst;
	uint8_t type;
	const char *what;
} refusal_rows[] = {
	{ "true", "192.0.2.1", RTN_UNSPEC, "no route to 192.0.2.1" },
	{ "ip route add unreachable 192.0.2.2", "192.0.2.2", RTN_UNREACHABLE,
		"the routing table says unreachable to 192.0.2.2" },
	{ "ip route add prohibit 192.0.2.3", "192.0.2.3", RTN_PROHIBIT,
		"the routing table says prohibited to 192.0.2.3" },
	{ "ip route add blackhole 192.0.2.4", "192.0.2.4", RTN_BLACKHOLE,
		"the routing table says blackhole to 192.0.2.4" },
	{ "true", "2001:db9::1", RTN_UNSPEC, "no route to 2001:db9::1" },
	{ "ip -6 route add unreachable 2001:db9::2", "2001:db9::2", RTN_UNREACHABLE,
		"the routing table says unreachable to 2001:db9::2" },
	{ "ip -6 route add prohibit 2001:db9::3", "2001:db9::3", RTN_PROHIBIT,
		"the routing table says prohibited to 2001:db9::3" },
	{ "ip -6 route add blackhole 2001:db9::4", "2001:db9::4", RTN_BLACKHOLE,
		"the routing table says blackhole to 2001:db9::4" },
};

static void no_route_has_a_reason(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	for (size_t i = 0; i < sizeof(refusal_rows) / sizeof(refusal_rows[0]); i++) {
		const struct refusal_row *row = &refusal_rows[i];
		struct sonde_route r;
		struct sonde_error e;
		assert_true(netns_run("%s", row->command));
		assert_int_equal(route_to(&r, row->dst, &e), SONDE_E_NO_ROUTE);
		assert_string_equal(e.what, row->what);
		assert_int_equal(r.type, row->type);
	}
}

static void foreign_source_is_told(void **state)
{
	struct sonde_route r;
	struct sonde_error e;
	struct sonde_route_query q = { .dst = addr("10.0.0.2"), .src = addr("192.0.2.9") };

	(void)state;
	NETNS_NEEDED(unable);
	assert_int_equal(sonde_route_get(&r, netlink, &q, &e), -EADDRNOTAVAIL);
	assert_string_equal(e.what, "192.0.2.9 cannot be the source of packets to 10.0.0.2");
	q.src = addr("::1");
	assert_int_equal(sonde_route_get(&r, netlink, &q, &e), SONDE_E_KIND);
}

/* The MAC address of v1, given it from outside. */
static const uint8_t peer_mac[SONDE_MAC_LEN] = { 2, 0, 0, 0, 0, 2 };

struct wanted {
	uint32_t ifindex;
	struct sonde_addr hop;
	bool came;
};

static void take_news(void *arg, const struct sonde_neigh_news *news)
{
	struct wanted *w = arg;
	w->came |= news->ifindex == w->ifindex && sonde_addr_equal_bytes(&news->hop, &w->hop);
}

/* Ask for the hop's address, and wait for the news. Returns as sonde_neigh_get does. */
static int resolve(uint8_t mac[static SONDE_MAC_LEN], uint32_t ifindex, const struct sonde_addr *hop,
		   sonde_time timeout_ns)
{
	struct wanted w = { ifindex, *hop, false };
	struct sonde_netlink *watch;
	sonde_time until = sonde_clock_monotonic() + timeout_ns;
	if (sonde_neigh_get(mac, netlink, ifindex, hop) == 0)
		return 0;
	assert_int_equal(sonde_netlink_open(&watch, NULL), 0);
	assert_int_equal(sonde_neigh_watch(watch), 0);
	assert_int_equal(sonde_neigh_ask(netlink, ifindex, hop), 0);
	while (!w.came && sonde_clock_monotonic() < until) {
		struct sonde_wait news = { .fd = sonde_netlink_fd(watch) };
		sonde_wait(&news, 1, until);
		assert_int_equal(sonde_neigh_news(watch, take_news, &w), 0);
	}
	sonde_netlink_close(watch);
	return sonde_neigh_get(mac, netlink, ifindex, hop);
}

static void neighbours_are_resolved(void **state)
{
	static const char *const hops[] = { "10.0.0.2", "fd00::2" };
	unsigned v0 = if_nametoindex("v0");

	(void)state;
	NETNS_NEEDED(unable);
	for (size_t i = 0; i < 2; i++) {
		struct sonde_addr hop = addr(hops[i]);
		uint8_t mac[SONDE_MAC_LEN] = { 0 };
		assert_true(netns_run("ip neigh flush dev v0"));
		assert_int_equal(sonde_neigh_get(mac, netlink, v0, &hop), SONDE_E_NO_NEIGHBOUR);
		assert_int_equal(resolve(mac, v0, &hop, 2 * SONDE_S), 0);
		assert_int_equal(mac[0] & 1, 0);
		uint8_t again[SONDE_MAC_LEN];
		assert_int_equal(sonde_neigh_get(again, netlink, v0, &hop), 0);
		assert_memory_equal(mac, again, SONDE_MAC_LEN);
		assert_true(netns_run("ip neigh replace %s dev v0 lladdr 02:00:00:00:00:02 nud permanent", hops[i]));
		assert_int_equal(resolve(mac, v0, &hop, 0), 0);
		assert_memory_equal(mac, peer_mac, SONDE_MAC_LEN);
		assert_true(netns_run("ip neigh del %s dev v0", hops[i]));
	}
}

static void multicast_needs_no_asking(void **state)
{
	struct sonde_addr four = addr("239.129.1.2"), six = addr("ff02::1:ff00:2");
	uint8_t mac[SONDE_MAC_LEN];

	(void)state;
	NETNS_NEEDED(unable);
	assert_int_equal(sonde_neigh_get(mac, netlink, if_nametoindex("v0"), &four), 0);
	assert_memory_equal(mac, "\x01\x00\x5e\x01\x01\x02", SONDE_MAC_LEN);
	assert_int_equal(sonde_neigh_get(mac, netlink, if_nametoindex("v0"), &six), 0);
	assert_memory_equal(mac, "\x33\x33\xff\x00\x00\x02", SONDE_MAC_LEN);
}

/* Without CAP_NET_ADMIN: the datagram makes the kernel ask. Last, for the capability is gone afterwards. */
static void resolution_works_without_admin(void **state)
{
	static const char *const hops[] = { "10.0.0.2", "fd00::2" };
	uint8_t mac[SONDE_MAC_LEN];

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_run("ip neigh flush dev v0"));
	cap_t none = cap_init();
	assert_int_equal(cap_set_proc(none), 0);
	cap_free(none);
	for (size_t i = 0; i < 2; i++) {
		struct sonde_addr hop = addr(hops[i]);
		assert_int_equal(resolve(mac, if_nametoindex("v0"), &hop, 2 * SONDE_S), 0);
	}
}

int main(void)
{
	static struct unit u;

	unable = netns_pair();
	if (!unable && sonde_netlink_open(&netlink, NULL) < 0)
		unable = "no netlink socket may be opened here";
	UNIT_TEST(&u, links_are_listed);
	UNIT_TEST(&u, many_links_are_listed);
	UNIT_TEST(&u, routes_are_found);
	UNIT_TEST(&u, no_route_has_a_reason);
	UNIT_TEST(&u, foreign_source_is_told);
	UNIT_TEST(&u, neighbours_are_resolved);
	UNIT_TEST(&u, multicast_needs_no_asking);
	UNIT_TEST(&u, resolution_works_without_admin);
	int rc = unit_run(&u, "io-netlink");
	sonde_netlink_close(netlink);
	return rc;
}
