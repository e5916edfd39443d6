#include "tools/common/drive.h"

#include <errno.h>
#include <stdlib.h>

#include "io/clock.h"
#include "io/file_write.h"
#include "io/refusal.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define TURN 32 /* packets that are sent before answers have their turn */

static void fail(struct drive *d, int status)
{
	d->status = status;
	loop_stop(d->loop, LOOP_ERROR);
}

static void hand_out_events(struct drive *d)
{
	struct sonde_event e;
	while (d->engine->ops->next_event(d->engine, &e))
		d->ops->on_event(d->arg, &e);
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

/* Every frame goes into the file of -w, with what the engine says of it (or NULL). */
static int keep_frame(struct drive *d, struct sonde_received *got, const struct sonde_event *e)
{
	const char *ending = e && e->kind == SONDE_EVENT_LATE        ? ", late"
			     : e && e->kind == SONDE_EVENT_DUPLICATE ? ", duplicate"
								     : "";
	char said[RECORD_SAID_LEN];
	if (!d->writer)
		return 0;
	got->record.comment = record_comment(&d->routes, record_verdict(said, e ? e->rule : NULL, ending));
	int status = record_keep(d->writer, sonde_session_iface(d->session, got->ifindex), &got->record);
	d->frame = status ? 0 : sonde_writer_frames(d->writer);
	return status;
}

static int show_frame(struct drive *d, struct sonde_received *got)
{
	struct sonde_engine *engine = d->engine;
	struct sonde_event e;
	bool outbound = got->record.direction == SONDE_OUTBOUND;
	if (!engine->ops->on_outgoing(engine, &got->packet, got->record.time, outbound))
		engine->ops->on_packet(engine, &got->packet, got->record.time);
	bool tells = engine->ops->next_event(engine, &e);
	int status = keep_frame(d, got, tells ? &e : NULL);
	if (!status && tells)
		d->ops->on_event(d->arg, &e);
	d->frame = 0;
	return status;
}

static void take_frames(struct drive *d)
{
	struct sonde_received got;
	struct sonde_error e;
	int n;
	while ((n = sonde_session_next(&got, d->session, &e)) == 1) {
		int status = show_frame(d, &got);
		if (status) {
			fail(d, status);
			return;
		}
		hand_out_events(d);
	}
	if (n == -ENODEV) {
		sonde_fail(&e, n, "the interface %s is gone", sonde_session_iface(d->session, got.ifindex));
		d->ops->on_gone(d->arg, &e);
	} else if (n < 0) {
		message_error(&e);
	}
	if (n < 0)
		fail(d, STATUS_SYSTEM);
}

static void take_answers(struct drive *d)
{
	int got;
	if (!d->way) {
		take_frames(d);
		return;
	}
	while ((got = d->way->next(d->way_arg)) == 1)
		hand_out_events(d);
	if (got < 0) {
		message_code(got, "cannot receive");
		fail(d, STATUS_SYSTEM);
	}
}

/* The last answer ends the run: the timer looks soon, and not only when what was waited for is given up; but not after
 * each answer, for looking walks what is remembered. */
static void on_readable(void *arg, uint32_t events)
{
	struct drive *d = arg;
	sonde_time soon = sonde_clock_monotonic() + SONDE_MS;
	(void)events;
	take_answers(d);
	if (d->timer.set && d->timer.at_ns > soon)
		loop_set(d->loop, &d->timer, soon);
}

static int watch_fds(struct drive *d)
{
	int fds[SONDE_SESSION_FDS];
	unsigned n = d->way ? d->way->fds(d->way_arg, fds) : sonde_session_fds(d->session, fds);
	for (; d->n_watches < n; d->n_watches++) {
		struct loop_watch *w = &d->watches[d->n_watches];
		*w = (struct loop_watch){ .fd = fds[d->n_watches], .events = EPOLLIN, .fn = on_readable, .arg = d };
		int err = loop_add(d->loop, w);
		if (err)
			return err;
	}
	return 0;
}

/* --- Out --------------------------------------------------------------------------------------------------------- */

/* Where not even watching is allowed, no later packet fares better. */
static void take_refusal(struct drive *d, uint64_t id, struct sonde_error *e)
{
	bool barred = e->code == -EPERM && d->n_watches == 0;
	d->ops->on_refused(d->arg, id, e);
	d->engine->ops->on_refused(d->engine, id, e->code);
	if (barred)
		fail(d, STATUS_SYSTEM);
}

static void flush(struct drive *d)
{
	struct sonde_error e = { 0 };
	uint64_t id;
	int err;
	while ((err = sonde_session_flush(&id, d->session, &e)) != 0 && err != -EAGAIN) {
		take_refusal(d, id, &e);
		e = (struct sonde_error){ 0 };
	}
	d->stuck = err == -EAGAIN;
}

static int send_frame(struct drive *d, const struct sonde_plan *plan, const struct sonde_packet *p, uint64_t id,
		      struct sonde_error *e)
{
	struct sonde_view bytes = sonde_view(p->data, p->len);
	record_route(&d->routes, d->writer, plan, p);
	int err = sonde_session_listen(d->session, plan, e);
	if (!err && watch_fds(d))
		err = sonde_fail(e, -EIO, "cannot watch for answers");
	if (!err && (err = sonde_session_queue(d->session, plan, bytes, id, e)) == -EAGAIN) {
		flush(d);
		err = sonde_session_queue(d->session, plan, bytes, id, e);
	}
	if (err == -EAGAIN)
		return sonde_refusal_explain(e, err, 0, p->len);
	if (!err)
		d->engine->ops->on_sent(d->engine, id, p, sonde_clock_real(), SONDE_STAMP_USER);
	return err;
}

/* Returns false when a signal ended the wait for the next hop's address: the loop has to take it. */
static bool send_packet(struct drive *d, struct sonde_packet *p, uint64_t id)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	int err = sonde_session_prepare(&plan, d->session, p, id, &e);
	if (!err && d->way) {
		err = d->way->send(d->way_arg, p, id);
		if (err)
			sonde_refusal_explain(&e, err, 0, p->len);
	} else if (!err) {
		err = send_frame(d, &plan, p, id, &e);
	}
	e.code = err;
	if (err == -ECANCELED)
		d->engine->ops->on_refused(d->engine, id, err);
	else if (err)
		take_refusal(d, id, &e);
	else
		d->ifindex = plan.ifindex;
	return err != -ECANCELED;
}

