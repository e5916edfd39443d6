#include "tools/lab/build.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/ipv6_route.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/lab/filter.h"
#include "tools/lab/helper.h"
#include "tools/lab/names.h"
#include "tools/lab/namespace.h"

#define WIRE_INDEX      2000 /* the wire's interfaces are numbered from here, apart from the hosts' */
#define CARRIER_WAIT_MS 5000

/* --- Networks ---------------------------------------------------------------------------------------------------- */

static int enter(struct sonde_error *e, const char *name, int fd)
{
	if (setns(fd, CLONE_NEWNET) == 0)
		return 0;
	return sonde_fail(e, -errno, "cannot enter '%s': %s", name, strerror(errno));
}

/* Hosts send nothing of their own accord: no duplicate address detection, which would also delay their addresses, and
 * no router solicitation. ICMP errors have no rate limit. */
static const struct {
	const char *path, *value;
	unsigned kinds; /* 1 << enum lab_kind, ORed */
} settings[] = {
	{ "ipv6/conf/default/accept_dad", "0", ~0u },
	{ "ipv6/conf/default/router_solicitations", "0", ~0u },
	{ "ipv6/conf/default/accept_ra", "0", ~0u },
	{ "ipv4/icmp_ratelimit", "0", ~0u },
	{ "ipv4/icmp_ratemask", "0", ~0u },
	{ "ipv6/icmp/ratelimit", "0", ~0u },
	{ "ipv4/fib_multipath_hash_policy", "1", ~0u },
	{ "ipv6/fib_multipath_hash_policy", "1", ~0u },
	{ "ipv4/ip_forward", "1", 1u << LAB_ROUTER | 1u << LAB_NAT },
	{ "ipv6/conf/all/forwarding", "1", 1u << LAB_ROUTER | 1u << LAB_NAT },
	{ "ipv6/conf/default/disable_ipv6", "1", 1u << LAB_SWITCH },
};

static int set_kernel(struct sonde_error *e, enum lab_kind kind)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		char path[100];
		if (!(settings[i].kinds & 1u << kind))
			continue;
		snprintf(path, sizeof(path), "/proc/sys/net/%s", settings[i].path);
		int err = namespace_write(path, settings[i].value);
		if (err && err != -ENOENT)
			return sonde_fail(e, err, "cannot write %s: %s", path, sonde_strerror(err));
	}
	return 0;
}

/* Make a network namespace and enter it. Returns its descriptor. */
static int make_network(struct sonde_error *e, enum lab_kind kind, const char *folder, const char *name)
{
	int err = namespace_unshare(e, CLONE_NEWNET);

	if (!err)
		err = set_kernel(e, kind);
	return err ? err : namespace_name_net(e, folder, name);
}

static int make_networks(int *net_fd, int *wire_fd, struct sonde_error *e, const struct topology *t)
{
	bool impaired = false;

	for (unsigned i = 0; i < t->n_hosts; i++) {
		net_fd[i] = make_network(e, t->hosts[i].kind, LAB_NETS, t->hosts[i].name);
		if (net_fd[i] < 0)
			return net_fd[i];
	}
	for (unsigned i = 0; i < t->n_links; i++)
		impaired = impaired || lab_is_impaired(&t->links[i]);
	/* Like those of a switch, its interfaces only carry frames. */
	*wire_fd = impaired ? make_network(e, LAB_SWITCH, LAB_RUN, "wire") : -1;
	return impaired && *wire_fd < 0 ? *wire_fd : 0;
}

/* --- Links ------------------------------------------------------------------------------------------------------- */

char *build_wire_name(char out[static BUILD_WIRE_NAME], unsigned link, unsigned end)
{
	snprintf(out, BUILD_WIRE_NAME, "link%u.%u", link & 0xffff, end & 1);
	return out;
}

/* Each interface has an index of its own: where both ends of a link had the same, the kernel would take up to a second
 * to see that the link is up. */
static void put_end(FILE *out, const struct topology *t, const struct lab_link *l, unsigned i)
{
	const struct lab_end *end = &l->end[i];
	char mac[SONDE_MAC_STRLEN];

	fprintf(out, "index %u name eth%u netns %s address %s", end->index, end->eth, t->hosts[end->host].name,
		sonde_mac_format(mac, end->mac));
	if (l->mtu)
		fprintf(out, " mtu %u", l->mtu);
}

static void put_wire_end(FILE *out, const struct topology *t, unsigned link, unsigned end)
{
	char name[BUILD_WIRE_NAME];

	fprintf(out, "index %u name %s netns " LAB_RUN "/wire", WIRE_INDEX + link * 2 + end,
		build_wire_name(name, link, end));
	if (t->links[link].mtu)
		fprintf(out, " mtu %u", t->links[link].mtu);
}

