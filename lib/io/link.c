#include "io/link.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "io/netlink.h"

#define ATTEMPTS 8 /* interfaces may come and go while the list is read */

/* The two lists of the kernel, before they are joined. */
struct lists {
	struct sonde_link *links;
	struct owned_addr {
		uint32_t index;
		struct sonde_link_addr addr;
	} *addrs;
	size_t n_links, n_addrs;
};

/* Make room for one more in an array whose capacity is the power of two at or above n. */
static void *grow(void *list, size_t n, size_t size)
{
	if (n & (n - 1))
		return list;
	return reallocarray(list, n ? 2 * n : 1, size);
}

static void mac_read(uint8_t out[static SONDE_MAC_LEN], const struct nlattr *attr)
{
	if (attr && mnl_attr_get_payload_len(attr) == SONDE_MAC_LEN)
		memcpy(out, mnl_attr_get_payload(attr), SONDE_MAC_LEN);
}

static int take_link(const struct nlmsghdr *m, void *context)
{
	struct lists *lists = context;
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(m);
	struct sonde_link *grown = grow(lists->links, lists->n_links, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	lists->links = grown;
	struct sonde_link *link = &lists->links[lists->n_links++];
	*link = (struct sonde_link){
		.index = (uint32_t)info->ifi_index,
		.type = info->ifi_type,
		.up = info->ifi_flags & IFF_UP,
		.running = info->ifi_flags & IFF_RUNNING,
		.loopback = info->ifi_flags & IFF_LOOPBACK,
		.no_arp = info->ifi_flags & IFF_NOARP,
		.point_to_point = info->ifi_flags & IFF_POINTOPOINT,
		.broadcast = info->ifi_flags & IFF_BROADCAST,
	};
	const struct nlattr *attrs[IFLA_CARRIER + 1];
	sonde_netlink_attrs(attrs, IFLA_CARRIER + 1, m, sizeof *info);
	/* The flag follows the carrier only after a while. */
	if (attrs[IFLA_CARRIER])
		link->running &= mnl_attr_get_u8(attrs[IFLA_CARRIER]) != 0;
	if (attrs[IFLA_QDISC])
		link->no_queue = strcmp(mnl_attr_get_str(attrs[IFLA_QDISC]), "noqueue") == 0;
	if (attrs[IFLA_IFNAME])
		strncpy(link->name, mnl_attr_get_str(attrs[IFLA_IFNAME]), sizeof link->name - 1);
	if (attrs[IFLA_MTU])
		link->mtu = mnl_attr_get_u32(attrs[IFLA_MTU]);
	if (attrs[IFLA_ADDRESS])
		link->mac_len = (uint8_t)mnl_attr_get_payload_len(attrs[IFLA_ADDRESS]);
	mac_read(link->mac, attrs[IFLA_ADDRESS]);
	mac_read(link->mac_broadcast, attrs[IFLA_BROADCAST]);
	return 0;
}

static int take_addr(const struct nlmsghdr *m, void *context)
{
	struct lists *lists = context;
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(m);
	struct owned_addr *grown = grow(lists->addrs, lists->n_addrs, sizeof *grown);
	const struct nlattr *attrs[IFA_FLAGS + 1];
	if (!grown)
		return -ENOMEM;
	lists->addrs = grown;
	sonde_netlink_attrs(attrs, IFA_FLAGS + 1, m, sizeof *info);
	/* On a point-to-point link IFA_ADDRESS is the other end. */
	const struct nlattr *own = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	if (!own)
		return 0;
	uint32_t flags = attrs[IFA_FLAGS] ? mnl_attr_get_u32(attrs[IFA_FLAGS]) : info->ifa_flags;
	lists->addrs[lists->n_addrs++] = (struct owned_addr){ info->ifa_index, {
		.prefix = { sonde_netlink_addr(own, info->ifa_index), info->ifa_prefixlen },
		.scope = info->ifa_scope,
		.tentative = flags & IFA_F_TENTATIVE,
		.deprecated = flags & IFA_F_DEPRECATED,
		.temporary = flags & IFA_F_TEMPORARY,
	} };
	return 0;
}

static int read_lists(struct lists *lists, struct sonde_netlink *n)
{
	sonde_netlink_request(n, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	int rc = sonde_netlink_ask(n, take_link, lists);
	if (rc < 0)
		return rc;
	sonde_netlink_request(n, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
	return sonde_netlink_ask(n, take_addr, lists);
}

/* Give each link its addresses side by side. */
static int join_lists(struct sonde_links *out, const struct lists *lists)
{
	struct sonde_link_addr *next = calloc(lists->n_addrs + 1, sizeof *next);
	if (!next)
		return -ENOMEM;
	*out = (struct sonde_links){ lists->links, lists->n_links, next };
	for (struct sonde_link *link = lists->links; link < lists->links + lists->n_links; link++) {
		link->addrs = next;
		for (size_t i = 0; i < lists->n_addrs; i++)
			if (lists->addrs[i].index == link->index)
				*next++ = lists->addrs[i].addr;
		link->n_addrs = (size_t)(next - link->addrs);
	}
	return 0;
}

int sonde_links_read(struct sonde_links *out, struct sonde_netlink *n, struct sonde_error *e)
{
	struct lists lists = { 0 };
	int rc = -EINTR;
	*out = (struct sonde_links){ 0 };
	for (int attempt = 0; rc == -EINTR && attempt < ATTEMPTS; attempt++) {
		free(lists.links);
		free(lists.addrs);
		lists = (struct lists){ 0 };
		rc = read_lists(&lists, n);
	}
	if (rc == 0)
		rc = join_lists(out, &lists);
	free(lists.addrs);
	if (rc < 0) {
		free(lists.links);
		return sonde_fail(e, rc, "cannot list the interfaces: %s", strerror(-rc));
	}
	return 0;
}

void sonde_links_free(struct sonde_links *links)
{
	free(links->list);
	free(links->addrs);
	*links = (struct sonde_links){ 0 };
}

const struct sonde_link *sonde_link_by_index(const struct sonde_links *links, uint32_t index)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->list[i].index == index)
			return &links->list[i];
	return NULL;
}

const struct sonde_link *sonde_link_by_name(const struct sonde_links *links, const char *name)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->list[i].name, name) == 0)
			return &links->list[i];
	return NULL;
}

