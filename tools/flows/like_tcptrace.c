/* TCP flows as the long report of tcptrace, line by line; of round trips the first lines. */
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

/* Between times that are cut to microseconds, as there. */
static void print_span(const char *label, sonde_time from, sonde_time to)
{
	long long us = (long long)(to / SONDE_US - from / SONDE_US), s = us / 1000000;
	printf("\t%-14s %lld:%02lld:%02lld.%06lld\n", label, s / 3600, s / 60 % 60, s % 60, us % 1000000);
}

/* A line has the same of both sides, each with its label. */
static void print_texts(const char *label, const char *a, const char *b, const char *unit)
{
	printf("     %-18s %9s %-5s     %-18s %9s %-5s\n", label, a, unit, label, b, unit);
}

static void print_count(const char *label, uint64_t a, uint64_t b, const char *unit)
{
	char left[24], right[24];
	snprintf(left, sizeof left, "%8" PRIu64, a);
	snprintf(right, sizeof right, "%8" PRIu64, b);
	print_texts(label, left, right, unit);
}

static void print_real(const char *label, double a, double b, int decimals, const char *unit)
{
	char left[40], right[40];
	snprintf(left, sizeof left, "%8.*f", decimals, a);
	snprintf(right, sizeof right, "%8.*f", decimals, b);
	print_texts(label, left, right, unit);
}

static void print_ms(const char *label, double a_ns, double b_ns)
{
	print_real(label, a_ns / 1e6, b_ns / 1e6, 1, "ms");
}

/* What is known of streams that begin with a SYN and end with a FIN. */
static void print_stream(const char *label, bool a_is, uint64_t a, bool b_is, uint64_t b)
{
	char left[24], right[24];
	snprintf(left, sizeof left, "%8" PRIu64, a);
	snprintf(right, sizeof right, "%8" PRIu64, b);
	printf("     %-18s %9s %-5s     %-18s %9s %-5s\n", label, a_is ? left : "NA", a_is ? "bytes" : "", label,
	       b_is ? right : "NA", b_is ? "bytes" : "");
}

/* A side, by both names. */
struct side {
	const struct sonde_report_side *r;
	const struct sonde_flow_details_side *d;
};

static void print_data(const struct side *a, const struct side *b)
{
	print_count("total packets:", a->r->packets, b->r->packets, "");
	if (a->d->resets || b->d->resets)
		print_count("resets sent:", a->d->resets, b->d->resets, "");
	print_count("ack pkts sent:", a->d->acks, b->d->acks, "");
	print_count("pure acks sent:", a->d->pure_acks, b->d->pure_acks, "");
	print_count("sack pkts sent:", a->r->sacks, b->r->sacks, "");
	print_count("dsack pkts sent:", a->r->dsacks, b->r->dsacks, "");
	print_count("max sack blks/ack:", a->d->most_sacks, b->d->most_sacks, "");
	print_count("unique bytes sent:", a->r->unique_bytes, b->r->unique_bytes, "");
	print_count("actual data pkts:", a->r->data_packets, b->r->data_packets, "");
	print_count("actual data bytes:", a->r->seen_bytes, b->r->seen_bytes, "");
	print_count("rexmt data pkts:", a->r->rexmt_packets, b->r->rexmt_packets, "");
	print_count("rexmt data bytes:", a->r->rexmt_bytes + a->r->rexmt_control,
		    b->r->rexmt_bytes + b->r->rexmt_control, "");
	print_count("zwnd probe pkts:", a->r->window_probes, b->r->window_probes, "");
	/* A probe has one byte. */
	print_count("zwnd probe bytes:", a->r->window_probes, b->r->window_probes, "");
	print_count("outoforder pkts:", a->r->out_of_order, b->r->out_of_order, "");
	print_count("pushed data pkts:", a->d->pushed, b->d->pushed, "");
}

