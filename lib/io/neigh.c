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

/* The entry that is looked for, and its state. */
struct search {
	uint32_t ifindex;
	struct sonde_addr hop;
	bool found, failed;
	uint8_t mac[SONDE_MAC_LEN];
};

static int search_message(const struct nlmsghdr *m, void *context)
{
	struct search *s = context;
	const struct ndmsg *body = mnl_nlmsg_get_payload(m);
	const struct nlattr *attrs[NDA_LLADDR + 1];
	if (m->nlmsg_type != RTM_NEWNEIGH || (uint32_t)body->ndm_ifindex != s->ifindex)
		return 0;
	sonde_netlink_attrs(attrs, NDA_LLADDR + 1, m, sizeof *body);
	const struct nlattr *dst = attrs[NDA_DST], *mac = attrs[NDA_LLADDR];
	if (!dst || !sonde_view_equal(sonde_addr_view(&s->hop),
				      sonde_view(mnl_attr_get_payload(dst), mnl_attr_get_payload_len(dst))))
		return 0;
	s->failed = body->ndm_state & NUD_FAILED;
	s->found = body->ndm_state & USABLE && mac && mnl_attr_get_payload_len(mac) == SONDE_MAC_LEN;
	if (s->found)
		memcpy(s->mac, mnl_attr_get_payload(mac), SONDE_MAC_LEN);
	return 0;
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

int sonde_neigh_get(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
		    const struct sonde_addr *hop)
{
	struct search s = { .ifindex = ifindex, .hop = *hop };
	request_neigh(n, RTM_GETNEIGH, 0, ifindex, hop, 0);
	int rc = sonde_netlink_ask(n, search_message, &s);
	if (rc < 0 && rc != -ENOENT)
		return rc;
	if (!s.found)
		return SONDE_E_NO_NEIGHBOUR;
	memcpy(mac, s.mac, SONDE_MAC_LEN);
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

/* Have the kernel send ARP or neighbour discovery for hop, without waiting for the answer. */
static int ask_by_kernel(struct sonde_netlink *n, uint32_t ifindex, const struct sonde_addr *hop)
{
	request_neigh(n, RTM_NEWNEIGH, NLM_F_CREATE, ifindex, hop, NTF_USE);
	int rc = sonde_netlink_ask(n, NULL, NULL);
	return rc == -EPERM ? ask_by_datagram(ifindex, hop) : rc;
}

/* Wait for notifications about the entry. Some can be lost in a full queue: then the table is asked. */
static int search_wait(struct search *s, struct sonde_netlink *n, struct sonde_netlink *news, sonde_time until)
{
	for (;;) {
		int rc = sonde_netlink_wait(news, until, search_message, s);
		if (rc == 0 && s->found)
			return 0;
		if (rc == 0 && s->failed)
			return SONDE_E_NO_NEIGHBOUR;
		if (rc < 0 && rc != -ETIMEDOUT && rc != -ENOBUFS)
			return rc;
		if (rc < 0) {
			int looked_up = sonde_neigh_get(s->mac, n, s->ifindex, &s->hop);
			if (looked_up != SONDE_E_NO_NEIGHBOUR || rc == -ETIMEDOUT)
				return looked_up;
		}
	}
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

static int neigh_ask(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
		     const struct sonde_addr *hop, sonde_time timeout_ns)
{
	struct search s = { .ifindex = ifindex, .hop = *hop };
	struct sonde_netlink *news;
	int rc = sonde_netlink_open(&news, RTMGRP_NEIGH, NULL);
	if (rc < 0)
		return rc;
	sonde_netlink_stop_at(news, sonde_netlink_stop_fd(n));
	rc = ask_by_kernel(n, ifindex, hop);
	if (rc == 0) /* an answer that came before the subscription is not notified */
		rc = sonde_neigh_get(s.mac, n, ifindex, hop);
	if (rc == SONDE_E_NO_NEIGHBOUR)
		rc = search_wait(&s, n, news, sonde_clock_monotonic() + timeout_ns);
	sonde_netlink_close(news);
	if (rc == 0)
		memcpy(mac, s.mac, SONDE_MAC_LEN);
	return rc;
}

int sonde_neigh_resolve(uint8_t mac[static SONDE_MAC_LEN], struct sonde_netlink *n, uint32_t ifindex,
			const struct sonde_addr *hop, sonde_time timeout_ns, struct sonde_error *e)
{
	char name[SONDE_ADDR_STRLEN];
	if (sonde_addr_is_multicast(hop)) {
		mac_of_multicast(mac, hop);
		return 0;
	}
	int rc = sonde_neigh_get(mac, n, ifindex, hop);
	if (rc == SONDE_E_NO_NEIGHBOUR)
		rc = neigh_ask(mac, n, ifindex, hop, timeout_ns);
	if (rc == 0)
		return 0;
	sonde_addr_format(name, hop);
	if (rc != SONDE_E_NO_NEIGHBOUR)
		return sonde_fail(e, rc, "cannot resolve %s: %s", name, sonde_strerror(rc));
	sonde_fail(e, rc, "the next hop %s does not answer %s", name,
		   hop->family == SONDE_IP4 ? "ARP" : "neighbour discovery");
	sonde_hint(e, "is it on this link, and is it up?");
	return rc;
}