static int make_links(struct sonde_error *e, const struct topology *t)
{
	struct lab_batch b;
	int err = lab_batch_open(&b, e);

	if (err)
		return err;
	for (unsigned i = 0; i < t->n_links; i++) {
		bool impaired = lab_is_impaired(&t->links[i]);
		for (unsigned k = 0; k < (impaired ? 2 : 1); k++) {
			fputs("link add ", b.out);
			put_end(b.out, t, &t->links[i], k);
			fputs(" type veth peer ", b.out);
			if (impaired)
				put_wire_end(b.out, t, i, k);
			else
				put_end(b.out, t, &t->links[i], 1);
			fputc('\n', b.out);
		}
	}
	return lab_batch_run(&b, e);
}

static int set_wire_up(struct sonde_error *e, const struct topology *t, int wire_fd)
{
	char name[BUILD_WIRE_NAME];
	struct lab_batch b;
	int err = wire_fd < 0 ? 0 : enter(e, "the wire", wire_fd);

	if (err || wire_fd < 0 || (err = lab_batch_open(&b, e)))
		return err;
	for (unsigned i = 0; i < t->n_links * 2; i++)
		if (lab_is_impaired(&t->links[i / 2]))
			fprintf(b.out, "link set %s up\n", build_wire_name(name, i / 2, i & 1));
	return lab_batch_run(&b, e);
}

/* Offloads would hand frames to the wire unsummed, and as segments of up to 64 KiB. */
static int switch_offloads_off(struct sonde_error *e, const char *interface)
{
	static const uint32_t off[] = { ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = fd < 0 ? -errno : 0;

	for (size_t i = 0; i < sizeof(off) / sizeof(*off) && !err; i++) {
		struct ethtool_value value = { .cmd = off[i] };
		struct ifreq ifr = { .ifr_data = (void *)&value };
		snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
		err = ioctl(fd, SIOCETHTOOL, &ifr) ? -errno : 0;
	}
	if (fd >= 0)
		close(fd);
	return err ? sonde_fail(e, err, "cannot switch off the offloads of %s: %s", interface, sonde_strerror(err)) : 0;
}

static int switch_all_offloads_off(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned i = 0; i < t->n_links * 2; i++) {
		const struct lab_end *end = &t->links[i / 2].end[i & 1];
		char name[16];
		int err;
		if (!lab_is_impaired(&t->links[i / 2]))
			continue;
		snprintf(name, sizeof(name), "eth%u", end->eth & 0xffff);
		if ((err = enter(e, t->hosts[end->host].name, net_fd[end->host])) ||
		    (err = switch_offloads_off(e, name)))
			return err;
	}
	return 0;
}

/* --- Hosts ------------------------------------------------------------------------------------------------------- */

/* A switch is a bridge that forwards at once and sends no queries. */
static void put_switch(FILE *out, const struct lab_host *h)
{
	fputs("link add br0 type bridge forward_delay 0 mcast_snooping 0\n", out);
	for (unsigned eth = 0; eth < h->n_ends; eth++)
		fprintf(out, "link set eth%u master br0\n", eth);
	fputs("link set br0 up\n", out);
}

static void put_addresses(FILE *out, const struct topology *t, unsigned host)
{
	char text[SONDE_ADDR_STRLEN];

	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		if (a->host == host)
			fprintf(out, "address add %s/%u dev eth%u %s\n", sonde_addr_format(text, &a->prefix.addr),
				a->prefix.bits, a->eth, a->prefix.addr.family == SONDE_IP4 ? "broadcast +" : "nodad");
	}
}

static bool same_target(const struct lab_route *a, const struct lab_route *b)
{
	return a->host == b->host && a->to.bits == b->to.bits && sonde_addr_equal(&a->to.addr, &b->to.addr);
}

/* Written routes follow those of the plan, and replace them. */
static void put_routes(FILE *out, const struct topology *t, unsigned host)
{
	char text[SONDE_ADDR_STRLEN];

	for (unsigned i = 0; i < t->n_routes; i++) {
		const struct lab_route *r = &t->routes[i];
		if (r->host != host)
			continue;
		sonde_addr_format(text, &r->to.addr);
		if (!r->via.family) {
			fprintf(out, "route replace local %s/%u dev lo\n", text, r->to.bits);
			continue;
		}
		fprintf(out, "route replace %s/%u", text, r->to.bits);
		for (; i < t->n_routes && same_target(r, &t->routes[i]); i++)
			fprintf(out, " nexthop via %s", sonde_addr_format(text, &t->routes[i].via));
		i--;
		fputc('\n', out);
	}
}