/* Options that neither side asked for have no line. */
static void print_options(const struct side *a, const struct side *b)
{
	char left[24], right[24];
	bool both_scale = a->r->has_wscale && b->r->has_wscale;
	bool scales = a->r->has_wscale || b->r->has_wscale, stamps = a->d->has_timestamps || b->d->has_timestamps;
	snprintf(left, sizeof left, "%u/%u", a->d->syns, a->d->fins);
	snprintf(right, sizeof right, "%u/%u", b->d->syns, b->d->fins);
	print_texts("SYN/FIN pkts sent:", left, right, "");
	snprintf(left, sizeof left, "%c/%c", a->r->has_wscale ? 'Y' : 'N', a->d->has_timestamps ? 'Y' : 'N');
	snprintf(right, sizeof right, "%c/%c", b->r->has_wscale ? 'Y' : 'N', b->d->has_timestamps ? 'Y' : 'N');
	if (scales || stamps)
		print_texts("req 1323 ws/ts:", left, right, "");
	if (scales)
		print_count("adv wind scale:", both_scale ? a->r->wscale : 0, both_scale ? b->r->wscale : 0, "");
	if (!a->r->sack_permitted && !b->r->sack_permitted)
		return;
	print_texts("req sack:", a->r->sack_permitted ? "Y" : "N", b->r->sack_permitted ? "Y" : "N", "");
	print_count("sacks sent:", a->r->sacks, b->r->sacks, "");
}

/* As tcptrace divides. */
static uint64_t mean_size(const struct side *s)
{
	return (uint64_t)((double)s->r->seen_bytes / ((double)s->r->data_packets + .001));
}

static uint64_t mean_window(const struct side *s)
{
	return s->d->n_windows ? s->d->window_sum / s->d->n_windows : 0;
}

static void print_sizes(const struct side *a, const struct side *b)
{
	print_count("urgent data pkts:", a->d->urgent, b->d->urgent, "pkts");
	print_count("urgent data bytes:", a->d->urgent_bytes, b->d->urgent_bytes, "bytes");
	print_count("mss requested:", a->r->mss, b->r->mss, "bytes");
	print_count("max segm size:", a->d->most_len, b->d->most_len, "bytes");
	print_count("min segm size:", a->d->least_len, b->d->least_len, "bytes");
	print_count("avg segm size:", mean_size(a), mean_size(b), "bytes");
	print_count("max win adv:", a->d->most_window, b->d->most_window, "bytes");
	print_count("min win adv:", a->d->least_window, b->d->least_window, "bytes");
	print_count("zero win adv:", a->r->zero_windows, b->r->zero_windows, "times");
	print_count("avg win adv:", mean_window(a), mean_window(b), "bytes");
	print_count("max owin:", a->r->max_in_flight, b->r->max_in_flight, "bytes");
	print_count("initial window:", a->d->initial_bytes, b->d->initial_bytes, "bytes");
	print_count("initial window:", a->d->initial_segments, b->d->initial_segments, "pkts");
}

static double seconds(sonde_time from, sonde_time to)
{
	return (double)(to / SONDE_US - from / SONDE_US) / 1e6;
}

static void print_times(const struct side *a, const struct side *b, double elapsed)
{
	bool a_is = a->r->syn && a->r->fin, b_is = b->r->syn && b->r->fin;
	char left[24], right[24];
	print_stream("ttl stream length:", a_is, a->r->bytes, b_is, b->r->bytes);
	print_stream("missed data:", a_is, a->r->bytes - a->r->unique_bytes, b_is, b->r->bytes - b->r->unique_bytes);
	print_count("truncated data:", a->d->cut_bytes, b->d->cut_bytes, "bytes");
	print_count("truncated packets:", a->d->cut, b->d->cut, "pkts");
	print_real("data xmit time:", seconds(a->d->first_data, a->d->last_data),
		   seconds(b->d->first_data, b->d->last_data), 3, "secs");
	snprintf(left, sizeof left, "%8.1f", (double)a->d->longest_idle / 1e6);
	snprintf(right, sizeof right, "%8.1f", (double)b->d->longest_idle / 1e6);
	print_texts("idletime max:", a->d->last ? left : "NA", b->d->last ? right : "NA", "ms");
	if (a->r->rexmt_classes[SONDE_CAPTURED_TWICE] || b->r->rexmt_classes[SONDE_CAPTURED_TWICE])
		print_count("hardware dups:", a->r->rexmt_classes[SONDE_CAPTURED_TWICE],
			    b->r->rexmt_classes[SONDE_CAPTURED_TWICE], "segs");
	if (elapsed > 0)
		print_real("throughput:", (double)a->r->unique_bytes / elapsed, (double)b->r->unique_bytes / elapsed,
			   0, "Bps");
	else
		print_texts("throughput:", "NA", "NA", "");
}

