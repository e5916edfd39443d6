#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/common/colour.h"
#include "tools/common/figures.h"
#include "tools/common/output.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/wrap.h"
#include "tools/probe/probe.h"

#define TIME_WIDTH 10 /* columns of a round trip */
#define FEW 25 /* ports of one state that are listed; of more, the number is told */

const char *probe_host_name(const struct probe_printer *t, const struct sonde_addr *a)
{
	const char *given = probe_hosts_name(&t->po->hosts, a);
	return given || !t->names ? given : names_find(t->names, a);
}

const char *probe_host(const struct probe_printer *t, const struct sonde_addr *a)
{
	static char s[2 * NAMES_STRLEN];
	char number[SONDE_ADDR_STRLEN];
	const char *name = probe_host_name(t, a);
	sonde_addr_format(number, a);
	snprintf(s, sizeof s, name ? "%s (%s)" : "%s%s", name ? name : "", number);
	return s;
}

bool probe_verdict(struct sonde_scan_verdict *v, const struct probe_printer *t, const struct sonde_scan_host *h,
		   uint64_t host, uint32_t port)
{
	if (!t->r.verdict(v, &t->r, host, port))
		return false;
	if (h->is_proxied && v->state == SONDE_STATE_OPEN)
		v->doubt = SONDE_SCAN_PROXY;
	return true;
}

FILE *probe_text_out(const struct probe_printer *t)
{
	return t->po->form == PROBE_TABLE && !options_write_stdout(t->o) ? stdout : stderr;
}

/* One of the forms of -o. */
static bool prints_form(const struct probe_printer *t)
{
	return !t->o->json && !options_write_stdout(t->o);
}

void probe_print_begin(struct probe_printer *t, char **argv)
{
	json_open(&t->json, stdout);
	if (t->o->json)
		probe_json_begin(t, argv);
	else if (prints_form(t))
		probe_form_begin(t, argv);
	fflush(stdout);
}

/* --- One host ---------------------------------------------------------------------------------------------------- */

bool probe_is_listed(const struct probe_printer *t, const struct sonde_scan_host *h, enum sonde_state state)
{
	if (t->po->open_only)
		return state == SONDE_STATE_OPEN && !h->is_proxied;
	if (state == SONDE_STATE_OPEN)
		return !h->is_proxied || h->states[state] <= FEW;
	return t->o->verbosity > 0 || h->states[state] <= FEW;
}

struct widths {
	int port, state, service, rule, time; /* 0: left out */
};

static void widen(int *width, const char *text)
{
	int len = (int)strlen(text);
	*width = len > *width ? len : *width;
}

/* Where the terminal is narrow, the service is left out, and then the round trip. */
static void fit(struct widths *w)
{
	const int gap = 2, width = output_width();
	int needs = gap + w->port + gap + w->state + gap + w->rule;
	if (width && needs + (w->service ? gap + w->service : 0) + gap + w->time > width)
		w->service = 0;
	if (width && needs + gap + w->time > width)
		w->time = 0;
}

static void measure(struct widths *w, const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_scan_verdict v;
	*w = (struct widths){ .port = 4, .state = 5, .time = TIME_WIDTH };
	for (uint32_t i = 0; i < t->r.n_ports; i++) {
		if (!probe_verdict(&v, t, h, host, i) || !probe_is_listed(t, h, v.state))
			continue;
		widen(&w->port, probe_port_text(&t->r.ports[i]));
		widen(&w->state, sonde_state_name(v.state));
		widen(&w->service, probe_service(&t->r.ports[i]));
		widen(&w->rule, v.rule->name);
	}
	fit(w);
}

/* What only some have, behind the columns or below them. */
static void print_rest(const struct probe_printer *t, const struct sonde_scan_verdict *v, int column, int indent)
{
	struct wrap line;
	if (!v->from.family && !v->icmp_type && !v->doubt)
		return;
	FILE *out = wrap_begin(&line);
	if (v->from.family)
		fprintf(out, "  from %s", probe_host(t, &v->from));
	if (v->icmp_type)
		fprintf(out, "  icmp %u/%u", v->icmp_type, v->icmp_code);
	if (v->doubt)
		fprintf(out, "  doubt: %s", sonde_scan_doubt_name(v->doubt));
	wrap_end(&line, stdout, column, indent);
}

