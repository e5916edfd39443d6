#include <math.h>

#include "io/clock.h"
#include "tools/common/colour.h"
#include "tools/common/figures.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/ping/ping.h"

void ping_json_counts(struct json *j, const struct sonde_ping_target *t)
{
	json_uint(j, "sent", t->sent);
	json_uint(j, "received", t->received);
	json_uint(j, "lost", t->lost);
	json_uint(j, "pending", sonde_ping_pending(t));
	json_uint(j, "late", t->late);
	json_uint(j, "duplicates", t->duplicates);
	json_uint(j, "altered", t->altered);
	json_uint(j, "errors", t->errors);
	json_uint(j, "send_errors", t->refused);
	json_uint(j, "dropped", t->dropped);
	if (t->rtt.n == 0)
		return;
	json_int(j, "min_ns", t->rtt.min_ns);
	json_int(j, "avg_ns", (int64_t)llround(t->rtt.mean));
	json_int(j, "max_ns", t->rtt.max_ns);
}

static void json_statistics(struct ping_printer *printer, uint32_t i)
{
	const struct sonde_ping_target *t = &printer->ping->targets[i];
	struct json *j = &printer->json;
	ping_json_target(printer, i);
	ping_json_counts(j, t);
	if (t->hop_ns)
		json_int(j, "arp_ns", t->hop_ns);
	if (t->rtt.n == 0)
		return;
	json_int(j, "stddev_ns", (int64_t)llround(sonde_stats_stddev(&t->rtt)));
	json_int(j, "jitter_ns", (int64_t)llround(t->rtt.jitter_ns));
}

static void json_quantiles(struct json *j, const struct sonde_histogram *h)
{
	json_int(j, "p50_ns", sonde_histogram_quantile(h, 0.5));
	json_int(j, "p90_ns", sonde_histogram_quantile(h, 0.9));
	json_int(j, "p99_ns", sonde_histogram_quantile(h, 0.99));
	json_int(j, "p999_ns", sonde_histogram_quantile(h, 0.999));
}

static double quantile_ms(const struct sonde_histogram *h, double share)
{
	return figures_ms((double)sonde_histogram_quantile(h, share));
}

/* "N what (share %)", the share left out where there is nothing that it is of. */
static void print_share(FILE *out, uint64_t n, const char *what, uint64_t whole)
{
	enum colour colour = n ? COLOUR_BAD : COLOUR_NONE;
	fprintf(out, ", %s%llu %s", colour_begin(out, colour), (unsigned long long)n, what);
	if (whole)
		fprintf(out, " (%.3g %%)", figures_percent(n, whole));
	fputs(colour_end(out, colour), out);
}

/* Lost is a share of the answers that were due by now; what did not leave is one of all packets of the run. */
static void print_counts(FILE *out, const struct sonde_ping_target *t)
{
	const struct figure rest[] = {
		{ sonde_ping_pending(t), "pending" },
		{ t->late, "late" },
		{ t->duplicates, "duplicates" },
		{ t->altered, "altered" },
		{ t->errors, "errors" },
	};
	uint64_t due = t->received + t->lost, all = t->sent + t->refused + t->dropped;
	fprintf(out, "%llu sent, %llu received", (unsigned long long)t->sent, (unsigned long long)t->received);
	print_share(out, t->lost, "lost", due);
	figures_print(out, ", ", rest, sizeof rest / sizeof *rest);
	if (t->refused)
		print_share(out, t->refused, "not sent", all);
	if (t->dropped)
		print_share(out, t->dropped, "never left", all);
}

static void print_one(const struct ping_printer *t)
{
	const struct sonde_ping_target *target = &t->ping->targets[0];
	const struct sonde_histogram *h = &t->ping->histogram;
	printf("\n--- %s ping statistics ---\n", ping_title(t));
	print_counts(stdout, target);
	printf(", time %.0f ms\n", figures_ms((double)(sonde_clock_monotonic() - t->began_at)));
	if (target->hop_ns)
		printf("%s = %.3f ms, waited for the next hop's address before the packet left, and not in the times\n",
		       target->addr.family == SONDE_IP6 ? "nd" : "arp", figures_ms((double)target->hop_ns));
	if (target->rtt.n == 0)
		return;
	printf("rtt min/avg/max/stddev = %.3f/%.3f/%.3f/%.3f ms\n", figures_ms((double)target->rtt.min_ns),
	       figures_ms(target->rtt.mean), figures_ms((double)target->rtt.max_ns),
	       figures_ms(sonde_stats_stddev(&target->rtt)));
	printf("p50/p90/p99/p99.9 = %.3f/%.3f/%.3f/%.3f ms, jitter = %.3f ms\n", quantile_ms(h, 0.5),
	       quantile_ms(h, 0.9), quantile_ms(h, 0.99), quantile_ms(h, 0.999), figures_ms(target->rtt.jitter_ns));
}

