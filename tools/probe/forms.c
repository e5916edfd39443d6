/* sonde probe -o list, and -o grepable: nmap's -oG, as far as scripts read it. */
#include <time.h>

#include "io/clock.h"
#include "tools/probe/probe.h"

/* Characters that separate fields become others, as nmap has it; what is not printable too. */
static void put_safe(const char *s)
{
	for (; *s; s++)
		putchar(*s == '/' ? '|' : *s < ' ' || *s >= 0x7f || *s == ',' || *s == '(' || *s == ')' ? '?' : *s);
}

static void put_time(void)
{
	char s[32];
	time_t now = (time_t)(sonde_clock_real() / SONDE_S);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(s, sizeof s, "%a %b %e %H:%M:%S %Y", &tm);
	fputs(s, stdout);
}

/* --- The list ---------------------------------------------------------------------------------------------------- */

void probe_form_event(const struct probe_printer *t, const struct sonde_scan_verdict *v)
{
	char s[SONDE_ENDPOINT_STRLEN];
	if (t->po->form != PROBE_LIST || t->po->discover || v->state != SONDE_STATE_OPEN || t->o->verbosity < 0)
		return;
	struct sonde_endpoint e = { t->r.addr(&t->r, v->host), t->r.ports[v->port].port };
	puts(sonde_endpoint_format(s, &e));
}

void probe_form_known(const struct probe_printer *t)
{
	struct sonde_scan_host h;
	struct sonde_scan_verdict v;
	for (uint64_t host = 0; t->po->form == PROBE_LIST && host < t->r.n_hosts; host++) {
		t->r.host(&h, &t->r, host);
		for (uint32_t i = 0; i < t->r.n_ports; i++)
			if (probe_verdict(&v, t, &h, host, i))
				probe_form_event(t, &v);
	}
}

/* Ports were listed as they were found: only hosts are left. */
static void list_host(const struct probe_printer *t, const struct sonde_scan_host *h, const struct sonde_addr *a)
{
	char s[SONDE_ADDR_STRLEN];
	if (t->po->discover && probe_is_up(h))
		puts(sonde_addr_format(s, a));
}

/* --- Grepable ---------------------------------------------------------------------------------------------------- */

/* The state that most ports have which are not listed, or SONDE_STATE_UNKNOWN: it has a field of its own. */
static enum sonde_state ignored_state(const struct probe_printer *t, const struct sonde_scan_host *h)
{
	enum sonde_state most = SONDE_STATE_UNKNOWN;
	for (enum sonde_state s = 1; s < SONDE_N_STATES; s++)
		if (s != SONDE_STATE_OPEN && !probe_is_listed(t, h, s) && h->states[s] > h->states[most])
			most = s;
	return most;
}

static void grepable_port(const struct sonde_scan_port *p, enum sonde_state state)
{
	printf("%u/%s/%s//", p->port, sonde_state_name(state), probe_proto(p));
	put_safe(probe_service(p));
	fputs("///", stdout);
}

static void grepable_ports(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	enum sonde_state ignored = ignored_state(t, h);
	const char *before = "\tPorts: ";
	struct sonde_scan_verdict v;
	for (uint32_t i = 0; i < t->r.n_ports; i++) {
		if (!probe_verdict(&v, t, h, host, i) || v.state == ignored ||
		    (t->po->open_only && v.state != SONDE_STATE_OPEN))
			continue;
		fputs(before, stdout);
		grepable_port(&t->r.ports[i], v.state);
		before = ", ";
	}
	if (ignored && !t->po->open_only)
		printf("\tIgnored State: %s (%llu)", sonde_state_name(ignored), (unsigned long long)h->states[ignored]);
}

static void grepable_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host,
			  const struct sonde_addr *a)
{
	char s[SONDE_ADDR_STRLEN];
	const char *name = probe_host_name(t, a);
	for (unsigned part = 0; part < (h->is_down || t->po->discover ? 1 : 2); part++) {
		printf("Host: %s (", sonde_addr_format(s, a));
		put_safe(name ? name : "");
		putchar(')');
		if (part)
			grepable_ports(t, h, host);
		else
			printf("\tStatus: %s", h->is_down ? "Down" : probe_is_up(h) ? "Up" : "Unknown");
		putchar('\n');
	}
}

static void grepable_begin(char **argv)
{
	printf("# Sonde " SONDE_VERSION " scan initiated ");
	put_time();
	printf(" as:");
	for (char **arg = argv; *arg; arg++) {
		putchar(' ');
		for (const char *c = *arg; *c; c++)
			putchar(*c < ' ' || *c >= 0x7f ? '?' : *c);
	}
	putchar('\n');
}

/* --- Any of them ------------------------------------------------------------------------------------------------- */

void probe_form_begin(struct probe_printer *t, char **argv)
{
	if (t->po->form == PROBE_GREPABLE)
		grepable_begin(argv);
	else if (t->po->form == PROBE_XML)
		probe_xml_begin(t, argv);
}

void probe_form_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_addr a = t->r.addr(&t->r, host);
	switch (t->po->form) {
	case PROBE_TABLE: return;
	case PROBE_LIST: list_host(t, h, &a); return;
	case PROBE_GREPABLE: grepable_host(t, h, host, &a); return;
	case PROBE_XML: probe_xml_host(t, h, host); return;
	}
}

void probe_form_end(const struct probe_printer *t, enum loop_end end)
{
	if (t->po->form == PROBE_GREPABLE) {
		fputs("# Sonde done at ", stdout);
		put_time();
		printf(" -- %llu IP address%s (%llu host%s up) scanned in %.2f seconds\n",
		       (unsigned long long)t->n_hosts, t->n_hosts == 1 ? "" : "es", (unsigned long long)t->n_up,
		       t->n_up == 1 ? "" : "s",
		       (double)probe_took(t) / 1e9);
	} else if (t->po->form == PROBE_XML) {
		probe_xml_end(t, end);
	}
}