static void print_banner(const struct probe_banner *banner, int indent)
{
	struct wrap line;
	FILE *out = wrap_begin(&line);
	fputs("says: ", out);
	probe_banner_print(out, banner);
	printf("\n%*s", indent, "");
	wrap_end(&line, stdout, indent, indent);
}

static void print_explained(const struct sonde_rule *rule, int indent)
{
	struct wrap line;
	fprintf(wrap_begin(&line), "%s (%s)", rule->text, rule->source);
	printf("\n%*s", indent, "");
	wrap_end(&line, stdout, indent, indent);
}

static void print_port(const struct probe_printer *t, const struct widths *w, const struct sonde_scan_verdict *v)
{
	const struct sonde_scan_port *p = &t->r.ports[v->port];
	enum colour colour = colour_of_state(v->state);
	char rtt[32] = "-";
	if (v->rtt_ns >= 0)
		snprintf(rtt, sizeof rtt, "%.3f ms", figures_ms((double)v->rtt_ns));
	printf("  %*s  %s%-*s%s  ", w->port, probe_port_text(p), colour_begin(stdout, colour), w->state,
	       sonde_state_name(v->state), colour_end(stdout, colour));
	int column = 2 + w->port + 2 + w->state + 2 + w->rule, indent = 2 + w->port + 2;
	if (w->service)
		column += printf("%-*s  ", w->service, probe_service(p));
	printf("%-*s", w->rule, v->rule->name);
	if (w->time)
		column += printf("  %*s", w->time, rtt);
	print_rest(t, v, column, indent);
	const struct probe_banner *banner = probe_banner(t->banners, v);
	if (banner) {
		print_banner(banner, indent);
	}
	if (t->po->explain)
		print_explained(v->rule, indent);
	putchar('\n');
}

/* 6 open, 65529 closed. */
static void print_states(FILE *out, const char *title, const uint64_t states[SONDE_N_STATES])
{
	struct figure f[SONDE_N_STATES];
	size_t n = 0;
	static const enum sonde_state order[] = { SONDE_STATE_OPEN,       SONDE_STATE_CLOSED,
						  SONDE_STATE_FILTERED,   SONDE_STATE_UNFILTERED,
						  SONDE_STATE_OPEN_FILTERED, SONDE_STATE_UP,
						  SONDE_STATE_UNREACHABLE, SONDE_STATE_ON_THE_WAY,
						  SONDE_STATE_UNKNOWN };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		f[n++] = (struct figure){ states[order[i]], sonde_state_name(order[i]) };
	figures_print(out, title, f, n);
}

bool probe_is_up(const struct sonde_scan_host *h)
{
	return h->states[SONDE_STATE_UP] || h->states[SONDE_STATE_OPEN] || h->states[SONDE_STATE_CLOSED] ||
	       h->states[SONDE_STATE_UNFILTERED];
}

bool probe_is_shown(const struct probe_printer *t, const struct sonde_scan_host *h)
{
	if (t->po->open_only)
		return h->states[SONDE_STATE_OPEN] > 0;
	if (t->po->discover)
		return probe_is_up(h) || t->o->verbosity > 0;
	return !h->is_down || t->r.n_hosts == 1 || t->o->verbosity > 0;
}

static void print_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_addr a = t->r.addr(&t->r, host);
	struct sonde_scan_verdict v;
	struct widths w;
	struct wrap line;
	FILE *out = wrap_begin(&line);
	fprintf(out, "%s: ", probe_host(t, &a));
	if (h->is_down)
		fputs("down (rule no-neighbour: it does not tell its link address)", out);
	else
		print_states(out, "", h->states);
	if (h->is_proxied)
		fputs("  doubt: proxy: nearly every port is open, so something answers in its place", out);
	wrap_end(&line, stdout, 0, 2);
	putchar('\n');
	if (h->is_down)
		return;
	measure(&w, t, h, host);
	for (uint32_t i = 0; i < t->r.n_ports; i++)
		if (probe_verdict(&v, t, h, host, i) && probe_is_listed(t, h, v.state))
			print_port(t, &w, &v);
}

