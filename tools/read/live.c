#include "tools/read/live.h"

#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/file_write.h"
#include "packet/pattern.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/taps.h"
#include "tools/read/run.h"

#define FLUSH_NS            (100 * SONDE_MS)
#define PATTERN_FILTER_MAX  1000 /* characters */
#define FLUSH_COMPRESSED_NS SONDE_S /* each flush begins a compressed frame */

struct live {
	struct run_state *run;
	struct loop loop;
	struct loop_timer flush;
	sonde_time start; /* since 1970 */
	struct taps taps;
};

/* --- Opening ------------------------------------------------------------------------------------------------------ */

/* The user's filter, and what the kernel may leave out by --match. Returns out, or the user's alone. */
static const char *kernel_filter(char *out, size_t size, const struct read_options *r)
{
	char pattern[PATTERN_FILTER_MAX];
	struct sonde_text own = sonde_text(pattern, sizeof pattern), t = sonde_text(out, size);
	if (r->matches)
		sonde_pattern_filter(&own, &r->match);
	if (own.len == 0 || !sonde_text_fits(&own))
		return r->captures.filter_text;
	sonde_text_fmt(&t, r->captures.filter_len ? "(%s) and %s" : "%s%s", r->captures.filter_text, pattern);
	return out;
}

/* Each interface is described in the file, also one on which nothing passes. */
static int describe(struct tap *t, struct sonde_writer *w, const struct read_options *r)
{
	struct sonde_error e;
	const struct sonde_pcapng_interface i = {
		.name = sonde_view(t->name, strlen(t->name)),
		.filter = sonde_view(r->captures.filter_text, r->captures.filter_len),
		.link = sonde_live_link(t->live),
	};
	if (!w || !sonde_writer_interface(&t->number, w, &i, &e))
		return 0;
	message_error(&e);
	return STATUS_SYSTEM;
}

int live_open(struct live **out, struct run_state *s)
{
	struct live *l = *out = calloc(1, sizeof *l);
	if (!l)
		return message_out_of_memory();
	l->run = s;
	int err = loop_open(&l->loop);
	if (err) {
		message_code(err, "cannot begin");
		free(l);
		*out = NULL;
		return STATUS_SYSTEM;
	}
	char filter[CAPTURES_FILTER_MAX + PATTERN_FILTER_MAX];
	int status = taps_open(&l->taps, s->o, kernel_filter(filter, sizeof filter, s->r), s->r->ring_bytes);
	for (unsigned i = 0; i < l->taps.n && !status; i++)
		status = describe(&l->taps.list[i], s->copy.writer, s->r);
	return status;
}

void live_close(struct live *l)
{
	if (!l)
		return;
	taps_close(&l->taps);
	loop_close(&l->loop);
	free(l);
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

static bool enough(void *arg)
{
	const struct live *l = arg;
	return l->run->o->count && l->run->ledger.read >= l->run->o->count;
}

static int write_frame(struct live *l, const struct tap *t, struct sonde_record *rec)
{
	struct sonde_error e;
	rec->interface = t->number;
	if (!sonde_writer_put(l->run->copy.writer, rec, &e))
		return 0;
	message_error(&e);
	return STATUS_SYSTEM;
}

static int take(void *arg, struct tap *t, struct sonde_record *rec)
{
	struct live *l = arg;
	l->run->iface = t->name;
	int status = run_show(l->run, rec, (struct sonde_id){ SONDE_SPACE_LINK, rec->link });
	if (status == RUN_LEFT_OUT)
		return 0;
	return status || !l->run->copy.writer ? status : write_frame(l, t, rec);
}

static void taken(void *arg, bool more)
{
	struct live *l = arg;
	const struct sonde_writer *w = l->run->copy.writer;
	if (!more)
		fflush(stdout);
	if (w && !l->flush.set)
		loop_set(&l->loop, &l->flush,
			 sonde_clock_monotonic() + (sonde_writer_is_compressed(w) ? FLUSH_COMPRESSED_NS : FLUSH_NS));
}

static void flush(void *arg)
{
	struct live *l = arg;
	struct sonde_error e;
	if (!sonde_writer_flush(l->run->copy.writer, &e))
		return;
	message_error(&e);
	taps_end_with(&l->taps, STATUS_SYSTEM);
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

/* Returns 0 or an exit status after a message. */
static int write_statistics(struct live *l)
{
	struct sonde_writer *w = l->run->copy.writer;
	struct sonde_error e;
	sonde_time now = sonde_clock_real();
	for (unsigned i = 0; i < l->taps.n && w; i++) {
		const struct tap *t = &l->taps.list[i];
		const struct sonde_pcapng_statistics s = {
			.interface = t->number, .time = now, .start = l->start, .end = now,
			.received = UINT64_MAX, .dropped_by_interface = UINT64_MAX,
			.accepted = t->stats.received - t->stats.left_out,
			.dropped_by_kernel = t->stats.dropped_by_kernel, .delivered = t->stats.delivered,
		};
		if (!sonde_writer_statistics(w, &s, &e))
			continue;
		message_error(&e);
		return STATUS_SYSTEM;
	}
	return 0;
}

int live_run(struct live *l)
{
	const struct taps_taker taker = { .arg = l, .take = take, .enough = enough, .taken = taken };
	l->start = sonde_clock_real();
	l->flush = (struct loop_timer){ .fn = flush, .arg = l };
	int status = taps_run(&l->taps, &l->loop, &taker, l->run->o);
	l->run->end = l->taps.end;
	int written = status < STATUS_USAGE ? write_statistics(l) : 0;
	return written ? written : status;
}

void live_print(FILE *out, const struct live *l, bool all)
{
	taps_print(out, &l->taps, all);
}

void live_json(struct json *j, const struct live *l)
{
	taps_json(j, &l->taps);
}
