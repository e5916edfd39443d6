#include "io/neigh.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netlink.h"
#include "io/socket.h"

#define DISCARD_PORT 9
#define USABLE       (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT | NUD_NOARP)

/* Returns false for entries that are neither usable nor failed. */
static bool read_news(struct sonde_neigh_news *out, const struct nlmsghdr *m)
{
	const struct ndmsg *body = mnl_nlmsg_get_payload(m);
	const struct nlattr *attrs[NDA_LLADDR + 1];
	sonde_netlink_attrs(attrs, NDA_LLADDR + 1, m, sizeof *body);
	const struct nlattr *dst = attrs[NDA_DST], *mac = attrs[NDA_LLADDR];
	if (m->nlmsg_type != RTM_NEWNEIGH || !dst)
		return false;
	*out = (struct sonde_neigh_news){ .ifindex = (uint32_t)body->ndm_ifindex };
	out->hop = sonde_netlink_addr(dst, out->ifindex);
	out->failed = body->ndm_state & NUD_FAILED;
	if (out->failed)
		return true;
	if (!(body->ndm_state & USABLE) || !mac || mnl_attr_get_payload_len(mac) != SONDE_MAC_LEN)
		return false;
	memcpy(out->mac, mnl_attr_get_payload(mac), SONDE_MAC_LEN);
	return true;
}

static void request_neigh(struct sonde_netlink *n, uint16_t type, uint16_t flags, uint32_t ifindex,
			  const struct sonde_addr *hop, uint8_t neigh_flags)
{
	struct nlmsghdr *request = sonde_netlink_request(n, type, flags, sizeof(struct ndmsg));
	struct ndmsg *body = mnl_nlmsg_get_payload(request);
	body->ndm_family = sonde_netlink_family(hop);
	body->ndm_ifindex = (int)ifindex;
	body->ndm_flags = neigh_flags;
	mnl_attr_put(request, NDA_DST, sonde_addr_len(hop), hop->bytes);
}

/* RFC 1112, section 6.4, and RFC 2464, section 7. */
static void mac_of_multicast(uint8_t mac[static SONDE_MAC_LEN], const struct sonde_addr *a)
{
	if (a->family == SONDE_IP4) {
		memcpy(mac, (const uint8_t[]){ 0x01, 0x00, 0x5e }, 3);
		memcpy(mac + 3, a->bytes + 1, 3);
		mac[3] &= 0x7f;
	} else {
		memcpy(mac, (const uint8_t[]){ 0x33, 0x33 }, 2);
		memcpy(mac + 2, a->bytes + 12, 4);
	}
}

struct lookup {
	bool found;
	struct sonde_neigh_news entry;
};

static int take_entry(const struct nlmsghdr *m, void *context)
{
	struct lookup *l = context;
	l->found = read_news(&l->entry, m) && !l->entry.failed;
	return 0;
}

int sonde_neigh_get(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
		    const struct sonde_addr *hop)
{
	struct lookup l = { .found = false };
	if (sonde_addr_is_multicast(hop)) {
		mac_of_multicast(mac, hop);
		return 0;
	}
	request_neigh(n, RTM_GETNEIGH, 0, ifindex, hop, 0);
	int rc = sonde_netlink_ask(n, take_entry, &l);
	if (rc < 0 && rc != -ENOENT)
		return rc;
	if (!l.found)
		return SONDE_E_NO_NEIGHBOUR;
	memcpy(mac, l.entry.mac, SONDE_MAC_LEN);
	return 0;
}

/* MSG_DONTROUTE: a gateway must not forward the datagram. */
static int ask_by_datagram(uint32_t ifindex, const struct sonde_addr *hop)
{
	struct sonde_sockaddr to = sonde_sockaddr(hop, DISCARD_PORT);
	int fd = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int rc = sonde_socket_option(fd, SOL_SOCKET, SO_BINDTOIFINDEX, (int)ifindex);
	if (rc == 0 && sendto(fd, NULL, 0, MSG_DONTROUTE, &to.any, to.len) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

int sonde_neigh_ask(struct sonde_netlink *n, uint32_t ifindex, const struct sonde_addr *hop)
{
	request_neigh(n, RTM_NEWNEIGH, NLM_F_CREATE, ifindex, hop, NTF_USE);
	int rc = sonde_netlink_ask(n, NULL, NULL);
	return rc == -EPERM ? ask_by_datagram(ifindex, hop) : rc;
}

/* --- News -------------------------------------------------------------------------------------------------------- */

int sonde_neigh_watch(struct sonde_netlink *n)
{
	return sonde_socket_option(sonde_netlink_fd(n), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_NEIGH);
}

struct listener {
	sonde_neigh_each *each;
	void *arg;
};

static int hand_out(const struct nlmsghdr *m, void *context)
{
	const struct listener *l = context;
	struct sonde_neigh_news news;
	if (read_news(&news, m))
		l->each(l->arg, &news);
	return 0;
}

int sonde_neigh_news(struct sonde_netlink *watch, sonde_neigh_each *each, void *arg)
{
	struct listener l = { each, arg };
	int rc;
	do
		rc = sonde_netlink_wait(watch, sonde_clock_monotonic(), hand_out, &l);
	while (rc == 0);
	return rc == -ETIMEDOUT ? 0 : rc;
}
