#include "tools/read/live.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/file_write.h"
#include "io/link.h"
#include "io/live.h"
#include "io/netlink.h"
#include "packet/pattern.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/read/run.h"

#define FLUSH_NS            (100 * SONDE_MS)
#define FLUSH_COMPRESSED_NS SONDE_S /* each flush begins a compressed frame */
#define LOOK_NS             (500 * SONDE_MS)
#define PATTERN_FILTER_MAX  1000 /* characters */
#define TURN                4096 /* frames of an interface, before signals and the others have their turn */

struct tap {
	struct live *all;
	struct sonde_live *live; /* NULL once the interface is gone */
	uint32_t ifindex;        /* 0: any */
	char name[SONDE_LINK_NAMELEN];
	bool is_down;
	uint32_t number; /* of the interface in the file of -w */
	struct sonde_live_stats stats;
	struct loop_watch watch;
};

struct live {
	struct run_state *run;
	struct loop loop;
	struct loop_timer flush, look;
	sonde_time start; /* since 1970 */
	int status;
	unsigned n, n_left;
	struct tap taps[OPTIONS_IFACE_MAX];
};

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static int fail_unknown(const char *name, const struct sonde_links *links)
{
	char list[600];
	struct sonde_text t = sonde_text(list, sizeof list);
	for (size_t i = 0; i < links->n; i++)
		sonde_text_fmt(&t, "%s%s", i ? ", " : "", links->list[i].name);
	message("-I %s: no such interface; there are %s, and any for all of them", name, list);
	return STATUS_USAGE;
}

/* Its name, or an address of it. */
static const struct sonde_link *find(const struct sonde_links *links, const char *word)
{
	struct sonde_addr a;
	struct sonde_view zone;
	const struct sonde_link *link = sonde_link_by_name(links, word);
	if (link || sonde_addr_parse(&a, &zone, word, strlen(word)) || zone.len)
		return link;
	return sonde_link_by_addr(links, &a);
}

static int choose(struct live *l, const struct options *o, const struct sonde_links *links)
{
	for (unsigned i = 0; i < o->n_ifaces; i++) {
		const char *word = o->ifaces[i];
		bool is_any = strcmp(word, "any") == 0;
		const struct sonde_link *link = is_any ? NULL : find(links, word);
		if (!link && !is_any)
			return fail_unknown(word, links);
		struct tap *t = &l->taps[l->n];
		*t = (struct tap){ .all = l, .ifindex = link ? link->index : 0, .is_down = link && !link->up };
		snprintf(t->name, sizeof t->name, "%s", link ? link->name : "any");
		for (unsigned k = 0; k < l->n; k++)
			if (l->taps[k].ifindex == t->ifindex) {
				message("-I %s: %s is captured already", word, t->name);
				return STATUS_USAGE;
			}
		l->n++;
	}
	return 0;
}

static int choose_taps(struct live *l, const struct options *o)
{
	struct sonde_netlink *netlink;
	struct sonde_links links = { 0 };
	struct sonde_error e;
	int err = sonde_netlink_open(&netlink, &e);
	if (!err)
		err = sonde_links_read(&links, netlink, &e);
	if (err)
		message_error(&e);
	int status = err ? STATUS_SYSTEM : choose(l, o, &links);
	sonde_links_free(&links);
	sonde_netlink_close(netlink);
	return status;
}

/* The user's filter, and what the kernel may leave out by --match. Returns out. */
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

static int open_tap(struct tap *t, const struct read_options *r)
{
	char filter[CAPTURES_FILTER_MAX + PATTERN_FILTER_MAX];
	struct sonde_live_options options = sonde_live_frames(t->ifindex, kernel_filter(filter, sizeof filter, r));
	struct sonde_error e;
	options.promiscuous = true;
	if (r->ring_bytes)
		options.ring_bytes = (uint32_t)r->ring_bytes;
	int err = sonde_live_open(&t->live, &options, &e);
	if (!err)
		return 0;
	message_error(&e);
	return err == SONDE_E_SYNTAX || err == -ENODEV || err == -ENETDOWN ? STATUS_USAGE : STATUS_SYSTEM;
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
	int status = choose_taps(l, s->o);
	for (unsigned i = 0; i < l->n && !status; i++) {
		status = open_tap(&l->taps[i], s->r);
		if (!status)
			status = describe(&l->taps[i], s->copy.writer, s->r);
	}
	l->n_left = l->n;
	return status;
}

