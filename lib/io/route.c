#include "io/route.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "io/netlink.h"

/* RTA_VIA: an IPv4 route through an IPv6 next hop has its family in front of the address. */
static struct sonde_addr via_read(const struct nlattr *attr, uint32_t ifindex)
{
	struct sonde_addr a = { .family = SONDE_NO_ADDR };
	const struct rtvia *via = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr) - sizeof via->rtvia_family;
	if (via->rtvia_family == AF_INET && len == SONDE_IP4_LEN)
		return sonde_addr4(via->rtvia_addr);
	if (via->rtvia_family == AF_INET6 && len == SONDE_IP6_LEN) {
		a = sonde_addr6(via->rtvia_addr);
		if (sonde_addr_is_link_local(&a))
			a.scope = ifindex;
	}
	return a;
}

static int route_read(const struct nlmsghdr *m, void *context)
{
	struct sonde_route *r = context;
	const struct rtmsg *body = mnl_nlmsg_get_payload(m);
	const struct nlattr *attrs[RTA_VIA + 1], *metrics[RTAX_MTU + 1];
	if (m->nlmsg_type != RTM_NEWROUTE)
		return 0;
	r->type = body->rtm_type;
	sonde_netlink_attrs(attrs, RTA_VIA + 1, m, sizeof *body);
	if (attrs[RTA_OIF])
		r->ifindex = mnl_attr_get_u32(attrs[RTA_OIF]);
	if (attrs[RTA_PREFSRC])
		r->src = sonde_netlink_addr(attrs[RTA_PREFSRC], r->ifindex);
	if (attrs[RTA_GATEWAY])
		r->gateway = sonde_netlink_addr(attrs[RTA_GATEWAY], r->ifindex);
	else if (attrs[RTA_VIA])
		r->gateway = via_read(attrs[RTA_VIA], r->ifindex);
	if (attrs[RTA_METRICS]) {
		sonde_netlink_nested(metrics, RTAX_MTU + 1, attrs[RTA_METRICS]);
		r->mtu = metrics[RTAX_MTU] ? mnl_attr_get_u32(metrics[RTAX_MTU]) : 0;
	}
	return 0;
}

static int route_ask(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q)
{
	struct nlmsghdr *request = sonde_netlink_request(n, RTM_GETROUTE, 0, sizeof(struct rtmsg));
	struct rtmsg *body = mnl_nlmsg_get_payload(request);
	size_t len = sonde_addr_len(&q->dst);
	uint32_t ifindex = q->ifindex ? q->ifindex : q->dst.scope;
	*out = (struct sonde_route){ .src = q->src };
	body->rtm_family = sonde_netlink_family(&q->dst);
	body->rtm_dst_len = (uint8_t)(8 * len);
	mnl_attr_put(request, RTA_DST, len, q->dst.bytes);
	if (q->src.family) {
		body->rtm_src_len = (uint8_t)(8 * len);
		mnl_attr_put(request, RTA_SRC, len, q->src.bytes);
	}
	if (ifindex)
		mnl_attr_put_u32(request, RTA_OIF, ifindex);
	return sonde_netlink_ask(n, route_read, out);
}

/* The error tells the kinds of "no" apart, as it would to who sends there. */
static uint8_t refusal_type(int rc)
{
	switch (rc) {
	case -EHOSTUNREACH:
		return RTN_UNREACHABLE;
	case -EACCES:
		return RTN_PROHIBIT;
	case -EINVAL:
		return RTN_BLACKHOLE;
	default:
		return RTN_UNSPEC;
	}
}

static const char *refusal_text(uint8_t type)
{
	switch (type) {
	case RTN_UNREACHABLE:
		return "the routing table says unreachable";
	case RTN_PROHIBIT:
		return "the routing table says prohibited";
	case RTN_BLACKHOLE:
		return "the routing table says blackhole";
	default:
		return "no route";
	}
}

/* The kernel refuses a source that is not ours as it refuses a destination without a route, or (by its version) as a
 * blackhole): only asking once more, without the source, tells. */
static bool source_is_refused(struct sonde_netlink *n, const struct sonde_route_query *q, int rc)
{
	struct sonde_route ignored;
	struct sonde_route_query without = { .dst = q->dst, .ifindex = q->ifindex };
	return q->src.family && (rc == -ENETUNREACH || rc == -EINVAL) && route_ask(&ignored, n, &without) == 0;
}

int sonde_route_get(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q,
	struct sonde_error *e)
{
	char dst[SONDE_ADDR_STRLEN], src[SONDE_ADDR_STRLEN];
	*out = (struct sonde_route){ 0 };
	if (!q->dst.family || (q->src.family && q->src.family != q->dst.family))
		return sonde_fail(e, SONDE_E_KIND, "a route needs a destination, and a source of the same family");
	int rc = route_ask(out, n, q);
	if (rc == 0)
		return 0;
	sonde_addr_format(dst, &q->dst);
	if (source_is_refused(n, q, rc)) {
		sonde_fail(e, -EADDRNOTAVAIL, "%s cannot be the source of packets to %s",
			sonde_addr_format(src, &q->src), dst);
		sonde_hint(e, "it is not an address of this machine, or a routing rule forbids it");
		return -EADDRNOTAVAIL;
	}
	if (rc != -ENETUNREACH && rc != -EHOSTUNREACH && rc != -EACCES && rc != -EINVAL)
		return sonde_fail(e, rc, "cannot look up the route to %s: %s", dst, strerror(-rc));
	out->type = refusal_type(rc);
	sonde_fail(e, SONDE_E_NO_ROUTE, "%s to %s", refusal_text(out->type), dst);
	if (out->type == RTN_UNSPEC)
		sonde_hint(e, "see: ip route");
	return SONDE_E_NO_ROUTE;
}
