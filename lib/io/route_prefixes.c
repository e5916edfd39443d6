#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "io/netlink.h"
#include "io/route.h"

/* What a list says; it is read to its end in any case, or the next list would be refused. */
struct reading {
	struct sonde_route_prefixes *out;
	int err;
};

/* A rule that sends every packet to a table, whatever it is, only adds that table's routes. */
static int rule_read(const struct nlmsghdr *m, void *context)
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

static int prefix_read(const struct nlmsghdr *m, void *context)
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

static int list(struct sonde_netlink *n, uint16_t type, uint8_t family, size_t body_len, sonde_netlink_each *each,
	struct reading *r)
{
	struct nlmsghdr *request = sonde_netlink_request(n, type, NLM_F_DUMP, body_len);
	/* The family is the first byte of either body. */
	*(uint8_t *)mnl_nlmsg_get_payload(request) = family == SONDE_IP4 ? AF_INET : AF_INET6;
	int rc = sonde_netlink_ask(n, each, r);
	return rc ? rc : r->err;
}

int sonde_route_prefixes(struct sonde_route_prefixes *out, struct sonde_netlink *n, uint8_t family)
{
	struct reading r = { .out = out };
	out->n = 0;
	int rc = list(n, RTM_GETRULE, family, sizeof(struct fib_rule_hdr), rule_read, &r);
	return rc ? rc : list(n, RTM_GETROUTE, family, sizeof(struct rtmsg), prefix_read, &r);
}

int sonde_route_prefix_of(const struct sonde_route_prefixes *p, const struct sonde_addr *a)
{
	int best = -1;
	for (size_t i = 0; i < p->n; i++)
		if ((best < 0 || p->items[i].bits > p->items[best].bits) && sonde_prefix_has(&p->items[i], a))
			best = (int)i;
	return best;
}