static void count(struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host)
{
	struct sonde_scan_verdict v;
	t->n_hosts++;
	t->n_up += probe_is_up(h);
	t->n_asked += h->asked;
	for (unsigned i = 0; i < SONDE_N_STATES; i++)
		t->states[i] += h->states[i];
	for (unsigned i = 0; !h->is_proxied && i < SONDE_SCAN_DOUBTS; i++)
		t->doubts[i] += h->doubts[i];
	for (uint32_t i = 0; h->is_proxied && i < t->r.n_ports; i++)
		if (probe_verdict(&v, t, h, host, i))
			t->doubts[v.doubt]++;
}

void probe_print_results(struct probe_printer *t)
{
	struct sonde_scan_host h;
	for (uint64_t host = 0; host < t->r.n_hosts; host++) {
		t->r.host(&h, &t->r, host);
		if (!h.asked)
			continue;
		if (h.is_down) {
			t->n_hosts++;
			t->n_down++;
		} else {
			count(t, &h, host);
		}
		if (t->baseline)
			continue;
		if (t->o->json)
			probe_json_host(t, &h, host);
		else if (prints_form(t) && probe_is_shown(t, &h) && t->o->verbosity >= 0)
			(t->po->form == PROBE_TABLE ? print_host : probe_form_host)(t, &h, host);
	}
	if (t->baseline)
		probe_changes_print(t);
	if (t->po->expect.is_given)
		probe_expect_print(t);
	if (t->cross)
		probe_cross_print(t);
}

/* --- The end ----------------------------------------------------------------------------------------------------- */

static void print_doubts(FILE *out, const struct probe_printer *t)
{
	struct figure f[SONDE_SCAN_DOUBTS];
	for (unsigned i = 1; i < SONDE_SCAN_DOUBTS; i++)
		f[i - 1] = (struct figure){ t->doubts[i], sonde_scan_doubt_name(i) };
	figures_print(out, "in doubt: ", f, SONDE_SCAN_DOUBTS - 1);
}

static void print_found(FILE *out, const struct probe_printer *t)
{
	fprintf(out, "%llu host%s, %llu port%s", (unsigned long long)t->n_hosts, t->n_hosts == 1 ? "" : "s",
		(unsigned long long)t->n_asked, t->n_asked == 1 ? "" : "s");
	print_states(out, ": ", t->states);
}

static void print_packets(FILE *out, const struct probe_printer *t)
{
	const struct sonde_scan_counts *c = t->r.counts;
	const struct figure rest[] = {
		{ c->down, c->down == 1 ? "host down" : "hosts down" },
		{ t->po->hosts.n_unresolved, "unresolved" },
		{ c->retransmitted, "sent again" },
		{ c->send_errors, "not sent" },
		{ c->duplicates, "duplicates" },
		{ c->late, "late" },
		{ c->revised, "revised" },
		{ c->rejected, "rejected" },
		{ c->wrong_checksum, "with a wrong checksum" },
		{ c->rx_dropped, "answers dropped here" },
	};
	fprintf(out, "%llu sent in %.2f s", (unsigned long long)c->sent, (double)probe_took(t) / 1e9);
	if (t->is_resumed)
		fputs(" of all runs", out);
	if (t->scan && t->scan->o.gap_ns < 0 && t->scan->tempo.top > 0)
		fprintf(out, " (at up to %.0f a second)", t->scan->tempo.top);
	figures_print(out, ", ", rest, sizeof rest / sizeof *rest);
}

static void print_changed(FILE *out, const struct probe_printer *t)
{
	if (t->baseline)
		fprintf(out, "changed: %llu; ports asked only now: %llu, only then: %llu",
			(unsigned long long)t->n_changed, (unsigned long long)t->n_only_now,
			(unsigned long long)t->n_only_then);
}

