#include "session/session.h"

#include <errno.h>
#include <stdlib.h>

#include "io/clock.h"
#include "session/state.h"

static int choose_iface(struct sonde_session *s, struct sonde_error *e)
{
	struct sonde_addr a;
	const struct sonde_link *link = sonde_link_by_name(&s->links, s->o.iface);
	if (!link && sonde_addr_parse(&a, NULL, s->o.iface, strlen(s->o.iface)) == 0)
		link = sonde_link_by_addr(&s->links, &a);
	if (!link)
		return sonde_fail(e, -ENODEV, "no interface %s", s->o.iface);
	s->ifindex = link->index;
	return 0;
}

int sonde_session_open(struct sonde_session **out, const struct sonde_session_options *o, struct sonde_error *e)
{
	static const struct sonde_session_options defaults;
	struct sonde_session *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return sonde_fail(e, -ENOMEM, "out of memory");
	s->o = o ? *o : defaults;
	if (!s->o.neighbour_ns)
		s->o.neighbour_ns = SONDE_S;
	bool has_boxes = true;
	for (unsigned i = 0; i < (s->o.forwarder ? OUTBOXES : 1); i++)
		has_boxes &= (s->outboxes[i].bytes = malloc(OUTBOX_BYTES)) != NULL;
	s->routes.items = calloc(N_ROUTES, sizeof *s->routes.items);
	s->reply = malloc(SONDE_MAX_FRAME);
	int err = has_boxes && s->routes.items && s->reply ? sonde_netlink_open(&s->netlink, e)
							   : sonde_fail(e, -ENOMEM, "out of memory");
	if (!err)
		err = sonde_netlink_open(&s->hops.watch, e);
	if (!err)
		err = sonde_links_read(&s->links, s->netlink, e);
	if (!err && s->o.iface)
		err = choose_iface(s, e);
	if (err) {
		sonde_session_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void sonde_session_close(struct sonde_session *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < N_SENDERS; i++)
		sonde_session_close_outlet(&s->outlets[i]);
	for (unsigned i = 0; i < s->n_watched; i++) {
		for (unsigned direction = 0; direction < N_DIRECTIONS; direction++)
			sonde_live_close(s->watched[i].directions[direction].live);
	}
	sonde_session_free_hops(&s->hops);
	sonde_links_free(&s->links);
	sonde_links_free(&s->recent);
	sonde_netlink_close(s->netlink);
	free(s->routes.items);
	for (unsigned i = 0; i < OUTBOXES; i++)
		free(s->outboxes[i].bytes);
	free(s->reply);
	sonde_reassembler_free(&s->fragments);
	free(s);
}

uint32_t sonde_session_chosen(const struct sonde_session *s)
{
	return s->ifindex;
}

const char *sonde_session_iface(const struct sonde_session *s, uint32_t ifindex)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, ifindex);
	return link ? link->name : NULL;
}

/* The kernel has one error for a full queue and for a frame that the interface itself dropped. */
static void explain_drop(struct sonde_error *e, const struct sonde_link *link)
{
	sonde_fail(e, -ENOBUFS, "the interface %s dropped it, and not for a full queue: it has none", link->name);
	sonde_hint(e, "is the other end of a veth down, or its MTU smaller? see: ip -s link; tc filter");
}

static void explain(struct sonde_error *e, const struct sonde_session *s, const struct sonde_links *now,
		    uint32_t ifindex, const struct sonde_addr *src)
{
	char text[SONDE_ADDR_STRLEN];
	const struct sonde_link *link = sonde_link_by_index(now, ifindex);
	const char *name = sonde_session_iface(s, ifindex);
	if (!link)
		sonde_fail(e, -ENODEV, "the interface %s is gone", name ? name : "of the route");
	else if (!link->up)
		sonde_fail(e, -ENETDOWN, "the interface %s is down", link->name);
	else if (!link->running && !link->loopback)
		sonde_fail(e, -ENETDOWN, "the interface %s has no carrier", link->name);
	else if (src && src->family && !sonde_link_by_addr(now, src))
		sonde_fail(e, -EADDRNOTAVAIL, "%s is no longer an address of this machine",
			   sonde_addr_format(text, src));
	else if (e->code == -ENOBUFS && link->no_queue)
		explain_drop(e, link);
}

/* The interfaces as they are, or were a moment ago: thousands of packets a second may ask. NULL: the machine does not
 * say. */
static const struct sonde_links *recent_links(struct sonde_session *s)
{
	const sonde_time moment = 100 * SONDE_MS;
	sonde_time now = sonde_clock_monotonic();
	if (s->recent_until > now)
		return &s->recent;
	sonde_links_free(&s->recent);
	s->recent = (struct sonde_links){ 0 };
	int err = sonde_links_read(&s->recent, s->netlink, NULL);
	s->recent_until = err ? 0 : now + moment;
	return err ? NULL : &s->recent;
}

int sonde_session_cause(struct sonde_error *e, struct sonde_session *s, uint32_t ifindex, const struct sonde_addr *src)
{
	const struct sonde_links *now = recent_links(s);
	if (now)
		explain(e, s, now, ifindex, src);
	return e->code;
}

