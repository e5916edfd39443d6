#include "tools/common/taps.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/link.h"
#include "io/netlink.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define LOOK_NS (500 * SONDE_MS)
#define TURN    4096 /* frames of an interface, before signals and the others have their turn */

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

static int choose_from(struct taps *all, const struct options *o, const struct sonde_links *links)
{
	for (unsigned i = 0; i < o->n_ifaces; i++) {
		const char *word = o->ifaces[i];
		bool is_any = strcmp(word, "any") == 0;
		const struct sonde_link *link = is_any ? NULL : find(links, word);
		if (!link && !is_any)
			return fail_unknown(word, links);
		struct tap *t = &all->list[all->n];
		*t = (struct tap){ .all = all, .ifindex = link ? link->index : 0, .is_down = link && !link->up };
		snprintf(t->name, sizeof t->name, "%s", link ? link->name : "any");
		for (unsigned k = 0; k < all->n; k++)
			if (all->list[k].ifindex == t->ifindex) {
				message("-I %s: %s is captured already", word, t->name);
				return STATUS_USAGE;
			}
		all->n++;
	}
	return 0;
}

static int choose(struct taps *all, const struct options *o)
{
	struct sonde_netlink *netlink;
	struct sonde_links links = { 0 };
	struct sonde_error e;
	int err = sonde_netlink_open(&netlink, &e);
	if (!err)
		err = sonde_links_read(&links, netlink, &e);
	if (err)
		message_error(&e);
	int status = err ? STATUS_SYSTEM : choose_from(all, o, &links);
	sonde_links_free(&links);
	sonde_netlink_close(netlink);
	return status;
}

static int open_tap(struct tap *t, const char *filter, uint64_t ring_bytes)
{
	struct sonde_live_options options = sonde_live_frames(t->ifindex, filter);
	struct sonde_error e;
	options.promiscuous = true;
	if (ring_bytes)
		options.ring_bytes = (uint32_t)ring_bytes;
	int err = sonde_live_open(&t->live, &options, &e);
	if (!err)
		return 0;
	message_error(&e);
	return err == SONDE_E_SYNTAX || err == -ENODEV || err == -ENETDOWN ? STATUS_USAGE : STATUS_SYSTEM;
}

int taps_open(struct taps *t, const struct options *o, const char *filter, uint64_t ring_bytes)
{
	*t = (struct taps){ 0 };
	int status = choose(t, o);
	for (unsigned i = 0; i < t->n && !status; i++)
		status = open_tap(&t->list[i], filter, ring_bytes);
	t->n_left = t->n;
	return status;
}

