/* sonde probe --merge: the results of shards and of runs, printed as those of one run. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/clock.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/probe/past.h"

struct probe_merge {
	struct probe_past past;
	struct probe_printer t;
	char buffer[1 << 16]; /* stdio may not ask in the sandbox how large one a file wants */
};

/* --- Results ----------------------------------------------------------------------------------------------------- */

static struct sonde_addr addr(const struct probe_results *r, uint64_t host)
{
	const struct probe_merge *m = r->from;
	return m->past.hosts[host].addr;
}

static void host_of(struct sonde_scan_host *out, const struct probe_results *r, uint64_t host)
{
	const struct probe_merge *m = r->from;
	const struct probe_past_host *h = &m->past.hosts[host];
	*out = (struct sonde_scan_host){ .asked = h->asked, .is_down = h->is_down, .icmp_every_ns = h->icmp_every_ns };
	for (uint64_t i = h->first; i < h->first + h->n; i++) {
		out->states[m->past.ports[i].v.state]++;
		out->doubts[m->past.ports[i].v.doubt]++;
	}
	out->is_proxied = sonde_scan_is_proxied(out);
}

static bool verdict(struct sonde_scan_verdict *out, const struct probe_results *r, uint64_t host, uint32_t port)
{
	const struct probe_merge *m = r->from;
	const struct probe_past_port *p = probe_past_port(&m->past, &m->past.hosts[host], &r->ports[port]);
	if (!p)
		return false;
	*out = p->v;
	out->host = host;
	out->port = port;
	return true;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

/* All ports that any host was asked for, a bit each: of TCP, UDP, SCTP, and the echo. */
static int add_ports(struct probe_ports *ports, const struct probe_past *p)
{
	static uint8_t seen[SONDE_N_SCANS][(UINT16_MAX + 1) / 8];
	for (uint64_t i = 0; i < p->n_ports; i++) {
		const struct sonde_scan_port *port = &p->ports[i].port;
		uint8_t *byte = &seen[port->kind][port->port / 8], bit = (uint8_t)(1u << port->port % 8);
		int status = *byte & bit ? 0 : probe_ports_add_one(ports, port->kind, port->port);
		if (status)
			return status;
		*byte |= bit;
	}
	probe_ports_arrange(ports);
	return 0;
}

static int add_names(struct probe_hosts *hosts, const struct probe_past *p)
{
	hosts->names = calloc(p->n_hosts + 1, sizeof *hosts->names);
	if (!hosts->names)
		return message_out_of_memory();
	for (uint64_t i = 0; i < p->n_hosts; i++) {
		const struct probe_past_host *h = &p->hosts[i];
		char *name = h->name[0] ? strdup(h->name) : NULL;
		if (h->name[0] && !name)
			return message_out_of_memory();
		if (name)
			hosts->names[hosts->n_names++] = (struct probe_name){ h->addr, name };
	}
	return 0;
}

static int read_files(struct probe_merge *m, FILE *const *in, const char *const *names, unsigned n)
{
	struct probe_past *p = &m->past;
	int status = 0;
	for (unsigned i = 0; !status && i < n; i++) {
		uint64_t open = p->n_runs - p->n_ended;
		setvbuf(in[i], m->buffer, _IOFBF, sizeof m->buffer);
		status = probe_past_read(p, in[i], names[i]);
		if (!status && p->n_runs - p->n_ended > open)
			message("%s: a run in it has no summary: it did not end", files_name(names[i]));
	}
	return status ? status : probe_past_arrange(p);
}

static int take_over(struct probe_merge *m, struct probe_options *po)
{
	const struct probe_past *p = &m->past;
	int status = add_ports(&po->ports, p);
	if (!status)
		status = add_names(&po->hosts, p);
	po->hosts.n_unresolved = (uint32_t)p->n_unresolved;
	for (uint32_t i = 0; i < po->ports.n; i++)
		po->discover |= po->ports.list[i].kind == SONDE_SCAN_ECHO;
	m->t.past_took_ns = p->took_ns;
	m->t.past_rate = (double)p->rate_pps;
	m->t.r = (struct probe_results){ .addr = addr,
					 .host = host_of,
					 .verdict = verdict,
					 .n_hosts = p->n_hosts,
					 .ports = po->ports.list,
					 .n_ports = po->ports.n,
					 .counts = &p->counts,
					 .from = m };
	return status;
}

static int merge(struct probe_merge *m, struct probe_options *po, FILE *const *in, const char *const *names,
		 unsigned n, char **argv)
{
	struct probe_past *p = &m->past;
	tzset();
	int status = sandbox_enter("probe", m->t.o, NULL);
	if (!status)
		status = read_files(m, in, names, n);
	if (!status)
		status = take_over(m, po);
	if (status)
		return status;
	probe_print_begin(&m->t, argv);
	probe_form_known(&m->t);
	uint64_t n_missing = probe_shards_missing(&p->shards);
	bool is_whole = !n_missing && !p->n_damaged && p->n_ended >= p->n_runs && !p->n_unresolved;
	return probe_print_end(&m->t, is_whole ? LOOP_COMPLETE : LOOP_ERROR, is_whole ? STATUS_DONE : STATUS_NOT);
}

int probe_merge(const struct options *o, struct probe_options *po, const char *const *files, unsigned n, char **argv)
{
	static struct probe_merge m;
	FILE **in = calloc(n, sizeof *in);
	int status = in ? 0 : message_out_of_memory();
	m.t = (struct probe_printer){ .o = o, .po = po };
	for (unsigned i = 0; !status && i < n; i++) {
		in[i] = files_open(files[i]);
		status = in[i] ? 0 : STATUS_SYSTEM;
	}
	if (!status)
		status = merge(&m, po, in, files, n, argv);
	for (unsigned i = 0; in && i < n; i++)
		if (in[i])
			files_close(in[i]);
	free(in);
	probe_past_free(&m.past);
	probe_hosts_free(&po->hosts);
	probe_ports_free(&po->ports);
	return status;
}