static void print_mismatches(FILE *out, const struct probe_printer *t)
{
	if (t->po->expect.is_given)
		fprintf(out, "not as expected: %llu", (unsigned long long)t->n_mismatches);
}

/* A line each, if there is anything to say. */
static void print_totals(const struct probe_printer *t)
{
	static void (*const lines[])(FILE *out, const struct probe_printer *t) = {
		print_found, print_packets, print_doubts, print_changed, print_mismatches,
	};
	FILE *out = probe_text_out(t);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct wrap line;
		lines[i](wrap_begin(&line), t);
		fflush(line.pieces);
		const char *end = line.len ? "\n" : "";
		wrap_end(&line, out, 0, 2);
		fputs(end, out);
	}
}

sonde_time probe_took(const struct probe_printer *t)
{
	sonde_time until = t->ended_at ? t->ended_at : sonde_clock_monotonic();
	return t->past_took_ns + (t->scan ? until - t->began_at : 0);
}

double probe_rate(const struct probe_printer *t)
{
	if (!t->scan)
		return t->past_rate;
	sonde_time gap = t->scan->o.gap_ns;
	double real = (double)t->scan->counts.sent * (double)SONDE_S / (double)probe_took(t);
	/* Few packets do not tell how fast more could be sent. */
	if (gap < 0)
		return !t->scan->is_done ? t->scan->tempo.rate : t->scan->tempo.top > 0 ? t->scan->tempo.top : real;
	return gap ? (double)SONDE_S / (double)gap : real;
}

double probe_done(const struct probe_printer *t)
{
	const struct sonde_scan *s = t->scan;
	return s->n ? 100.0 * (double)(s->pass_is_sent ? s->n : s->next) / (double)s->n : 100;
}

/* Later passes ask only the silent ones. */
double probe_seconds_left(const struct probe_printer *t)
{
	const struct sonde_scan *s = t->scan;
	double rate = probe_rate(t), share = s->n ? (double)(s->n - s->next) / (double)s->n : 0;
	if (s->pass_is_sent || rate < 1)
		return -1;
	return share * (double)(s->pass ? s->n - s->counts.answers : s->n) / rate;
}

/* Columns of the terminal on stderr. */
static int columns(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

void probe_print_progress(const struct probe_printer *t, bool is_line)
{
	const struct sonde_scan *s = t->scan;
	double left = probe_seconds_left(t);
	char line[256], ends[32] = "";
	if (left >= 0)
		snprintf(ends, sizeof ends, ", %.0f s left", left);
	snprintf(line, sizeof line, "pass %u: %.1f %%%s, %llu answered, %.0f a second, %llu sent", s->pass + 1,
		 probe_done(t), ends, (unsigned long long)s->counts.answers, probe_rate(t),
		 (unsigned long long)s->counts.sent);
	if (is_line)
		fprintf(stderr, "%s\n", line);
	else
		fprintf(stderr, "\r\033[K%.*s", columns() - 1, line);
}

int probe_print_end(struct probe_printer *t, enum loop_end end, int status)
{
	bool has_progress =
		isatty(STDERR_FILENO) && t->o->verbosity >= 0 && !t->po->live && probe_took(t) > SONDE_S;
	if (has_progress)
		fputs("\r\033[K", stderr);
	status = record_close(t->writer, status);
	probe_print_results(t);
	if (status == STATUS_DONE && t->doubts[SONDE_SCAN_UNSENT] + t->doubts[SONDE_SCAN_UNFINISHED])
		status = STATUS_NOT;
	if (status == STATUS_DONE && t->n_mismatches + t->n_changed + t->n_differences)
		status = STATUS_NOT;
	if (t->o->json)
		probe_json_end(t, end, status);
	if (prints_form(t)) {
		probe_form_end(t, end);
		fflush(stdout);
		print_totals(t);
	}
	json_close(&t->json);
	return status;
}