const struct sonde_link *sonde_link_by_addr(const struct sonde_links *links, const struct sonde_addr *a)
{
	for (size_t i = 0; i < links->n; i++) {
		const struct sonde_link *link = &links->list[i];
		for (size_t k = 0; k < link->n_addrs; k++)
			if (sonde_view_equal(sonde_addr_view(&link->addrs[k].prefix.addr), sonde_addr_view(a)) &&
			    (a->scope == 0 || a->scope == link->index))
				return link;
	}
	return NULL;
}

/* As if_indextoname(3) and if_nametoindex(3) do; but those hide why they failed. Returns 0 or a negated errno: -ENODEV
 * when there is no such interface. */
static int look_up(struct ifreq *r, unsigned long request)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int rc = ioctl(fd, request, r) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

int sonde_link_name(char out[static SONDE_LINK_NAMELEN], uint32_t index, struct sonde_error *e)
{
	struct ifreq r = { .ifr_ifindex = (int)index };
	int rc = look_up(&r, SIOCGIFNAME);
	if (rc == -ENODEV)
		return sonde_fail(e, rc, "there is no interface %u", index);
	if (rc < 0)
		return sonde_fail(e, rc, "cannot look up interface %u: %s", index, sonde_strerror(rc));
	memcpy(out, r.ifr_name, SONDE_LINK_NAMELEN);
	return 0;
}

int sonde_link_of_zone(uint32_t *index, struct sonde_view zone)
{
	struct ifreq r = { 0 };
	uint64_t number;
	if (zone.len >= sizeof r.ifr_name)
		return -ENODEV;
	memcpy(r.ifr_name, zone.data, zone.len);
	int rc = look_up(&r, SIOCGIFINDEX);
	if (rc == -ENODEV && sonde_uint_parse(&number, (const char *)zone.data, zone.len) == 0 && number <= INT32_MAX) {
		r.ifr_ifindex = (int)number;
		rc = look_up(&(struct ifreq){ .ifr_ifindex = (int)number }, SIOCGIFNAME);
	}
	if (rc == 0)
		*index = (uint32_t)r.ifr_ifindex;
	return rc;
}
