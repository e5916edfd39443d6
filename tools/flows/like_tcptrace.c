/* TCP flows as the long report of tcptrace: those of its lines that are counted here. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/span.h"
#include "tools/flows/flows.h"

/* Its names of hosts: a to z, aa to zz, ... */
static void print_letters(char out[static 16], uint64_t n)
{
	char back[16];
	unsigned len = 0, at = 0;
	for (n++; n && len < sizeof back; n = (n - 1) / 26)
		back[len++] = (char)('a' + (n - 1) % 26);
	while (len)
		out[at++] = back[--len];
	out[at] = 0;
}

static void print_date(const char *label, sonde_time t)
{
	char date[40], year[8];
	time_t seconds = (time_t)(t / SONDE_S);
	struct tm tm;
	localtime_r(&seconds, &tm);
	strftime(date, sizeof date, "%a %b %e %H:%M:%S", &tm);
	strftime(year, sizeof year, "%Y", &tm);
	printf("\t%-14s %s.%06lld %s\n", label, date, (long long)(t % SONDE_S / SONDE_US), year);
}

static void print_span(const char *label, sonde_time t)
{
	long long us = (long long)(t / SONDE_US), s = us / 1000000;
	printf("\t%-14s %lld:%02lld:%02lld.%06lld\n", label, s / 3600, s / 60 % 60, s % 60, us % 1000000);
}

static void print_count(const char *label, uint64_t a, uint64_t b, const char *unit)
{
	printf("     %-17s %12" PRIu64 " %-5s      %-17s %12" PRIu64 " %-5s\n", label, a, unit, label, b, unit);
}

static void print_ms(const char *label, double a, double b)
{
	printf("     %-17s %12.1f ms         %-17s %12.1f ms   \n", label, a / 1e6, label, b / 1e6);
}

static void print_flags(const char *label, const char *a, const char *b)
{
	printf("     %-17s %12s            %-17s %12s      \n", label, a, label, b);
}

static uint64_t rate(const struct sonde_report_side *s, sonde_time elapsed)
{
	return elapsed > 0 ? (uint64_t)((double)s->unique_bytes * 1e9 / (double)elapsed) : 0;
}

static void print_data(const struct sonde_report_side *a, const struct sonde_report_side *b)
{
	print_count("total packets:", a->packets, b->packets, "");
	print_count("sack pkts sent:", a->sacks, b->sacks, "");
	print_count("dsack pkts sent:", a->dsacks, b->dsacks, "");
	print_count("unique bytes sent:", a->unique_bytes, b->unique_bytes, "");
	print_count("actual data pkts:", a->data_packets, b->data_packets, "");
	print_count("actual data bytes:", a->seen_bytes, b->seen_bytes, "");
	print_count("rexmt data pkts:", a->rexmt_packets, b->rexmt_packets, "");
	print_count("rexmt data bytes:", a->rexmt_bytes + a->rexmt_control, b->rexmt_bytes + b->rexmt_control, "");
	print_count("zwnd probe pkts:", a->window_probes, b->window_probes, "");
	print_count("outoforder pkts:", a->out_of_order, b->out_of_order, "");
}

static void print_options(const struct sonde_report_side *a, const struct sonde_report_side *b)
{
	char left[8], right[8];
	snprintf(left, sizeof left, "%d/%d", a->syn, a->fin);
	snprintf(right, sizeof right, "%d/%d", b->syn, b->fin);
	print_flags("SYN/FIN sent:", left, right);
	print_flags("req sack:", a->sack_permitted ? "Y" : "N", b->sack_permitted ? "Y" : "N");
	print_count("adv wind scale:", a->wscale, b->wscale, "");
	print_count("mss requested:", a->mss, b->mss, "bytes");
	print_count("max owin:", a->max_in_flight, b->max_in_flight, "bytes");
	print_count("zero win adv:", a->zero_windows, b->zero_windows, "times");
}

static void print_end(const struct sonde_report_side *a, const struct sonde_report_side *b, sonde_time elapsed)
{
	print_count("ttl stream length:", a->bytes, b->bytes, "bytes");
	print_count("missed data:", a->bytes - a->unique_bytes, b->bytes - b->unique_bytes, "bytes");
	print_count("throughput:", rate(a, elapsed), rate(b, elapsed), "Bps");
	print_count("RTT samples:", a->rtt_samples, b->rtt_samples, "");
	print_ms("RTT min:", (double)a->rtt_min_ns, (double)b->rtt_min_ns);
	print_ms("RTT max:", (double)a->rtt_max_ns, (double)b->rtt_max_ns);
	print_ms("RTT avg:", (double)a->rtt_avg_ns, (double)b->rtt_avg_ns);
	print_ms("RTT stdev:", a->rtt_stddev_ns, b->rtt_stddev_ns);
	print_count("triple dupacks:", b->triple_dup_acks, a->triple_dup_acks, "");
	print_count("duplicate acks:", b->dup_acks, a->dup_acks, "");
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	const struct sonde_report_side *a = &r->orig, *b = &r->resp;
	char end[SONDE_ENDPOINT_STRLEN], first[16], second[16];
	bool reset = a->state == SONDE_TCP_RESET || b->state == SONDE_TCP_RESET;
	bool complete = a->syn && b->syn && a->fin && b->fin;
	if (r->proto != 6)
		return;
	print_letters(first, 2 * p->n_numbered);
	print_letters(second, 2 * p->n_numbered + 1);
	printf("%sTCP connection %" PRIu64 ":\n", p->n_numbered ? "================================\n" : "",
	       p->n_numbered + 1);
	p->n_numbered++;
	printf("\thost %s:%*s%s\n", first, (int)(8 - strlen(first)), "", sonde_endpoint_format(end, &a->end));
	printf("\thost %s:%*s%s\n", second, (int)(8 - strlen(second)), "", sonde_endpoint_format(end, &b->end));
	printf("\tcomplete conn: %s\n", reset ? "RESET" : complete ? "yes" : "no");
	print_date("first packet:", r->first);
	print_date("last packet:", r->last);
	print_span("elapsed time:", sonde_time_since(r->last, r->first));
	printf("\ttotal packets: %" PRIu64 "\n", a->packets + b->packets);
	printf("   %s->%s:%*s%s->%s:\n", first, second, 42 - (int)(strlen(first) + strlen(second)), "", second, first);
	print_data(a, b);
	print_options(a, b);
	print_end(a, b, sonde_time_since(r->last, r->first));
}

const struct flows_form_row flows_print_tcptrace = { "tcptrace", NULL, print_row, NULL };