void taps_close(struct taps *t)
{
	for (unsigned i = 0; i < t->n; i++)
		sonde_live_close(t->list[i].live);
	t->n = 0;
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

void taps_end_with(struct taps *t, int status)
{
	t->status = status;
	loop_stop(t->loop, LOOP_ERROR);
}

static bool enough(const struct taps *all)
{
	return all->taker->enough && all->taker->enough(all->taker->arg);
}

/* Take up to so many frames. Returns how many there were, or a negated errno with the reason in e. */
static int take_frames(struct tap *t, int most, struct sonde_error *e)
{
	struct taps *all = t->all;
	struct sonde_record rec;
	int n = 0, got = 0;
	while (n < most && !all->status && !enough(all) && (got = sonde_live_next(&rec, t->live, e)) == 1) {
		int status = all->taker->take(all->taker->arg, t, &rec);
		if (status)
			taps_end_with(all, status);
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
	struct taps *all = t->all;
	fflush(stdout);
	message("%s: %s", t->name, e->what);
	take_statistics(t);
	loop_remove(all->loop, &t->watch);
	sonde_live_close(t->live);
	t->live = NULL;
	if (--all->n_left == 0)
		loop_stop(all->loop, LOOP_ERROR);
}

/* Returns whether more may wait. */
static bool take_turn(struct tap *t)
{
	struct taps *all = t->all;
	struct sonde_error e = { 0 };
	int n = take_frames(t, TURN, &e);
	if (n < 0)
		lose(t, &e);
	if (enough(all))
		loop_stop(all->loop, LOOP_COMPLETE);
	return n == TURN;
}

static void on_frames(void *arg, uint32_t events)
{
	struct tap *t = arg;
	const struct taps_taker *taker = t->all->taker;
	(void)events;
	bool more = take_turn(t);
	if (taker->taken)
		taker->taken(taker->arg, more);
}

bool taps_read(struct taps *t)
{
	bool more = false;
	for (unsigned i = 0; i < t->n; i++)
		if (t->list[i].live)
			more |= take_turn(&t->list[i]);
	return !more;
}

/* --- What becomes of interfaces ----------------------------------------------------------------------------------- */

static void look_at(struct tap *t)
{
	struct sonde_live_state now;
	if (!t->live || !t->ifindex)
		return;
	if (sonde_live_look(&now, t->live)) {
		/* It went while its end was looked at: the kernel tells that it is down, not that it is gone. */
		take_turn(t);
		return;
	}
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
	struct taps *all = arg;
	for (unsigned i = 0; i < all->n; i++) {
		look_at(&all->list[i]);
		take_statistics(&all->list[i]); /* before the kernel's counters run over */
	}
	loop_set(all->loop, &all->look, sonde_clock_monotonic() + LOOK_NS);
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

/* What was captured when the run ended still lies in the rings, the last of it for the time of a block. */
static void drain(struct taps *all)
{
	struct sonde_error e;
	for (unsigned i = 0; i < all->n; i++)
		if (all->list[i].live)
			sonde_live_stop(all->list[i].live);
	sonde_wait(NULL, 0, sonde_clock_monotonic() + 3 * SONDE_LIVE_BLOCK_NS);
	for (unsigned i = 0; i < all->n; i++) {
		if (all->list[i].live)
			take_frames(&all->list[i], INT32_MAX, &e);
		take_statistics(&all->list[i]);
	}
}

int taps_run(struct taps *t, struct loop *loop, const struct taps_taker *taker, const struct options *o)
{
	int err = 0;
	t->loop = loop;
	t->taker = taker;
	t->look = (struct loop_timer){ .fn = look, .arg = t };
	for (unsigned i = 0; i < t->n && !err; i++) {
		struct tap *tap = &t->list[i];
		tap->watch = (struct loop_watch){
			.fd = sonde_live_fd(tap->live), .events = EPOLLIN, .fn = on_frames, .arg = tap };
		err = loop_add(loop, &tap->watch);
	}
	if (err) {
		message_code(err, "cannot begin");
		return STATUS_SYSTEM;
	}
	look(t);
	if (o->deadline_ns >= 0)
		loop_limit(loop, sonde_clock_monotonic() + o->deadline_ns);
	t->end = loop_run(loop);
	drain(t);
	return t->status ? t->status : t->n_left < t->n ? STATUS_NOT : 0;
}

/* --- Counts ------------------------------------------------------------------------------------------------------- */

void taps_print(FILE *out, const struct taps *all, bool every)
{
	for (unsigned i = 0; i < all->n; i++) {
		const struct tap *t = &all->list[i];
		const struct sonde_live_stats *s = &t->stats;
		if (!every && !s->dropped_by_kernel)
			continue;
		fprintf(out, "%s: %" PRIu64 " received, %" PRIu64 " dropped by the kernel%s\n", t->name,
			s->received - s->left_out, s->dropped_by_kernel,
			s->dropped_by_kernel ? " (a larger --ring takes longer bursts)" : "");
	}
}

void taps_json(struct json *j, const struct taps *all)
{
	json_array(j, "interfaces");
	for (unsigned i = 0; i < all->n; i++) {
		const struct tap *t = &all->list[i];
		json_object(j, NULL);
		json_str(j, "iface", t->name);
		json_uint(j, "received", t->stats.received - t->stats.left_out);
		json_uint(j, "dropped", t->stats.dropped_by_kernel);
		json_uint(j, "delivered", t->stats.delivered);
		json_object_end(j);
	}
	json_array_end(j);
}