void live_close(struct live *l)
{
	if (!l)
		return;
	for (unsigned i = 0; i < l->n; i++)
		sonde_live_close(l->taps[i].live);
	loop_close(&l->loop);
	free(l);
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

static void end_with(struct live *l, int status)
{
	l->status = status;
	loop_stop(&l->loop, LOOP_ERROR);
}

static bool enough(const struct live *l)
{
	return l->run->o->count && l->run->ledger.read >= l->run->o->count;
}

static int write_frame(struct tap *t, struct sonde_record *rec)
{
	struct sonde_error e;
	rec->interface = t->number;
	if (!sonde_writer_put(t->all->run->copy.writer, rec, &e))
		return 0;
	message_error(&e);
	return STATUS_SYSTEM;
}

/* Take up to so many frames. Returns how many there were, or a negated errno with the reason in e. */
static int take_frames(struct tap *t, int most, struct sonde_error *e)
{
	struct live *l = t->all;
	struct sonde_record rec;
	int n = 0, got = 0;
	l->run->iface = t->name;
	while (n < most && !l->status && !enough(l) && (got = sonde_live_next(&rec, t->live, e)) == 1) {
		int status = run_show(l->run, &rec, (struct sonde_id){ SONDE_SPACE_LINK, rec.link });
		if (!status && l->run->copy.writer)
			status = write_frame(t, &rec);
		if (status > 0)
			end_with(l, status);
		n++;
	}
	return got < 0 ? got : n;
}

static void take_statistics(struct tap *t)
{
	struct sonde_error e;
	if (t->live && sonde_live_stats(&t->stats, t->live, &e))
		message_error(&e);
}

/* The interface is gone. The others go on. */
static void lose(struct tap *t, const struct sonde_error *e)
{
	struct live *l = t->all;
	fflush(stdout);
	message("%s: %s", t->name, e->what);
	take_statistics(t);
	loop_remove(&l->loop, &t->watch);
	sonde_live_close(t->live);
	t->live = NULL;
	if (--l->n_left == 0)
		loop_stop(&l->loop, LOOP_ERROR);
}

static void on_frames(void *arg, uint32_t events)
{
	struct tap *t = arg;
	struct live *l = t->all;
	struct sonde_error e = { 0 };
	(void)events;
	int n = take_frames(t, TURN, &e);
	if (n < 0)
		lose(t, &e);
	if (n < TURN)
		fflush(stdout);
	if (enough(l))
		loop_stop(&l->loop, LOOP_COMPLETE);
	const struct sonde_writer *w = l->run->copy.writer;
	if (w && !l->flush.set)
		loop_set(&l->loop, &l->flush,
			 sonde_clock_monotonic() + (sonde_writer_is_compressed(w) ? FLUSH_COMPRESSED_NS : FLUSH_NS));
}

/* --- Timers ------------------------------------------------------------------------------------------------------- */

static void flush(void *arg)
{
	struct live *l = arg;
	struct sonde_error e;
	if (!sonde_writer_flush(l->run->copy.writer, &e))
		return;
	message_error(&e);
	end_with(l, STATUS_SYSTEM);
}

/* Tell what became of the interface. */
static void look_at(struct tap *t)
{
	struct sonde_live_state now;
	if (!t->live || !t->ifindex || sonde_live_look(&now, t->live))
		return;
	if (strcmp(now.name, t->name) != 0) {
		message("%s is called %s now", t->name, now.name);
		memcpy(t->name, now.name, sizeof t->name);
	}
	if (now.up == t->is_down)
		message("%s is %s", t->name, now.up ? "up again" : "down; the capture goes on when it is up");
	t->is_down = !now.up;
}

static void look(void *arg)
{
	struct live *l = arg;
	for (unsigned i = 0; i < l->n; i++) {
		look_at(&l->taps[i]);
		take_statistics(&l->taps[i]); /* before the kernel's counters run over */
	}
	loop_set(&l->loop, &l->look, sonde_clock_monotonic() + LOOK_NS);
}

/* --- The end ------------------------------------------------------------------------------------------------------ */

/* What was captured when the run ended still lies in the rings, the last of it for the time of a block. */
static void drain(struct live *l)
{
	struct sonde_error e;
	for (unsigned i = 0; i < l->n; i++)
		if (l->taps[i].live)
			sonde_live_stop(l->taps[i].live);
	sonde_wait(NULL, 0, sonde_clock_monotonic() + 3 * SONDE_LIVE_BLOCK_NS);
	for (unsigned i = 0; i < l->n; i++) {
		if (l->taps[i].live)
			take_frames(&l->taps[i], INT32_MAX, &e);
		take_statistics(&l->taps[i]);
	}
}

static void write_statistics(struct live *l)
{
	struct sonde_writer *w = l->run->copy.writer;
	struct sonde_error e;
	sonde_time now = sonde_clock_real();
	for (unsigned i = 0; i < l->n && w && !l->status; i++) {
		const struct tap *t = &l->taps[i];
		const struct sonde_pcapng_statistics s = {
			.interface = t->number, .time = now, .start = l->start, .end = now,
			.received = UINT64_MAX, .dropped_by_interface = UINT64_MAX,
			.accepted = t->stats.received - t->stats.left_out,
			.dropped_by_kernel = t->stats.dropped_by_kernel, .delivered = t->stats.delivered,
		};
		if (sonde_writer_statistics(w, &s, &e)) {
			message_error(&e);
			l->status = STATUS_SYSTEM;
		}
	}
}

int live_run(struct live *l)
{
	const struct options *o = l->run->o;
	int err = 0;
	l->start = sonde_clock_real();
	l->flush = (struct loop_timer){ .fn = flush, .arg = l };
	l->look = (struct loop_timer){ .fn = look, .arg = l };
	for (unsigned i = 0; i < l->n && !err; i++) {
		struct tap *t = &l->taps[i];
		t->watch = (struct loop_watch){
			.fd = sonde_live_fd(t->live), .events = EPOLLIN, .fn = on_frames, .arg = t };
		err = loop_add(&l->loop, &t->watch);
	}
	if (err) {
		message_code(err, "cannot begin");
		return STATUS_SYSTEM;
	}
	look(l);
	if (o->deadline_ns >= 0)
		loop_limit(&l->loop, sonde_clock_monotonic() + o->deadline_ns);
	l->run->end = loop_run(&l->loop);
	drain(l);
	write_statistics(l);
	return l->status ? l->status : l->n_left < l->n ? STATUS_NOT : 0;
}

/* --- Counts ------------------------------------------------------------------------------------------------------- */

void live_print(FILE *out, const struct live *l, bool all)
{
	for (unsigned i = 0; i < l->n; i++) {
		const struct tap *t = &l->taps[i];
		const struct sonde_live_stats *s = &t->stats;
		if (!all && !s->dropped_by_kernel)
			continue;
		fprintf(out, "%s: %" PRIu64 " received, %" PRIu64 " dropped by the kernel%s\n", t->name,
			s->received - s->left_out, s->dropped_by_kernel,
			s->dropped_by_kernel ? " (a larger --ring takes longer bursts)" : "");
	}
}

void live_json(struct json *j, const struct live *l)
{
	json_array(j, "interfaces");
	for (unsigned i = 0; i < l->n; i++) {
		const struct tap *t = &l->taps[i];
		json_object(j, NULL);
		json_str(j, "iface", t->name);
		json_uint(j, "received", t->stats.received - t->stats.left_out);
		json_uint(j, "dropped", t->stats.dropped_by_kernel);
		json_uint(j, "delivered", t->stats.delivered);
		json_object_end(j);
	}
	json_array_end(j);
}
