/* sonde probe -o xml: nmap's -oX, as far as scripts read it. A state's reason is the name of our rule. */
#include <time.h>

#include "io/clock.h"
#include "tools/probe/probe.h"

/* XML has no control characters, escaped or not; bytes beyond ASCII need not be UTF-8. */
static void put_escaped(const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&': fputs("&amp;", stdout); break;
		case '<': fputs("&lt;", stdout); break;
		case '>': fputs("&gt;", stdout); break;
		case '"': fputs("&quot;", stdout); break;
		default: *s < ' ' || *s >= 0x7f ? fputs("&#xFFFD;", stdout) : putchar(*s);
		}
	}
}

/* NAME="..." */
static void put_attribute(const char *name, const char *value)
{
	printf(" %s=\"", name);
	put_escaped(value);
	putchar('"');
}

/* Two attributes: seconds since 1970, and the same as text. */
static void put_time(const char *name, const char *text_name)
{
	char s[32];
	time_t now = (time_t)(sonde_clock_real() / SONDE_S);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(s, sizeof s, "%a %b %e %H:%M:%S %Y", &tm);
	printf(" %s=\"%lld\" %s=\"%s\"", name, (long long)now, text_name, s);
}

void probe_xml_begin(const struct probe_printer *t, char **argv)
{
	(void)t;
	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<nmaprun scanner=\"sonde\" args=\"");
	for (char **arg = argv; *arg; arg++) {
		if (arg != argv)
			putchar(' ');
		put_escaped(*arg);
	}
	putchar('"');
	put_time("start", "startstr");
	puts(" version=\"" SONDE_VERSION "\" xmloutputversion=\"1.05\">");
}

static void put_port(const struct sonde_scan_port *p, const struct sonde_scan_verdict *v)
{
	char from[SONDE_ADDR_STRLEN];
	printf("<port protocol=\"%s\" portid=\"%u\"><state state=\"%s\" reason=\"%s\" reason_ttl=\"%u\"",
	       probe_proto(p), p->port, sonde_state_name(v->state), v->rule->name, v->ttl);
	if (v->from.family)
		printf(" reason_ip=\"%s\"", sonde_addr_format(from, &v->from));
	fputs("/>", stdout);
	if (*probe_service(p)) {
		fputs("<service", stdout);
		put_attribute("name", probe_service(p));
		fputs(" method=\"table\" conf=\"3\"/>", stdout);
	}
	puts("</port>");
}

static void put_ports(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_scan_verdict v;
	puts("<ports>");
	for (enum sonde_state s = 1; s < SONDE_N_STATES; s++)
		if (h->states[s] && !probe_is_listed(t, h, s) && !t->po->open_only)
			printf("<extraports state=\"%s\" count=\"%llu\"/>\n", sonde_state_name(s),
			       (unsigned long long)h->states[s]);
	for (uint32_t i = 0; i < t->r.n_ports; i++)
		if (probe_verdict(&v, t, h, host, i) && probe_is_listed(t, h, v.state))
			put_port(&t->r.ports[i], &v);
	puts("</ports>");
}

/* How the host is known to be there: by the first port that says so. */
static void put_status(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_scan_verdict v;
	if (h->is_down) {
		puts("<status state=\"down\" reason=\"no-neighbour\" reason_ttl=\"0\"/>");
		return;
	}
	for (uint32_t i = 0; i < t->r.n_ports; i++) {
		if (!probe_verdict(&v, t, h, host, i))
			continue;
		struct sonde_scan_host one = { .states = { [0] = 0 } };
		one.states[v.state] = 1;
		if (probe_is_up(&one)) {
			printf("<status state=\"up\" reason=\"%s\" reason_ttl=\"%u\"/>\n", v.rule->name, v.ttl);
			return;
		}
	}
	puts("<status state=\"unknown\" reason=\"no-answer\" reason_ttl=\"0\"/>");
}

void probe_xml_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_addr a = t->r.addr(&t->r, host);
	const char *given = probe_hosts_name(&t->po->hosts, &a), *name = probe_host_name(t, &a);
	char number[SONDE_ADDR_STRLEN];
	puts("<host>");
	put_status(t, h, host);
	printf("<address addr=\"%s\" addrtype=\"ipv%u\"/>\n<hostnames>\n", sonde_addr_format(number, &a), a.family);
	if (name) {
		fputs("<hostname", stdout);
		put_attribute("name", name);
		printf(" type=\"%s\"/>\n", given ? "user" : "PTR");
	}
	puts("</hostnames>");
	if (!h->is_down && !t->po->discover)
		put_ports(t, h, host);
	puts("</host>");
}

void probe_xml_end(const struct probe_printer *t, enum loop_end end)
{
	fputs("<runstats><finished", stdout);
	put_time("time", "timestr");
	printf(" elapsed=\"%.2f\" exit=\"%s\"/>", (double)probe_took(t) / 1e9,
	       end == LOOP_COMPLETE ? "success" : "error");
	printf("<hosts up=\"%llu\" down=\"%llu\" total=\"%llu\"/></runstats>\n</nmaprun>\n",
	       (unsigned long long)t->n_up, (unsigned long long)t->n_down,
	       (unsigned long long)t->n_hosts);
}