static int apply_filters(struct sonde_error *e, const struct topology *t, unsigned host)
{
	static const char *const nft_batch[] = { "nft", "-f", "-", NULL };
	static char rules[LAB_FILTERS * FILTER_RULE];
	struct sonde_text out = sonde_text(rules, sizeof(rules));
	int err = filter_table(&out, e, t, host);

	return err || out.len == 0 ? err : lab_helper(e, nft_batch, rules, out.len);
}

static int set_host_up(struct sonde_error *e, const struct topology *t, unsigned host)
{
	const struct lab_host *h = &t->hosts[host];
	struct lab_batch b;
	int err = lab_batch_open(&b, e);

	if (err)
		return err;
	fputs("link set lo up\n", b.out);
	put_addresses(b.out, t, host);
	for (unsigned eth = 0; eth < h->n_ends; eth++)
		fprintf(b.out, "link set eth%u up\n", eth);
	if (h->kind == LAB_SWITCH)
		put_switch(b.out, h);
	put_routes(b.out, t, host);
	err = lab_batch_run(&b, e);
	return err ? err : apply_filters(e, t, host);
}

static int set_hosts_up(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned host = 0; host < t->n_hosts; host++) {
		int err;
		if ((err = enter(e, t->hosts[host].name, net_fd[host])) || (err = set_host_up(e, t, host)))
			return err;
	}
	return 0;
}

/* Whether there is a local route to an address, 32 hexadecimal digits. */
static bool takes_packets_to(const char *addr)
{
	FILE *in = fopen("/proc/self/net/ipv6_route", "re");
	char to[33];
	unsigned bits, flags;
	bool takes = false;

	while (in && !takes && fscanf(in, "%32s %x %*s %*s %*s %*s %*s %*s %x %*s", to, &bits, &flags) == 3)
		takes = bits == 128 && flags & RTF_LOCAL && strcmp(to, addr) == 0;
	if (in)
		fclose(in);
	return takes;
}

/* Whether packets to the interface's IPv6 addresses are taken: the kernel adds their local routes some time after the
 * addresses, also without duplicate address detection. */
static bool takes_packets(const char *interface)
{
	FILE *in = fopen("/proc/self/net/if_inet6", "re");
	char addr[33], name[16];
	unsigned flags;
	bool usable = true;

	while (in && usable && fscanf(in, "%32s %*x %*x %*x %x %15s", addr, &flags, name) == 3)
		usable = strcmp(name, interface) != 0 || (!(flags & IFA_F_TENTATIVE) && takes_packets_to(addr));
	if (in)
		fclose(in);
	return usable;
}

/* The kernel reports IFF_RUNNING a moment before the interface sends, and drops what is sent in between. Setting the
 * flags takes the lock under which that happens, and so waits for it. */
static int await_interface(struct sonde_error *e, const char *host, unsigned eth)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = fd < 0 ? -errno : -ETIMEDOUT;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "eth%u", eth);
	for (int i = 0; fd >= 0 && i < CARRIER_WAIT_MS; i++) {
		if (ioctl(fd, SIOCGIFFLAGS, &ifr)) {
			err = -errno;
			break;
		}
		if (ifr.ifr_flags & IFF_RUNNING && takes_packets(ifr.ifr_name)) {
			err = ioctl(fd, SIOCSIFFLAGS, &ifr) ? -errno : 0;
			break;
		}
		nanosleep(&pause, NULL);
	}
	if (fd >= 0)
		close(fd);
	return err ? sonde_fail(e, err, "eth%u of '%s' does not come up: %s", eth, host, sonde_strerror(err)) : 0;
}

static int await_links(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned host = 0; host < t->n_hosts; host++) {
		int err = enter(e, t->hosts[host].name, net_fd[host]);
		for (unsigned eth = 0; eth < t->hosts[host].n_ends && !err; eth++)
			err = await_interface(e, t->hosts[host].name, eth);
		if (err)
			return err;
	}
	return 0;
}

int lab_build(int net_fd[static LAB_HOSTS], int *wire_fd, struct sonde_error *e, const struct topology *t)
{
	int err;

	if ((err = names_set(e, t)) || (err = make_networks(net_fd, wire_fd, e, t)) || (err = make_links(e, t)) ||
	    (err = switch_all_offloads_off(net_fd, e, t)) || (err = set_wire_up(e, t, *wire_fd)) ||
	    (err = set_hosts_up(net_fd, e, t)))
		return err;
	return await_links(net_fd, e, t);
}
