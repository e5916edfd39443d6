/* sonde probe --baseline: what is not as it was. */
#include <string.h>

#include "tools/probe/past.h"

static void change(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
		   const char *was, const char *is)
{
	t->n_changed++;
	if (t->o->json && v) {
		probe_json_port(t, a, v, was);
	} else if (t->o->json) {
		probe_json_host_changed(t, a, was, is);
	} else {
		fprintf(probe_text_out(t), "%s%s%s: %s, was %s%s%s\n", probe_host(t, a), v ? " " : "",
			v ? probe_port_text(&t->r.ports[v->port]) : "", is, was, v && v->doubt ? "  doubt: " : "",
			v && v->doubt ? sonde_scan_doubt_name(v->doubt) : "");
	}
}

/* Returns how many ports both runs asked. */
static uint64_t compare_ports(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_host *h,
			      uint64_t host, const struct probe_past_host *was)
{
	struct sonde_scan_verdict v;
	uint64_t n_both = 0;
	for (uint32_t i = 0; i < t->r.n_ports; i++) {
		if (!probe_verdict(&v, t, h, host, i))
			continue;
		const struct probe_past_port *p = probe_past_port(t->baseline, was, &t->r.ports[i]);
		if (!p) {
			t->n_only_now++;
			continue;
		}
		n_both++;
		if (p->v.state != v.state)
			change(t, a, &v, sonde_state_name(p->v.state), sonde_state_name(v.state));
	}
	return n_both;
}

static void compare_host(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_host *h,
			 uint64_t host)
{
	static const char *const names[] = { "up", "down" };
	const struct probe_past_host *was = probe_past_host(t->baseline, a);
	if (!was) {
		t->n_only_now += h->asked;
		return;
	}
	if (was->is_down != h->is_down)
		change(t, a, NULL, names[was->is_down], names[h->is_down]);
	uint64_t n_both = was->is_down || h->is_down ? was->n : compare_ports(t, a, h, host, was);
	t->n_only_then -= n_both;
}

void probe_changes_print(struct probe_printer *t)
{
	struct sonde_scan_host h;
	t->n_only_then = t->baseline->n_ports;
	for (uint64_t host = 0; host < t->r.n_hosts; host++) {
		struct sonde_addr a = t->r.addr(&t->r, host);
		t->r.host(&h, &t->r, host);
		if (h.asked)
			compare_host(t, &a, &h, host);
	}
}
