#include "tools/lab/build.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tools/lab/helper.h"
#include "tools/lab/space.h"

#define CARRIER_WAIT_MS 5000

static const char *const ip_batch[] = { "ip", "-batch", "-", NULL };
static const char *const nft_batch[] = { "nft", "-f", "-", NULL };

/* A batch being written. */
struct batch {
	FILE *out;
	char *text;
	size_t len;
};

static int batch_open(struct batch *b, struct sonde_error *e)
{
	*b = (struct batch){ 0 };
	b->out = open_memstream(&b->text, &b->len);
	return b->out ? 0 : sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno));
}

/* Hand it over, unless it is empty. */
static int batch_run(struct batch *b, struct sonde_error *e, const char *const argv[])
{
	fclose(b->out);
	int err = b->len ? lab_helper(e, argv, b->text, b->len) : 0;
	free(b->text);
	return err;
}

/* Addresses are there at once and nothing is sent that no one asked for: no duplicate address detection, no router
 * solicitation. */
static int quieten(struct sonde_error *e)
{
	static const char *const paths[] = {
		"/proc/sys/net/ipv6/conf/default/accept_dad",
		"/proc/sys/net/ipv6/conf/default/router_solicitations",
		"/proc/sys/net/ipv6/conf/default/accept_ra",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int err = lab_space_write(paths[i], "0");
		if (err)
			return sonde_fail(e, err, "cannot write %s: %s", paths[i], sonde_strerror(err));
	}
	return 0;
}

static int make_hosts(int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned i = 0; i < t->n_hosts; i++) {
		if (unshare(CLONE_NEWNET))
			return sonde_fail(e, -errno, "cannot make a network: %s", strerror(errno));
		int err = quieten(e);
		if (err)
			return err;
		net_fd[i] = lab_space_name_net(e, t->hosts[i].name);
		if (net_fd[i] < 0)
			return net_fd[i];
	}
	return 0;
}

/* Where both ends of a link have the same index, the kernel takes up to a second to see that the link is up. */
static void put_end(FILE *out, const struct topology *t, const struct lab_end *end)
{
	char mac[SONDE_MAC_STRLEN];

	fprintf(out, "index %u name eth%u netns %s address %s", end->index, end->eth, t->hosts[end->host].name,
		sonde_mac_format(mac, end->mac));
}

static int make_links(struct sonde_error *e, const struct topology *t)
{
	struct batch b;
	int err = batch_open(&b, e);

	if (err)
		return err;
	for (unsigned i = 0; i < t->n_links; i++) {
		fputs("link add ", b.out);
		put_end(b.out, t, &t->links[i].end[0]);
		fputs(" type veth peer ", b.out);
		put_end(b.out, t, &t->links[i].end[1]);
		fputc('\n', b.out);
	}
	return batch_run(&b, e, ip_batch);
}

/* In the host's network. */
static int configure(struct sonde_error *e, const struct topology *t, unsigned host)
{
	char text[SONDE_ADDR_STRLEN];
	struct batch b;
	int err = batch_open(&b, e);

	if (err)
		return err;
	fputs("link set lo up\n", b.out);
	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		if (a->host == host)
			fprintf(b.out, "address add %s/%u dev eth%u %s\n", sonde_addr_format(text, &a->prefix.addr),
				a->prefix.bits, a->eth, a->prefix.addr.family == SONDE_IP4 ? "broadcast +" : "nodad");
	}
	for (unsigned eth = 0; eth < t->hosts[host].n_ends; eth++)
		fprintf(b.out, "link set eth%u up\n", eth);
	return batch_run(&b, e, ip_batch);
}

/* In the host's network. */
static int filter(struct sonde_error *e, const struct topology *t, unsigned host)
{
	static const char *const verdicts[] = {
		[LAB_DROP] = "drop", [LAB_REJECT] = "reject", [LAB_RESET] = "reject with tcp reset"
	};
	struct batch b;
	int err = batch_open(&b, e);
	unsigned n = 0;

	if (err)
		return err;
	for (unsigned i = 0; i < t->n_filters; i++) {
		const struct lab_filter *f = &t->filters[i];
		if (f->host != host)
			continue;
		if (n++ == 0)
			fputs("table inet sonde {\n\tchain input {\n\t\ttype filter hook input priority 0\n", b.out);
		fprintf(b.out, "\t\t%s dport %" PRIu16 " %s\n", f->udp ? "udp" : "tcp", f->port, verdicts[f->verdict]);
	}
	if (n)
		fputs("\t}\n}\n", b.out);
	return batch_run(&b, e, nft_batch);
}

/* In the host's network: wait until an interface carries frames. The kernel says "running" a moment before it takes
 * the last step, under the lock that setting the flags takes too; what is sent earlier it throws away. */
static int await_carrier(struct sonde_error *e, const char *host, unsigned eth)
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
		if (ifr.ifr_flags & IFF_RUNNING) {
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
		if (setns(net_fd[host], CLONE_NEWNET))
			return sonde_fail(e, -errno, "cannot enter '%s': %s", t->hosts[host].name, strerror(errno));
		for (unsigned eth = 0; eth < t->hosts[host].n_ends; eth++) {
			int err = await_carrier(e, t->hosts[host].name, eth);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Names resolve from /etc/hosts; no name server is asked. */
static int name_hosts(struct sonde_error *e, const struct topology *t)
{
	static const unsigned families[] = { SONDE_IP4, SONDE_IP6 };
	char text[SONDE_ADDR_STRLEN];
	struct batch b;
	int err = batch_open(&b, e);

	if (err)
		return err;
	fputs("127.0.0.1 localhost\n::1 localhost\n", b.out);
	for (unsigned host = 0; host < t->n_hosts; host++) {
		for (unsigned i = 0; i < 2; i++) {
			const struct sonde_addr *a = topology_address(t, host, families[i]);
			if (a)
				fprintf(b.out, "%s %s\n", sonde_addr_format(text, a), t->hosts[host].name);
		}
	}
	fclose(b.out);
	if (!(err = lab_space_cover(e, "/etc/hosts", "hosts", b.text)))
		err = lab_space_cover(e, "/etc/resolv.conf", "resolv.conf", "# a lab has no name server\n");
	free(b.text);
	return err;
}

static int configure_hosts(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned host = 0; host < t->n_hosts; host++) {
		int err;
		if (setns(net_fd[host], CLONE_NEWNET))
			return sonde_fail(e, -errno, "cannot enter '%s': %s", t->hosts[host].name, strerror(errno));
		if ((err = configure(e, t, host)) || (err = filter(e, t, host)))
			return err;
	}
	return 0;
}

int lab_build(int net_fd[static LAB_HOSTS], struct sonde_error *e, const struct topology *t)
{
	int err;

	if ((err = name_hosts(e, t)) || (err = make_hosts(net_fd, e, t)) || (err = make_links(e, t)) ||
	    (err = configure_hosts(net_fd, e, t)))
		return err;
	return await_links(net_fd, e, t);
}
