#include "tools/probe/probe.h"

static struct sonde_addr addr(const struct probe_results *r, uint64_t host)
{
	const struct sonde_scan *s = r->from;
	return sonde_hosts_at(&s->o.hosts, host);
}

static void host_of(struct sonde_scan_host *out, const struct probe_results *r, uint64_t host)
{
	sonde_scan_host(out, r->from, host);
}

static bool verdict(struct sonde_scan_verdict *out, const struct probe_results *r, uint64_t host, uint32_t port)
{
	return sonde_scan_verdict(out, r->from, host, port);
}

struct probe_results probe_results_of(const struct sonde_scan *s)
{
	return (struct probe_results){ .addr = addr,
				       .host = host_of,
				       .verdict = verdict,
				       .n_hosts = s->o.hosts.n,
				       .ports = s->o.ports,
				       .n_ports = s->o.n_ports,
				       .counts = &s->counts,
				       .from = s };
}
