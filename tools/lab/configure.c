#include "tools/lab/configure.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/ipv6_route.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/lab/filter.h"
#include "tools/lab/helper.h"
#include "tools/lab/space.h"

#define CARRIER_WAIT_MS 5000

static const char *const nft_batch[] = { "nft", "-f", "-", NULL };

/* Addresses are there at once and nothing is sent that no one asked for: no duplicate address detection, no router
 * solicitation. ICMP errors are not held back, for they are what is looked at here. */
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

int configure_kernel(struct sonde_error *e, enum lab_kind kind)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		char path[100];
		if (!(settings[i].kinds & 1u << kind))
			continue;
		snprintf(path, sizeof(path), "/proc/sys/net/%s", settings[i].path);
		int err = lab_space_write(path, settings[i].value);
		if (err && err != -ENOENT)
			return sonde_fail(e, err, "cannot write %s: %s", path, sonde_strerror(err));
	}
	return 0;
}

/* A switch is a bridge that learns at once and asks nobody. */
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

/* Written routes come behind those of the plan and replace them. */
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

static int filter(struct sonde_error *e, const struct topology *t, unsigned host)
{
	static char rules[LAB_FILTERS * FILTER_RULE];
	struct sonde_text out = sonde_text(rules, sizeof(rules));
	int err = filter_table(&out, e, t, host);

	return err || out.len == 0 ? err : lab_helper(e, nft_batch, rules, out.len);
}

int configure_host(struct sonde_error *e, const struct topology *t, unsigned host)
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
	return err ? err : filter(e, t, host);
}

int configure_whole_frames(struct sonde_error *e, const char *interface)
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

/* Whether there is a local route to an address, in hexadecimal digits. */
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

/* An IPv6 address is there before packets to it are taken: a worker of the kernel looks at it first, which it does even
 * where nothing is to be detected, and then adds the route. The caller's network is the one that /proc/self/net
 * shows. */
static bool has_settled(const char *interface)
{
	FILE *in = fopen("/proc/self/net/if_inet6", "re");
	char addr[33], name[16];
	unsigned flags;
	bool settled = true;

	while (in && settled && fscanf(in, "%32s %*x %*x %*x %x %15s", addr, &flags, name) == 3)
		settled = strcmp(name, interface) != 0 || (!(flags & IFA_F_TENTATIVE) && takes_packets_to(addr));
	if (in)
		fclose(in);
	return settled;
}

/* The kernel says "running" a moment before it takes the last step, under the lock that setting the flags takes too;
 * what is sent earlier it throws away. */
int configure_await(struct sonde_error *e, const char *host, unsigned eth)
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
		if (ifr.ifr_flags & IFF_RUNNING && has_settled(ifr.ifr_name)) {
			err = ioctl(fd, SIOCSIFFLAGS, &ifr) ? -errno : 0;
			break;
		}
		nanosleep(&pause, NULL);
	}
	if (fd >= 0)
		close(fd);
	return err ? sonde_fail(e, err, "eth%u of '%s' does not come up: %s", eth, host, sonde_strerror(err)) : 0;
}
