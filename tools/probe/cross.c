/* sonde probe --cross-check: what was found on this machine's own addresses, beside its sockets. */
#include "io/link.h"
#include "io/netlink.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/probe/probe.h"

static bool is_own(const struct sonde_links *links, const struct sonde_addr *a)
{
	bool is_loopback = a->family == SONDE_IP4 && a->bytes[0] == 127;
	return is_loopback || sonde_link_by_addr(links, a);
}

static int refuse_others(const struct sonde_links *links, const struct probe_options *po)
{
	for (uint64_t i = 0; i < po->hosts.set.n; i++) {
		struct sonde_addr a = sonde_hosts_at(&po->hosts.set, i);
		char text[SONDE_ADDR_STRLEN];
		if (is_own(links, &a))
			continue;
		message("--cross-check knows this machine's sockets alone, and %s is not one of its addresses",
			sonde_addr_format(text, &a));
		return STATUS_USAGE;
	}
	return 0;
}

int probe_cross_open(struct probe_cross *c, const struct probe_options *po)
{
	struct sonde_error e = { 0 };
	struct sonde_netlink *n;
	struct sonde_links links = { 0 };
	int err = sonde_netlink_open(&n, &e);
	if (!err)
		err = sonde_links_read(&links, n, &e);
	int status = err ? STATUS_SYSTEM : refuse_others(&links, po);
	if (!status)
		err = sonde_listeners_read(&c->listeners, &e);
	if (err) {
		message_error(&e);
		status = STATUS_SYSTEM;
	}
	sonde_links_free(&links);
	sonde_netlink_close(n);
	c->is_on = !status;
	return status;
}

void probe_cross_close(struct probe_cross *c)
{
	sonde_listeners_free(&c->listeners);
}

/* Why the verdict and the sockets cannot both be the whole truth; NULL: they can. A socket of UDP may be silent. */
static const char *difference(const struct sonde_scan_verdict *v, bool listens, bool is_udp)
{
	if (v->doubt == SONDE_SCAN_UNSENT || v->doubt == SONDE_SCAN_UNFINISHED)
		return NULL;
	switch (v->state) {
	case SONDE_STATE_OPEN: return listens ? NULL : "no socket listens (DNAT, or another namespace?)";
	case SONDE_STATE_CLOSED: return listens ? "a socket listens (firewall?)" : NULL;
	case SONDE_STATE_FILTERED: return listens && !is_udp ? "a socket listens (firewall?)" : NULL;
	default: return NULL;
	}
}

static void print_difference(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			     const char *why, bool listens)
{
	const struct sonde_scan_port *p = &t->r.ports[v->port];
	const char *state = sonde_state_name(v->state);
	t->n_differences++;
	if (t->o->json) {
		probe_json_difference(t, a, v, listens);
		return;
	}
	fprintf(probe_text_out(t), "%s %s %s here, but %s\n", probe_host(t, a), probe_port_text(p), state, why);
}

void probe_cross_print(struct probe_printer *t)
{
	const uint8_t tcp = 6, udp = 17;
	struct sonde_scan_host h;
	struct sonde_scan_verdict v;
	for (uint64_t host = 0; host < t->r.n_hosts; host++) {
		struct sonde_addr a = t->r.addr(&t->r, host);
		t->r.host(&h, &t->r, host);
		for (uint32_t i = 0; i < t->r.n_ports; i++) {
			const struct sonde_scan_port *p = &t->r.ports[i];
			bool is_udp = p->kind == SONDE_SCAN_UDP;
			if (p->kind == SONDE_SCAN_SCTP || p->kind == SONDE_SCAN_ECHO ||
			    !probe_verdict(&v, t, &h, host, i))
				continue;
			bool listens = sonde_listeners_have(&t->cross->listeners, is_udp ? udp : tcp, &a, p->port);
			const char *why = difference(&v, listens, is_udp);
			if (why)
				print_difference(t, &a, &v, why, listens);
		}
	}
}