/* Those of option -r there. */
static void print_round_trips(const struct sonde_report_side *a, const struct sonde_report_side *b)
{
	print_count("RTT samples:", a->rtt_samples, b->rtt_samples, "");
	print_ms("RTT min:", (double)a->rtt_min_ns, (double)b->rtt_min_ns);
	print_ms("RTT max:", (double)a->rtt_max_ns, (double)b->rtt_max_ns);
	print_ms("RTT avg:", (double)a->rtt_avg_ns, (double)b->rtt_avg_ns);
	print_ms("RTT stdev:", a->rtt_stddev_ns, b->rtt_stddev_ns);
	print_count("duplicate acks:", b->dup_acks, a->dup_acks, "");
	print_count("triple dupacks:", b->triple_dup_acks, a->triple_dup_acks, "");
}

/* Whether it is whole, and how many sides began and ended it where it is not. */
static void print_completeness(const struct side *a, const struct side *b)
{
	bool reset = a->d->resets || b->d->resets;
	unsigned syns = a->r->syn + b->r->syn, fins = a->r->fin + b->r->fin;
	bool complete = syns == 2 && fins == 2;
	printf("\tcomplete conn: %s", reset ? "RESET" : complete ? "yes" : "no");
	if (!complete)
		printf("\t(SYNs: %u)  (FINs: %u)", syns, fins);
	putchar('\n');
}

static void print_ends(struct flows_printer *p, const struct sonde_flow_report *r, char first[static 16],
		       char second[static 16])
{
	char end[SONDE_ENDPOINT_STRLEN];
	print_letters(first, 2 * p->n_numbered);
	print_letters(second, 2 * p->n_numbered + 1);
	printf("%sTCP connection %" PRIu64 ":\n", p->n_numbered ? "================================\n" : "",
	       p->n_numbered + 1);
	p->n_numbered++;
	printf("\thost %s:%*s%s\n", first, (int)(9 - strlen(first)), "", sonde_endpoint_format(end, &r->orig.end));
	printf("\thost %s:%*s%s\n", second, (int)(9 - strlen(second)), "", sonde_endpoint_format(end, &r->resp.end));
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	static const struct sonde_flow_details none;
	const struct sonde_flow_report *r = &row->r;
	const struct sonde_flow_details *d = r->details ? r->details : &none;
	const struct side a = { &r->orig, &d->sides[r->flipped] }, b = { &r->resp, &d->sides[!r->flipped] };
	char first[16], second[16];
	if (r->proto != 6)
		return;
	print_ends(p, r, first, second);
	print_completeness(&a, &b);
	print_date("first packet:", r->first);
	print_date("last packet:", r->last);
	print_span("elapsed time:", r->first, r->last);
	printf("\ttotal packets: %" PRIu64 "\n", a.r->packets + b.r->packets);
	printf("   %s->%s:\t\t\t      %s->%s:\n", first, second, second, first);
	print_data(&a, &b);
	print_options(&a, &b);
	print_sizes(&a, &b);
	print_times(&a, &b, seconds(r->first, r->last));
	putchar('\n');
	print_round_trips(a.r, b.r);
}

const struct flows_form_row flows_print_tcptrace = { "tcptrace", NULL, print_row, NULL };
