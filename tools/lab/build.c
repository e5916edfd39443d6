#include "tools/lab/build.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/lab/configure.h"
#include "tools/lab/helper.h"
#include "tools/lab/space.h"

#define WIRE_INDEX 1000 /* its interfaces are numbered from here, apart from the hosts' */

static int enter(struct sonde_error *e, const char *name, int fd)
{
	if (setns(fd, CLONE_NEWNET) == 0)
		return 0;
	return sonde_fail(e, -errno, "cannot enter '%s': %s", name, strerror(errno));
}

static int make_network(struct sonde_error *e, enum lab_kind kind, const char *folder, const char *name)
{
	if (unshare(CLONE_NEWNET))
		return sonde_fail(e, -errno, "cannot make a network: %s", strerror(errno));
	int err = configure_kernel(e, kind);
	return err ? err : lab_space_name_net(e, folder, name);
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
	/* Its interfaces carry what others say and say nothing themselves, as those of a switch. */
	*wire_fd = impaired ? make_network(e, LAB_SWITCH, LAB_RUN, "wire") : -1;
	return impaired && *wire_fd < 0 ? *wire_fd : 0;
}

char *build_wire_name(char out[static BUILD_WIRE_NAME], unsigned link, unsigned end)
{
	snprintf(out, BUILD_WIRE_NAME, "link%u.%u", link & 0xffff, end & 1);
	return out;
}

/* Where both ends of a link have the same index, the kernel takes up to a second to see that the link is up. */
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

static int configure_wire(struct sonde_error *e, const struct topology *t, int wire_fd)
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

/* In the networks of the link's ends. */
static int keep_frames_whole(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned i = 0; i < t->n_links * 2; i++) {
		const struct lab_end *end = &t->links[i / 2].end[i & 1];
		char name[16];
		int err;
		if (!lab_is_impaired(&t->links[i / 2]))
			continue;
		snprintf(name, sizeof(name), "eth%u", end->eth & 0xffff);
		if ((err = enter(e, t->hosts[end->host].name, net_fd[end->host])) ||
		    (err = configure_whole_frames(e, name)))
			return err;
	}
	return 0;
}

static int await_links(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned host = 0; host < t->n_hosts; host++) {
		int err = enter(e, t->hosts[host].name, net_fd[host]);
		for (unsigned eth = 0; eth < t->hosts[host].n_ends && !err; eth++)
			err = configure_await(e, t->hosts[host].name, eth);
		if (err)
			return err;
	}
	return 0;
}

/* The first address of a host comes first in each family, for it is the one that most programs take. */
static void put_names(FILE *out, const struct topology *t)
{
	static const unsigned families[] = { SONDE_IP4, SONDE_IP6 };
	char text[SONDE_ADDR_STRLEN];

	fputs("127.0.0.1 localhost\n::1 localhost\n", out);
	for (unsigned i = 0; i < t->n_hosts * 2; i++) {
		for (unsigned k = 0; k < t->n_addresses; k++) {
			const struct lab_address *a = &t->addresses[k];
			if (a->host == i / 2 && a->prefix.addr.family == families[i & 1])
				fprintf(out, "%s %s\n", sonde_addr_format(text, &a->prefix.addr),
					t->hosts[a->host].name);
		}
	}
}

/* Names resolve from /etc/hosts; no name server is asked. */
static int name_hosts(struct sonde_error *e, const struct topology *t)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno));
	put_names(out, t);
	int err = fclose(out) ? sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno))
			      : lab_space_cover(e, "/etc/hosts", "hosts", text);
	free(text);
	return err ? err
		   : lab_space_cover(e, "/etc/resolv.conf", "resolv.conf",
				     "# a lab has no name server\noptions timeout:1 attempts:1\n");
}

static int configure_hosts(const int *net_fd, struct sonde_error *e, const struct topology *t)
{
	for (unsigned host = 0; host < t->n_hosts; host++) {
		int err;
		if ((err = enter(e, t->hosts[host].name, net_fd[host])) || (err = configure_host(e, t, host)))
			return err;
	}
	return 0;
}

int lab_build(int net_fd[static LAB_HOSTS], int *wire_fd, struct sonde_error *e, const struct topology *t)
{
	int err;

	if ((err = name_hosts(e, t)) || (err = make_networks(net_fd, wire_fd, e, t)) || (err = make_links(e, t)) ||
	    (err = keep_frames_whole(net_fd, e, t)) || (err = configure_wire(e, t, *wire_fd)) ||
	    (err = configure_hosts(net_fd, e, t)))
		return err;
	return await_links(net_fd, e, t);
}
