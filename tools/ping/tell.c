#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/show.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/ping/ping.h"

static const char *addr_text(const struct sonde_addr *a)
{
	static char s[SONDE_ADDR_STRLEN];
	return sonde_addr_format(s, a);
}

static double ms(double ns)
{
	return ns / 1e6;
}

static bool talks(const struct ping_teller *t)
{
	bool file = t->o->write && strcmp(t->o->write, "-") == 0;
	return !t->o->json && !file;
}

int ping_tell_begin(struct ping_teller *t, char **argv)
{
	static const char application[] = "sonde " SONDE_VERSION;
	static const char *const kinds[] = { "", " TCP SYN", " UDP", " ARP" };
	struct sonde_error e;
	struct sonde_pcapng_section section = { .application = sonde_view(application, strlen(application)) };
	if (t->o->write && sonde_writer_open(&t->writer, t->o->write, &section, &e)) {
		message_error(&e);
		return STATUS_SYSTEM;
	}
	json_open(&t->json, stdout);
	if (t->o->json)
		summary_run(&t->json, &(struct run){ .cmd = "ping", .argv = argv, .seed = t->o->seed, .time_ns = sonde_clock_real(), .iface = t->o->iface });
	else if (t->one && talks(t))
		printf("PING %s (%s)%s %llu data bytes\n", t->po->targets.first, addr_text(&t->ping->targets[0].addr), kinds[t->po->kind],
		       (unsigned long long)t->po->size);
	fflush(stdout);
	return 0;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static const char *event_type(const struct sonde_event *e)
{
	static const char *const types[] = {
		[SONDE_EVENT_REPLY] = "reply", [SONDE_EVENT_LATE] = "late", [SONDE_EVENT_DUPLICATE] = "duplicate",
		[SONDE_EVENT_ERROR] = "error", [SONDE_EVENT_LOST] = "lost", [SONDE_EVENT_REFUSED] = "error",
	};
	return types[e->kind];
}

static bool has_answer(const struct sonde_event *e)
{
	return e->kind != SONDE_EVENT_LOST && e->kind != SONDE_EVENT_REFUSED;
}

static void json_of_event(struct ping_teller *t, const struct sonde_event *e)
{
	struct json *j = &t->json;
	json_event(j, "ping", event_type(e), sonde_clock_real());
	json_str(j, "target", addr_text(&t->ping->targets[e->target].addr));
	json_uint(j, "seq", e->round + 1);
	if (has_answer(e)) {
		json_int(j, "rtt_ns", e->rtt_ns);
		json_str(j, "clock", e->clock == SONDE_STAMP_KERNEL ? "kernel" : "user");
		json_uint(j, "ttl", e->ttl);
		json_uint(j, "size", e->size);
		json_str(j, "from", addr_text(&e->from));
		json_str(j, "rule", e->rule->name);
	}
	if (e->kind == SONDE_EVENT_ERROR)
		json_str(j, "cause", e->rule->text);
	if (e->kind == SONDE_EVENT_REFUSED)
		json_str(j, "cause", sonde_strerror(e->code));
	json_end(j);
}

static void print_reply(const struct ping_teller *t, const struct sonde_event *e)
{
	static const char *const suffixes[] = { [SONDE_EVENT_REPLY] = "", [SONDE_EVENT_LATE] = " (late)", [SONDE_EVENT_DUPLICATE] = " (duplicate)" };
	const struct sonde_ping_target *target = &t->ping->targets[e->target];
	if (t->one)
		printf("%u bytes from %s: seq=%llu ttl=%u time=%.3f ms%s\n", (unsigned)e->size, addr_text(&e->from),
		       (unsigned long long)e->round + 1, e->ttl, ms((double)e->rtt_ns), suffixes[e->kind]);
	else if (t->o->count == 1 && e->kind == SONDE_EVENT_REPLY)
		printf("%s is alive (%.3f ms)\n", addr_text(&target->addr), ms((double)e->rtt_ns));
	else if (t->o->count != 1)
		printf("%s : [%llu], %u bytes, %.3f ms (%.3f avg, %.0f%% loss)%s\n", addr_text(&target->addr), (unsigned long long)e->round,
		       (unsigned)e->size, ms((double)e->rtt_ns), ms(target->rtt.mean),
		       target->sent ? 100.0 * (double)target->lost / (double)target->sent : 0, suffixes[e->kind]);
}

void ping_tell_event(struct ping_teller *t, const struct sonde_event *e)
{
	if (t->o->json) {
		json_of_event(t, e);
		return;
	}
	if (!talks(t) || t->o->verbosity < 0)
		return;
	const struct sonde_addr *addr = &t->ping->targets[e->target].addr;
	switch (e->kind) {
	case SONDE_EVENT_ERROR:
		printf("From %s: seq=%llu %s (rule %s)\n", addr_text(&e->from), (unsigned long long)e->round + 1, e->rule->text, e->rule->name);
		break;
	case SONDE_EVENT_LOST:
		if (t->one)
			printf("no answer: seq=%llu\n", (unsigned long long)e->round + 1);
		else if (t->o->count == 1)
			printf("%s is unreachable\n", addr_text(addr));
		break;
	case SONDE_EVENT_REFUSED:
		printf("%s: seq=%llu not sent: %s\n", addr_text(addr), (unsigned long long)e->round + 1, sonde_strerror(e->code));
		break;
	default: print_reply(t, e); break;
	}
	fflush(stdout);
}

/* --- Statistics -------------------------------------------------------------------------------------------------- */

static double loss_percent(const struct sonde_ping_target *t)
{
	return t->sent ? 100.0 * (double)t->lost / (double)t->sent : 0;
}

static void json_statistics(struct json *j, const struct sonde_ping_target *t)
{
	json_str(j, "target", addr_text(&t->addr));
	json_uint(j, "sent", t->sent);
	json_uint(j, "received", t->received);
	json_uint(j, "lost", t->lost);
	json_uint(j, "late", t->late);
	json_uint(j, "duplicates", t->duplicates);
	json_uint(j, "errors", t->errors);
	json_uint(j, "send_errors", t->refused);
	if (t->rtt.n == 0)
		return;
	json_int(j, "min_ns", t->rtt.min_ns);
	json_int(j, "avg_ns", (int64_t)llround(t->rtt.mean));
	json_int(j, "max_ns", t->rtt.max_ns);
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

static void print_counts(FILE *out, const struct sonde_ping_target *t)
{
	const struct { uint64_t n; const char *what; } rest[] = {
		{ t->late, "late" }, { t->duplicates, "duplicates" }, { t->errors, "errors" }, { t->refused, "not sent" },
	};
	fprintf(out, "%llu sent, %llu received, %llu lost (%.3g %%)", (unsigned long long)t->sent, (unsigned long long)t->received,
		(unsigned long long)t->lost, loss_percent(t));
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		if (rest[i].n)
			fprintf(out, ", %llu %s", (unsigned long long)rest[i].n, rest[i].what);
}

static void print_one(const struct ping_teller *t)
{
	const struct sonde_ping_target *target = &t->ping->targets[0];
	const struct sonde_histogram *h = &t->ping->histogram;
	printf("\n--- %s ping statistics ---\n", t->po->targets.first);
	print_counts(stdout, target);
	printf(", time %.0f ms\n", ms((double)(sonde_clock_monotonic() - t->began_at)));
	if (target->rtt.n == 0)
		return;
	printf("rtt min/avg/max/stddev = %.3f/%.3f/%.3f/%.3f ms\n", ms((double)target->rtt.min_ns), ms(target->rtt.mean),
	       ms((double)target->rtt.max_ns), ms(sonde_stats_stddev(&target->rtt)));
	printf("p50/p90/p99/p99.9 = %.3f/%.3f/%.3f/%.3f ms, jitter = %.3f ms\n", ms((double)sonde_histogram_quantile(h, 0.5)),
	       ms((double)sonde_histogram_quantile(h, 0.9)), ms((double)sonde_histogram_quantile(h, 0.99)),
	       ms((double)sonde_histogram_quantile(h, 0.999)), ms(target->rtt.jitter_ns));
}

static void print_many(const struct ping_teller *t)
{
	uint64_t alive = 0;
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		const struct sonde_ping_target *target = &t->ping->targets[i];
		alive += target->received > 0;
		if (t->o->count == 1 || t->o->verbosity < 0)
			continue;
		printf("%s : ", addr_text(&target->addr));
		print_counts(stdout, target);
		if (target->rtt.n)
			printf(", min/avg/max = %.3f/%.3f/%.3f ms", ms((double)target->rtt.min_ns), ms(target->rtt.mean), ms((double)target->rtt.max_ns));
		putchar('\n');
	}
	printf("%u targets, %llu alive, %llu unreachable\n", (unsigned)t->ping->n_targets, (unsigned long long)alive,
	       (unsigned long long)(t->ping->n_targets - alive));
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
		printf("%10.3f ms |", ms((double)sonde_histogram_start(o * SONDE_HISTOGRAM_SUB)));
		for (int i = 0; i < (int)((double)octaves[o] / (double)most * width + 0.5); i++)
			putchar('#');
		printf(" %llu\n", (unsigned long long)octaves[o]);
	}
}