int sonde_session_check_link(struct sonde_session *s, const struct sonde_plan *plan, sonde_time now,
			     struct sonde_error *e)
{
	if (plan->ifindex == s->checked_ifindex && now < s->recent_until)
		return 0;
	int err = sonde_session_cause(e, s, plan->ifindex, NULL);
	s->checked_ifindex = err ? 0 : plan->ifindex;
	return err;
}

/* --- The path ---------------------------------------------------------------------------------------------------- */

static bool starts_with_ip(const struct sonde_packet *p)
{
	return SONDE_WIDTH(p->layers[0].proto->dst_place) > 0;
}

/* The path of packets whose next hop the session resolves itself. To this machine's own addresses there is none: its
 * loopback takes no frames from them. */
static bool is_resolved_here(const struct sonde_plan *plan, const struct sonde_session *s)
{
	return s->o.resolves && s->o.via == SONDE_VIA_AUTO && !plan->is_local;
}

static const struct sonde_path resolved_path = {
	.socket = SONDE_SOCKET_PACKET, .needs_link_header = true, .cause = "next hops are resolved one by one"
};

/* Replace the path that was chosen for the bytes by the one that was asked for. */
static int override_path(struct sonde_plan *plan, const struct sonde_session *s, const struct sonde_packet *p,
			 struct sonde_error *e)
{
	struct sonde_path *path = &plan->path;
	if (p->n_layers && starts_with_ip(p) && is_resolved_here(plan, s))
		*path = resolved_path;
	if (s->o.via == SONDE_VIA_AUTO || p->n_layers == 0)
		return 0;
	bool has_ip = starts_with_ip(p);
	path->field = NULL;
	path->cause = "it was asked for";
	if (s->o.via == SONDE_VIA_LINK) {
		path->socket = SONDE_SOCKET_PACKET;
		path->needs_link_header = has_ip;
		return 0;
	}
	if (!has_ip && s->o.via == SONDE_VIA_RAW)
		return sonde_fail(e, SONDE_E_PATH, "a raw socket takes IP only, and the packet starts with %s",
				  p->layers[0].proto->name);
	if (!has_ip)
		return 0;
	bool ip4 = sonde_number_in(p->layers[0].proto, SONDE_SPACE_VERSION, 0) == SONDE_IP4;
	path->socket = ip4 ? SONDE_SOCKET_RAW4 : SONDE_SOCKET_RAW6;
	path->needs_link_header = false;
	return sonde_path_check(path->socket, p, s->o.fragment ? 0 : plan->mtu, e);
}

/* For the packet socket a packet has to begin with the link header of the interface. */
static int check_link(const struct sonde_plan *plan, const struct sonde_session *s, const struct sonde_packet *p,
		      struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	if (plan->path.socket != SONDE_SOCKET_PACKET || plan->path.needs_link_header || !link)
		return 0;
	bool wants_ether = link->mac_len == SONDE_MAC_LEN || link->loopback;
	bool is_ether = sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, 0) == SONDE_LINK_ETHERNET;
	if (wants_ether == is_ether)
		return 0;
	return sonde_fail(e, SONDE_E_PATH, "the packet starts with %s, frames of %s start with %s",
			  p->layers[0].proto->name, plan->iface, wants_ether ? "ether" : "ip or ip6");
}

int sonde_session_choose(struct sonde_plan *plan, const struct sonde_session *s, const struct sonde_packet *p,
			 struct sonde_error *e)
{
	int err = sonde_path_choose(&plan->path, p, s->o.fragment ? 0 : plan->mtu, e);
	if (!err)
		err = override_path(plan, s, p, e);
	return err ? err : check_link(plan, s, p, e);
}

int sonde_session_choose_ip(struct sonde_plan *plan, const struct sonde_session *s, struct sonde_view packet,
			    struct sonde_error *e)
{
	struct sonde_packet read;
	plan->path = is_resolved_here(plan, s) ? resolved_path
					       : sonde_path_of_ip(packet, plan->dst.family == SONDE_IP4);
	if (s->o.via == SONDE_VIA_AUTO && packet.len <= plan->mtu)
		return 0;
	sonde_dissect(&read, packet.data, (uint32_t)packet.len, (uint32_t)packet.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	return sonde_session_choose(plan, s, &read, e);
}

int sonde_session_prepare(struct sonde_plan *plan, struct sonde_session *s, struct sonde_packet *p, uint64_t k,
			  struct sonde_error *e)
{
	struct sonde_addr src = { 0 };
	struct sonde_error ignored;
	*plan = (struct sonde_plan){ 0 };
	sonde_size_layers(p, false);
	int err = sonde_session_route(plan, &src, s, p, e);
	if (err && !s->o.offline)
		return err;
	if (plan->dst.family && !err)
		p->delivery = plan->is_broadcast ? SONDE_DELIVERY_BROADCAST : SONDE_DELIVERY_UNICAST;
	err = sonde_session_fill(s, plan, &src, p, k, e);
	if (err && !s->o.offline)
		return err;
	sonde_finish(p);
	/* Offline nothing is sent: a packet that no path carries is no error. */
	err = sonde_session_choose(plan, s, p, s->o.offline ? &ignored : e);
	return s->o.offline ? 0 : err;
}
