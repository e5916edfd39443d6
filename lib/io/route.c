#include "io/route.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "io/netlink.h"

/* RTA_VIA, of an IPv4 route through an IPv6 next hop: the address with its family in front. */
static struct sonde_addr read_via(const struct nlattr *attr, uint32_t ifindex)
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

static int read_route(const struct nlmsghdr *m, void *context)
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
		r->gateway = read_via(attrs[RTA_VIA], r->ifindex);
	if (attrs[RTA_METRICS]) {
		sonde_netlink_nested(metrics, RTAX_MTU + 1, attrs[RTA_METRICS]);
		r->mtu = metrics[RTAX_MTU] ? mnl_attr_get_u32(metrics[RTAX_MTU]) : 0;
	}
	return 0;
}

static int ask_route(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q)
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
	return sonde_netlink_ask(n, read_route, out);
}

/* The error tells why there is no route, as it would tell a sender. */
static uint8_t no_route_type(int rc)
{
	switch (rc) {
	case -EHOSTUNREACH: return RTN_UNREACHABLE;
	case -EACCES: return RTN_PROHIBIT;
	case -EINVAL: return RTN_BLACKHOLE;
	default: return RTN_UNSPEC;
	}
}

static const char *no_route_text(uint8_t type)
{
	switch (type) {
	case RTN_UNREACHABLE: return "the routing table says unreachable";
	case RTN_PROHIBIT: return "the routing table says prohibited";
	case RTN_BLACKHOLE: return "the routing table says blackhole";
	default: return "no route";
	}
}

/* For a source that is not ours the kernel returns the error of a missing route, or in some versions of a blackhole. So
 * ask again without the source. */
static bool source_is_refused(struct sonde_netlink *n, const struct sonde_route_query *q, int rc)
{
	struct sonde_route ignored;
	struct sonde_route_query without = { .dst = q->dst, .ifindex = q->ifindex };
	return q->src.family && (rc == -ENETUNREACH || rc == -EINVAL) && ask_route(&ignored, n, &without) == 0;
}

int sonde_route_get(struct sonde_route *out, struct sonde_netlink *n, const struct sonde_route_query *q,
		    struct sonde_error *e)
{
	char dst[SONDE_ADDR_STRLEN], src[SONDE_ADDR_STRLEN];
	*out = (struct sonde_route){ 0 };
	if (!q->dst.family || (q->src.family && q->src.family != q->dst.family))
		return sonde_fail(e, SONDE_E_KIND, "a route needs a destination, and a source of the same family");
	int rc = ask_route(out, n, q);
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
	out->type = no_route_type(rc);
	sonde_fail(e, SONDE_E_NO_ROUTE, "%s to %s", no_route_text(out->type), dst);
	if (out->type == RTN_UNSPEC)
		sonde_hint(e, "see: ip route");
	return SONDE_E_NO_ROUTE;
}

/* --- Prefixes ---------------------------------------------------------------------------------------------------- */

/* The result of a list. The list is read to its end in any case: the kernel refuses to begin another one before. */
struct reading {
	struct sonde_route_prefixes *out;
	int err;
};

/* A rule without a selector only adds the routes of its table. */
static int read_rule(const struct nlmsghdr *m, void *context)
{
	static const uint8_t selectors[] = { FRA_IIFNAME, FRA_OIFNAME, FRA_FWMARK, FRA_TUN_ID, FRA_L3MDEV,
					     FRA_UID_RANGE, FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE };
	const struct fib_rule_hdr *body = mnl_nlmsg_get_payload(m);
	const struct nlattr *attrs[FRA_MAX + 1];
	struct reading *r = context;
	if (m->nlmsg_type != RTM_NEWRULE)
		return 0;
	if (body->src_len || body->dst_len || body->tos || body->action != FR_ACT_TO_TBL ||
	    body->flags & FIB_RULE_INVERT)
		r->err = SONDE_E_KIND;
	sonde_netlink_attrs(attrs, FRA_MAX + 1, m, sizeof *body);
	for (size_t i = 0; i < sizeof selectors; i++)
		if (attrs[selectors[i]])
			r->err = SONDE_E_KIND;
	return 0;
}

static int read_prefix(const struct nlmsghdr *m, void *context)
{
	const struct rtmsg *body = mnl_nlmsg_get_payload(m);
	const struct nlattr *attrs[RTA_NH_ID + 1];
	struct reading *r = context;
	if (m->nlmsg_type != RTM_NEWROUTE || r->err)
		return 0;
	sonde_netlink_attrs(attrs, RTA_NH_ID + 1, m, sizeof *body);
	if (body->rtm_src_len || body->rtm_tos || attrs[RTA_MULTIPATH] || attrs[RTA_NH_ID])
		r->err = SONDE_E_KIND;
	else if (r->out->n == SONDE_ROUTE_PREFIXES)
		r->err = -E2BIG;
	if (r->err)
		return 0;
	struct sonde_prefix *p = &r->out->items[r->out->n++];
	*p = (struct sonde_prefix){ .addr.family = body->rtm_family == AF_INET ? SONDE_IP4 : SONDE_IP6,
				    .bits = body->rtm_dst_len };
	if (attrs[RTA_DST])
		p->addr = sonde_netlink_addr(attrs[RTA_DST], 0);
	return 0;
}

static int read_list(struct reading *r, struct sonde_netlink *n, uint16_t type, uint8_t family, size_t body_len,
		     sonde_netlink_each *each)
{
	struct nlmsghdr *request = sonde_netlink_request(n, type, NLM_F_DUMP, body_len);
	/* The family is the first byte of both bodies. */
	*(uint8_t *)mnl_nlmsg_get_payload(request) = family == SONDE_IP4 ? AF_INET : AF_INET6;
	int rc = sonde_netlink_ask(n, each, r);
	return rc ? rc : r->err;
}

int sonde_route_prefixes(struct sonde_route_prefixes *out, struct sonde_netlink *n, uint8_t family)
{
	struct reading r = { .out = out };
	out->n = 0;
	int rc = read_list(&r, n, RTM_GETRULE, family, sizeof(struct fib_rule_hdr), read_rule);
	return rc ? rc : read_list(&r, n, RTM_GETROUTE, family, sizeof(struct rtmsg), read_prefix);
}

int sonde_route_prefix_of(const struct sonde_route_prefixes *p, const struct sonde_addr *a)
{
	int best = -1;
	for (size_t i = 0; i < p->n; i++)
		if ((best < 0 || p->items[i].bits > p->items[best].bits) && sonde_prefix_has(&p->items[i], a))
			best = (int)i;
	return best;
}