/* The counts of all targets, and the least, mean and greatest of all times. */
static struct sonde_ping_target total_of(const struct sonde_ping *ping)
{
	struct sonde_ping_target total = { 0 };
	struct sonde_stats *all = &total.rtt;
	for (uint32_t i = 0; i < ping->n_targets; i++) {
		const struct sonde_ping_target *t = &ping->targets[i];
		total.sent += t->sent;
		total.received += t->received;
		total.lost += t->lost;
		total.late += t->late;
		total.duplicates += t->duplicates;
		total.altered += t->altered;
		total.errors += t->errors;
		total.refused += t->refused;
		total.dropped += t->dropped;
		if (t->rtt.n == 0)
			continue;
		all->min_ns = all->n && all->min_ns < t->rtt.min_ns ? all->min_ns : t->rtt.min_ns;
		all->max_ns = all->max_ns > t->rtt.max_ns ? all->max_ns : t->rtt.max_ns;
		all->n += t->rtt.n;
		all->mean += (t->rtt.mean - all->mean) * (double)t->rtt.n / (double)all->n;
	}
	return total;
}

void ping_print_counts(const struct sonde_ping_target *t)
{
	print_counts(stdout, t);
	if (t->rtt.n)
		printf(", min/avg/max = %.3f/%.3f/%.3f ms", figures_ms((double)t->rtt.min_ns),
		       figures_ms(t->rtt.mean), figures_ms((double)t->rtt.max_ns));
	putchar('\n');
}

static void print_many(const struct ping_printer *t)
{
	struct sonde_ping_target total = total_of(t->ping);
	uint64_t alive = 0, pending = 0;
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		const struct sonde_ping_target *target = &t->ping->targets[i];
		alive += target->received > 0;
		pending += target->received == 0 && target->lost == 0 && sonde_ping_pending(target);
		if (t->o->count == 1 || t->o->verbosity < 0)
			continue;
		printf("%s : ", ping_asked(t, i));
		ping_print_counts(target);
	}
	const struct figure rest[] = { { pending, "pending" }, { t->po->targets.n_unresolved, "unresolved" } };
	printf("%u targets, %llu alive, %llu unreachable", (unsigned)t->ping->n_targets, (unsigned long long)alive,
	       (unsigned long long)(t->ping->n_targets - alive - pending));
	figures_print(stdout, ", ", rest, 2);
	printf("\nall: ");
	ping_print_counts(&total);
}

/* Bars of all octaves that have samples. */
static void print_histogram(const struct sonde_histogram *h)
{
	uint64_t octaves[SONDE_HISTOGRAM_OCTAVES] = { 0 }, most = 0;
	const int width = 50;
	for (unsigned b = 0; b < SONDE_HISTOGRAM_OCTAVES * SONDE_HISTOGRAM_SUB; b++) {
		octaves[b / SONDE_HISTOGRAM_SUB] += h->counts[b];
		if (octaves[b / SONDE_HISTOGRAM_SUB] > most)
			most = octaves[b / SONDE_HISTOGRAM_SUB];
	}
	for (unsigned o = 0; o < SONDE_HISTOGRAM_OCTAVES; o++) {
		if (!octaves[o])
			continue;
		printf("%10.3f ms |", figures_ms((double)sonde_histogram_start(o * SONDE_HISTOGRAM_SUB)));
		for (int i = 0; i < (int)((double)octaves[o] / (double)most * width + 0.5); i++)
			putchar('#');
		printf(" %llu\n", (unsigned long long)octaves[o]);
	}
}

void ping_print_interval(struct ping_printer *t)
{
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		const struct sonde_ping_target *target = &t->ping->targets[i];
		if (t->o->json) {
			json_event(&t->json, "ping", "interval", sonde_clock_real());
			json_statistics(t, i);
			json_end(&t->json);
		} else if (ping_prints_text(t)) {
			printf("%s : ", ping_asked(t, i));
			print_counts(stdout, target);
			putchar('\n');
		}
	}
	fflush(stdout);
}

void ping_print_status(const struct ping_printer *t)
{
	for (uint32_t i = 0; i < t->ping->n_targets && i < 20; i++) {
		fprintf(stderr, "%s: ", ping_asked(t, i));
		print_counts(stderr, &t->ping->targets[i]);
		fputc('\n', stderr);
	}
}

static void json_end_of_run(struct ping_printer *t, enum loop_end end, int status)
{
	struct json *j = &t->json;
	struct sonde_ping_target total = total_of(t->ping);
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		json_event(j, "ping", "target", sonde_clock_real());
		json_statistics(t, i);
		if (t->ping->target_histograms && t->ping->target_histograms[i].n)
			json_quantiles(j, &t->ping->target_histograms[i]);
		json_end(j);
	}
	ping_sizes_json(j, t->sizes);
	summary_begin(j, "ping", sonde_clock_real());
	json_uint(j, "targets", t->ping->n_targets);
	json_uint(j, "unresolved", t->po->targets.n_unresolved);
	ping_json_counts(j, &total);
	ping_faults_json(j, t->faults, t->ping);
	if (t->ping->histogram.n)
		json_quantiles(j, &t->ping->histogram);
	summary_end(j, end, status);
}

int ping_print_end(struct ping_printer *t, enum loop_end end, int status)
{
	status = record_close(t->writer, status);
	if (t->o->json) {
		json_end_of_run(t, end, status);
	} else if (ping_prints_text(t)) {
		if (t->one)
			print_one(t);
		else
			print_many(t);
		ping_sizes_print(t->sizes);
		if (t->po->histogram)
			print_histogram(&t->ping->histogram);
		ping_faults_print(t->faults, t->ping);
	}
	json_close(&t->json);
	return status;
}
