#include "io/clock.h"
#include "tools/common/json_packet.h"
#include "tools/common/summary.h"
#include "tools/probe/frames.h"
#include "tools/probe/probe.h"

void probe_json_begin(struct probe_printer *t, char **argv)
{
	summary_run(&t->json, &(struct run){ .cmd = "probe",
					     .argv = argv,
					     .seed = t->o->seed,
					     .uid = t->o->uid,
					     .time_ns = sonde_clock_real(),
					     .iface = t->o->iface });
}

static void json_target(struct probe_printer *t, const struct sonde_addr *a)
{
	const char *name = probe_hosts_name(&t->po->hosts, a);
	json_addr(&t->json, "target", a);
	if (name)
		json_str(&t->json, "name", name);
}

void probe_json_port(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
		     const char *was)
{
	const struct sonde_scan_port *p = &t->r.ports[v->port];
	struct json *j = &t->json;
	const char *service = probe_service(p);
	json_event(j, "probe", "port", sonde_clock_real());
	json_target(t, a);
	json_str(j, "proto", probe_proto(p));
	json_uint(j, "port", p->port);
	if (probe_tcp_kind(p->kind))
		json_str(j, "probe", probe_tcp_kind(p->kind));
	if (*service)
		json_str(j, "service", service);
	json_str(j, "state", sonde_state_name(v->state));
	json_str(j, "rule", v->rule->name);
	if (v->doubt)
		json_str(j, "doubt", sonde_scan_doubt_name(v->doubt));
	if (v->rtt_ns >= 0)
		json_int(j, "rtt_ns", v->rtt_ns);
	if (v->ttl)
		json_uint(j, "ttl", v->ttl);
	if (v->from.family)
		json_addr(j, "from", &v->from);
	if (v->icmp_type) {
		json_uint(j, "icmp_type", v->icmp_type);
		json_uint(j, "icmp_code", v->icmp_code);
	}
	const struct probe_banner *banner = probe_banner(t->banners, v);
	if (banner)
		json_mem(j, "banner", banner->text, banner->len);
	uint64_t frame = probe_frames_of(t->frames, v);
	if (frame)
		json_uint(j, "frame", frame);
	if (was) {
		json_str(j, "was", was);
		json_str(j, "is", sonde_state_name(v->state));
	}
	json_end(j);
}

void probe_json_host_changed(struct probe_printer *t, const struct sonde_addr *a, const char *was, const char *is)
{
	struct json *j = &t->json;
	json_event(j, "probe", "target", sonde_clock_real());
	json_target(t, a);
	json_str(j, "was", was);
	json_str(j, "is", is);
	json_end(j);
}

static void json_states(struct json *j, const uint64_t states[SONDE_N_STATES])
{
	json_uint(j, "open", states[SONDE_STATE_OPEN]);
	json_uint(j, "closed", states[SONDE_STATE_CLOSED]);
	json_uint(j, "filtered", states[SONDE_STATE_FILTERED]);
	json_uint(j, "unfiltered", states[SONDE_STATE_UNFILTERED]);
	json_uint(j, "open_filtered", states[SONDE_STATE_OPEN_FILTERED]);
	json_uint(j, "up", states[SONDE_STATE_UP]);
	json_uint(j, "unknown", states[SONDE_STATE_UNKNOWN]);
}

void probe_json_host(struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_addr a = t->r.addr(&t->r, host);
	struct sonde_scan_verdict v;
	struct json *j = &t->json;
	for (uint32_t i = 0; i < t->r.n_ports && !h->is_down; i++)
		if (probe_verdict(&v, t, h, host, i) && (!t->po->open_only || v.state == SONDE_STATE_OPEN))
			probe_json_port(t, &a, &v, NULL);
	json_event(j, "probe", "target", sonde_clock_real());
	json_target(t, &a);
	json_bool(j, "down", h->is_down);
	json_uint(j, "ports", h->asked);
	if (!h->is_down)
		json_states(j, h->states);
	if (h->icmp_every_ns)
		json_int(j, "icmp_every_ns", h->icmp_every_ns);
	if (h->is_proxied)
		json_str(j, "doubt", sonde_scan_doubt_name(SONDE_SCAN_PROXY));
	json_end(j);
}

void probe_json_mismatch(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			 const char *state, const char *expected)
{
	struct json *j = &t->json;
	json_event(j, "probe", "mismatch", sonde_clock_real());
	json_target(t, a);
	if (v) {
		json_str(j, "proto", probe_proto(&t->r.ports[v->port]));
		json_uint(j, "port", t->r.ports[v->port].port);
	}
	json_str(j, "state", state);
	json_str(j, "expected", expected);
	if (v)
		json_str(j, "rule", v->rule->name);
	json_end(j);
}

void probe_json_difference(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			   bool listens)
{
	const struct sonde_scan_port *p = &t->r.ports[v->port];
	struct json *j = &t->json;
	json_event(j, "probe", "difference", sonde_clock_real());
	json_target(t, a);
	json_str(j, "proto", probe_proto(p));
	json_uint(j, "port", p->port);
	json_str(j, "state", sonde_state_name(v->state));
	json_bool(j, "listens", listens);
	json_end(j);
}

void probe_json_end(struct probe_printer *t, enum loop_end end, int status)
{
	const struct sonde_scan_counts *c = t->r.counts;
	sonde_time took = probe_took(t);
	struct json *j = &t->json;
	uint64_t doubtful = 0;
	for (unsigned i = 1; i < SONDE_SCAN_DOUBTS; i++)
		doubtful += t->doubts[i];
	summary_begin(j, "probe", sonde_clock_real());
	json_uint(j, "targets", t->n_hosts);
	json_uint(j, "unresolved", t->po->hosts.n_unresolved);
	json_uint(j, "probes", t->n_asked);
	json_uint(j, "sent", c->sent);
	json_uint(j, "retransmitted", c->retransmitted);
	json_uint(j, "send_errors", c->send_errors);
	json_uint(j, "answered", c->answers);
	json_uint(j, "late", c->late);
	json_uint(j, "revised", c->revised);
	json_uint(j, "duplicates", c->duplicates);
	json_uint(j, "rejected", c->rejected);
	json_uint(j, "wrong_checksum", c->wrong_checksum);
	json_uint(j, "rx_dropped", c->rx_dropped);
	json_uint(j, "kernel_resets", c->resets);
	json_uint(j, "down", c->down);
	json_uint(j, "passes", c->passes);
	json_states(j, t->states);
	json_uint(j, "doubtful", doubtful);
	if (doubtful) {
		json_object(j, "doubts");
		for (unsigned i = 1; i < SONDE_SCAN_DOUBTS; i++)
			if (t->doubts[i])
				json_uint(j, sonde_scan_doubt_name(i), t->doubts[i]);
		json_object_end(j);
	}
	if (t->po->n_shards) {
		json_uint(j, "shard", t->po->shard + 1);
		json_uint(j, "shards", t->po->n_shards);
	}
	if (t->is_resumed)
		json_bool(j, "resumed", true);
	if (t->po->expect.is_given)
		json_uint(j, "mismatches", t->n_mismatches);
	if (t->baseline) {
		json_uint(j, "changed", t->n_changed);
		json_uint(j, "only_now", t->n_only_now);
		json_uint(j, "only_then", t->n_only_then);
	}
	json_int(j, "duration_ns", took);
	json_uint(j, "rate_pps", (uint64_t)probe_rate(t));
	summary_end(j, end, status);
}
