#include "session/drive.h"

#include <errno.h>
#include <stdlib.h>

#include "io/clock.h"
#include "session/drive_state.h"

#define TURN_FRAMES  1024             /* how many frames a turn reads */
#define FEW_FRAMES   16               /* and where events are taken after the turn only: they must not be lost */

static int tell_events(struct sonde_drive *d)
{
	return d->o.on_events ? d->o.on_events(d->o.arg) : 0;
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

static int show_frame(struct sonde_drive *d, struct sonde_received *got)
{
	struct sonde_seen seen = {
		.packet = &got->packet,
		.stamp = got->record.time,
		.outbound = got->record.direction == SONDE_OUTBOUND,
		.number = ++d->n_frames,
	};
	struct sonde_packet whole;
	enum sonde_reassembly state = sonde_session_join(&whole, d->session, got);
	if (state == SONDE_REASSEMBLY_DONE)
		seen.packet = &whole;
	/* A fragment is no answer (RFC 1122, 3.3.2): nothing is known of what is missing. */
	if (state == SONDE_REASSEMBLY_NONE || state == SONDE_REASSEMBLY_DONE)
		d->engine->ops->on_frame(d->engine, &seen);
	bool is_shown = d->o.on_frame && (!got->is_elsewhere || seen.as == SONDE_SEEN_ANSWER);
	int err = is_shown ? d->o.on_frame(d->o.arg, got, &seen) : 0;
	return err ? err : tell_events(d);
}

static int take_frames(struct sonde_drive *d)
{
	struct sonde_received got;
	int n = 1, err = 0;
	for (unsigned i = 0; !err && i < (d->o.on_events ? TURN_FRAMES : FEW_FRAMES) && n == 1; i++) {
		n = sonde_session_next(&got, d->session, d->e);
		if (n == 1)
			err = show_frame(d, &got);
	}
	d->more_frames = n == 1;
	return n < 0 ? n : err;
}

static int take_by_transport(struct sonde_drive *d)
{
	const struct sonde_transport *t = d->o.transport;
	int got, err = 0;
	while (!err && (got = t->take(t->arg)) == 1)
		err = tell_events(d);
	if (!err && got < 0)
		err = sonde_fail(d->e, got, "cannot receive: %s", sonde_strerror(got));
	return err;
}

/* --- Turns ------------------------------------------------------------------------------------------------------- */

/* Before the engine gives packets up, ask whether the kernel dropped copies of outbound frames. */
static void look_for_missed(struct sonde_drive *d)
{
	const sonde_time often = SONDE_MS;
	if (!d->engine->ops->on_missed || d->missed || d->o.transport || d->now < d->unseen_until ||
	    d->engine->ops->next_deadline(d->engine) > d->now)
		return;
	d->unseen_until = d->now + often;
	d->missed = sonde_session_unseen(d->session) > 0;
	if (d->missed)
		d->engine->ops->on_missed(d->engine);
}

/* What came in and was dropped is told soon, so that an engine asks no faster than it can read. */
static void look_for_dropped(struct sonde_drive *d)
{
	const sonde_time often = 5 * SONDE_MS;
	if (!d->engine->ops->on_dropped || d->o.transport || d->now < d->dropped_until)
		return;
	d->dropped_until = d->now + often;
	uint64_t n = sonde_session_dropped(d->session);
	if (n > d->n_dropped)
		d->engine->ops->on_dropped(d->engine, n - d->n_dropped, d->now);
	d->n_dropped = n;
}

int sonde_drive_turn(struct sonde_drive *d, struct sonde_error *e)
{
	struct sonde_engine *engine = d->engine;
	d->e = e;
	if (e)
		*e = (struct sonde_error){ 0 };
	d->now = sonde_clock_monotonic();
	int err = sonde_drive_send_waiting(d);
	if (!err)
		err = sonde_drive_send_due(d);
	/* A frame that is here by now is not late. */
	d->now = sonde_clock_monotonic();
	if (!err)
		err = d->o.transport ? take_by_transport(d) : take_frames(d);
	if (err)
		return err;
	look_for_missed(d);
	look_for_dropped(d);
	engine->ops->on_time(engine, d->now);
	err = tell_events(d);
	if (err)
		return err;
	return engine->ops->next_deadline(engine) != SONDE_NEVER || d->n_waiting || d->full || d->at < d->batch.n ||
	       sonde_session_queued(d->session);
}

sonde_time sonde_drive_deadline(const struct sonde_drive *d)
{
	sonde_time due = d->engine->ops->next_deadline(d->engine);
	sonde_time hops = sonde_session_hops_deadline(d->session);
	if (d->more_frames)
		return d->now;
	/* Results that the forwarder has by then are told. */
	if (sonde_drive_is_full(d) || (sonde_session_queued(d->session) && due > d->now + FULL_NS))
		due = d->now + FULL_NS;
	return due < hops ? due : hops;
}

unsigned sonde_drive_fds(const struct sonde_drive *d, int fds[static SONDE_DRIVE_FDS])
{
	unsigned n = sonde_session_fds(d->session, fds);
	return d->o.transport ? n + d->o.transport->fds(d->o.transport->arg, fds + n) : n;
}

void sonde_drive_wait(struct sonde_drive *d, sonde_time until)
{
	int fds[SONDE_DRIVE_FDS];
	struct sonde_wait waits[SONDE_DRIVE_FDS];
	unsigned n = sonde_drive_fds(d, fds);
	sonde_time deadline = sonde_drive_deadline(d);
	for (unsigned i = 0; i < n; i++)
		waits[i] = (struct sonde_wait){ .fd = fds[i] };
	sonde_wait(waits, n, deadline < until ? deadline : until);
}

/* --- Beginning and end ------------------------------------------------------------------------------------------- */

int sonde_drive_open(struct sonde_drive **out, struct sonde_session *s, struct sonde_engine *engine,
		     const struct sonde_drive_options *o)
{
	struct sonde_drive *d = calloc(1, sizeof *d);
	*out = NULL;
	if (!d)
		return -ENOMEM;
	d->room = malloc(SONDE_MAX_FRAME);
	d->batch.stamped = malloc(SONDE_BATCH * SONDE_BATCH_FRAME);
	d->fragment = malloc(SONDE_MAX_FRAME);
	if (!d->room || !d->fragment || !d->batch.stamped) {
		sonde_drive_close(d);
		return -ENOMEM;
	}
	d->engine = engine;
	d->session = s;
	d->batch.packet = &d->packet;
	if (o)
		d->o = *o;
	*out = d;
	return 0;
}

static void give_up(struct sonde_drive *d, struct waiting_list *list)
{
	for (struct waiting *w = list->first, *next; w; w = next) {
		d->engine->ops->on_refused(d->engine, w->id, -ECANCELED);
		next = w->next;
		free(w);
	}
	list->first = NULL;
}

void sonde_drive_stop(struct sonde_drive *d)
{
	for (uint32_t hop = 0; hop < d->n_hops; hop++)
		give_up(d, &d->by_hop[hop]);
	give_up(d, &d->ready);
	d->n_waiting = 0;
}

void sonde_drive_close(struct sonde_drive *d)
{
	if (!d)
		return;
	sonde_drive_stop(d);
	free(d->by_hop);
	free(d->batch.stamped);
	free(d->fragment);
	free(d->room);
	free(d);
}