void ping_tell_interval(struct ping_teller *t)
{
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		const struct sonde_ping_target *target = &t->ping->targets[i];
		if (t->o->json) {
			json_event(&t->json, "ping", "interval", sonde_clock_real());
			json_statistics(&t->json, target);
			json_end(&t->json);
		} else if (talks(t)) {
			printf("%s : ", addr_text(&target->addr));
			print_counts(stdout, target);
			putchar('\n');
		}
	}
	fflush(stdout);
}

void ping_tell_status(const struct ping_teller *t)
{
	for (uint32_t i = 0; i < t->ping->n_targets && i < 20; i++) {
		fprintf(stderr, "%s: ", addr_text(&t->ping->targets[i].addr));
		print_counts(stderr, &t->ping->targets[i]);
		fputc('\n', stderr);
	}
}

/* What may be missing through our own fault. */
static void print_own_faults(const struct ping_teller *t, uint64_t dropped)
{
	if (t->ping->rejected)
		printf("%llu answers rejected: wrong token or checksum\n", (unsigned long long)t->ping->rejected);
	if (dropped)
		printf("%llu frames dropped by our kernel before they were read: so many answers may be missing\n", (unsigned long long)dropped);
}

static void json_end_of_run(struct ping_teller *t, uint64_t dropped, enum loop_end end, int status)
{
	struct json *j = &t->json;
	for (uint32_t i = 0; i < t->ping->n_targets; i++) {
		json_event(j, "ping", "target", sonde_clock_real());
		json_statistics(j, &t->ping->targets[i]);
		/* One histogram serves all, so quantiles of one target are known when it is the only one. */
		if (t->one && t->ping->histogram.n)
			json_quantiles(j, &t->ping->histogram);
		json_end(j);
	}
	summary_begin(j, "ping", sonde_clock_real());
	json_uint(j, "targets", t->ping->n_targets);
	json_uint(j, "rejected", t->ping->rejected);
	json_uint(j, "unmatched", t->ping->unmatched);
	json_uint(j, "rx_dropped", dropped);
	if (t->ping->histogram.n)
		json_quantiles(j, &t->ping->histogram);
	summary_end(j, end, status);
}

int ping_tell_end(struct ping_teller *t, uint64_t dropped, enum loop_end end, int status)
{
	struct sonde_error e;
	if (sonde_writer_close(t->writer, &e)) {
		message_error(&e);
		status = STATUS_SYSTEM;
	}
	if (t->o->json) {
		json_end_of_run(t, dropped, end, status);
	} else if (talks(t)) {
		if (t->one)
			print_one(t);
		else
			print_many(t);
		if (t->po->histogram)
			print_histogram(&t->ping->histogram);
		print_own_faults(t, dropped);
	}
	json_close(&t->json);
	return status;
}