static bool is_full(const struct drive *d)
{
	return d->stuck || (d->way && d->way->is_full(d->way_arg));
}

/* Returns whether the packet may go; else the run is over, and the packet is not counted as sent. */
static bool lay_over(struct drive *d, struct sonde_packet *p, uint64_t id)
{
	const struct sonde_engine_ops *ops = d->engine->ops;
	if (overlay_apply(d->overlay, p, id, ops->target(d->engine, id)) == 0)
		return true;
	ops->on_refused(d->engine, id, SONDE_E_RANGE);
	fail(d, STATUS_USAGE);
	return false;
}

/* Send what is due, then answers have their turn. */
static void send_due(struct drive *d)
{
	struct sonde_engine *engine = d->engine;
	struct sonde_packet p;
	uint64_t id;
	sonde_packet_init(&p, d->room, SONDE_MAX_FRAME);
	if (d->stuck)
		flush(d);
	for (unsigned i = 0; i < TURN && !d->status && !is_full(d); i++) {
		int got = engine->ops->next_packet(engine, &p, &id, sonde_clock_monotonic());
		if (got == 0)
			break;
		if (got < 0) {
			message_code(got, "cannot build the packet");
			fail(d, STATUS_USAGE);
		} else if (lay_over(d, &p, id) && !send_packet(d, &p, id)) {
			break;
		}
	}
	flush(d);
}

static void on_timer(void *arg)
{
	struct drive *d = arg;
	struct sonde_engine *engine = d->engine;
	send_due(d);
	take_answers(d);
	if (!d->missed && sonde_session_unseen(d->session)) {
		d->missed = true;
		engine->ops->on_missed(engine);
	}
	engine->ops->on_time(engine, sonde_clock_monotonic());
	hand_out_events(d);
	sonde_time next = engine->ops->next_deadline(engine);
	if (next == SONDE_NEVER)
		loop_stop(d->loop, LOOP_COMPLETE);
	else
		loop_set(d->loop, &d->timer, is_full(d) ? sonde_clock_monotonic() + SONDE_MS : next);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

int drive_open(struct drive *d)
{
	d->room = malloc(SONDE_MAX_FRAME);
	if (!d->room)
		return -ENOMEM;
	sonde_session_stop_at(d->session, d->loop->stop_fd);
	d->timer = (struct loop_timer){ .fn = on_timer, .arg = d };
	int err = watch_fds(d);
	if (!err)
		loop_set(d->loop, &d->timer, sonde_clock_monotonic());
	return err;
}

void drive_close(struct drive *d)
{
	record_routes_free(&d->routes);
	free(d->room);
}
