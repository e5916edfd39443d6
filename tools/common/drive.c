#include "tools/common/drive.h"

#include <errno.h>

#include "io/clock.h"
#include "io/file_write.h"
#include "io/privilege.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

/* The broker is for the sandbox, outside of which the command does all itself. */
static int start_broker(struct broker *b, struct sonde_session_options *so, const struct options *o,
			struct sonde_writer *writer)
{
	int status;
	if (so->offline && !writer)
		return 0;
	if (!sandbox_wanted(&status, o))
		return status;
	b->sockets = !so->offline;
	b->broadcast = o->broadcast;
	b->output = writer ? sonde_writer_output(writer) : NULL;
	so->opener = &b->opener;
	return broker_start(b);
}

int session_open(struct sonde_session **out, struct broker *b, const struct sonde_session_options *so,
		 const struct options *o, struct sonde_writer *writer)
{
	struct sonde_session_options served = *so;
	struct sonde_error e = { 0 };
	*out = NULL;
	b->has_raw = sonde_privilege_has_raw();
	int status = start_broker(b, &served, o, writer);
	if (status)
		return status;
	int err = sonde_session_open(out, &served, &e);
	if (!err)
		return 0;
	message_error(&e);
	return err == -ENODEV ? STATUS_USAGE : STATUS_SYSTEM;
}

/* What a hook returns to end the run after a message. */
#define RUN_ENDED (-ECANCELED)

static int end_with(struct drive *d, int status)
{
	d->status = status;
	return status ? RUN_ENDED : 0;
}

/* --- Hooks ------------------------------------------------------------------------------------------------------- */

static int on_built(void *arg, struct sonde_packet *p, uint64_t id, const struct sonde_addr *dst)
{
	struct drive *d = arg;
	int status = d->overlay ? overlay_apply(d->overlay, p, id, dst) : 0;
	if (!status && d->ops->on_built)
		status = d->ops->on_built(d->arg, p, id);
	return end_with(d, status);
}

#define FLUSH_NS (100 * SONDE_MS)

static void flush(void *arg)
{
	struct drive *d = arg;
	struct sonde_error e;
	if (sonde_writer_flush(d->writer, &e) == 0)
		return;
	message_error(&e);
	d->status = STATUS_SYSTEM;
	loop_stop(d->loop, LOOP_ERROR);
}

/* What is written is on disk soon, however the run ends. */
static int record(struct drive *d, const char *iface, const struct sonde_record *r)
{
	if (!d->flush.set)
		loop_set(d->loop, &d->flush, sonde_clock_monotonic() + FLUSH_NS);
	return record_write(d->writer, iface, r);
}

/* Where no frames are captured, the file of -w gets what was handed to the kernel. */
static int record_sent(struct drive *d, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct sonde_record r = { .time = sent->stamp,
				  .bytes = sent->bytes,
				  .wire_len = (uint32_t)sent->bytes.len,
				  .link = sent->packet ? record_link(sent->packet) : SONDE_LINK_RAW,
				  .direction = SONDE_OUTBOUND,
				  .comment = record_comment(&d->routes, "") };
	return record(d, plan->iface, &r);
}

static int on_sent(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct drive *d = arg;
	d->ifindex = plan->ifindex;
	if (d->writer && sent->packet)
		record_route(&d->routes, d->writer, plan, sent->packet);
	int status = d->writer && d->sends_only ? record_sent(d, sent, plan) : 0;
	if (!status && d->ops->on_sent)
		status = d->ops->on_sent(d->arg, sent, plan);
	return end_with(d, status);
}

/* Without privilege, every later packet would be refused, too. With it, a firewall rule dropped this one. */
static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct drive *d = arg;
	bool barred = e->code == -EPERM && !d->broker->has_raw;
	int status = d->ops->on_refused(d->arg, id, e);
	return end_with(d, status ? status : barred ? STATUS_SYSTEM : 0);
}

static int on_frame(void *arg, struct sonde_received *got, const struct sonde_seen *seen)
{
	struct drive *d = arg;
	char said[RECORD_VERDICT_LEN];
	if (!d->writer)
		return 0;
	got->record.comment = record_comment(&d->routes, record_verdict(said, seen->rule, seen->remark));
	return end_with(d, record(d, sonde_session_iface(d->session, got->ifindex), &got->record));
}

static int on_events(void *arg)
{
	struct drive *d = arg;
	d->ops->on_events(d->arg);
	return 0;
}

/* --- Turns ------------------------------------------------------------------------------------------------------- */

static void on_readable(void *arg, uint32_t events);

static bool is_watched(const struct drive *d, int fd)
{
	for (unsigned i = 0; i < d->n_watches; i++)
		if (d->watches[i].fd == fd)
			return true;
	return false;
}

static int watch_fds(struct drive *d)
{
	int fds[SONDE_DRIVE_FDS], err = 0;
	unsigned n = sonde_drive_fds(d->drive, fds);
	for (unsigned i = 0; !err && n > d->n_watches && i < n; i++) {
		if (is_watched(d, fds[i]))
			continue;
		struct loop_watch *w = &d->watches[d->n_watches];
		*w = (struct loop_watch){ .fd = fds[i], .events = EPOLLIN, .fn = on_readable, .arg = d };
		err = loop_add(d->loop, w);
		d->n_watches += !err;
	}
	return err;
}

/* Errors of the builder are mistakes of the user, others come from the system. */
static void end_by_error(struct drive *d, int code, const struct sonde_error *e)
{
	if (!d->status) {
		message_error(e);
		d->status = code <= SONDE_E_SYNTAX ? STATUS_USAGE : STATUS_SYSTEM;
	}
	loop_stop(d->loop, LOOP_ERROR);
}

static void turn(void *arg)
{
	struct drive *d = arg;
	struct sonde_error e;
	int got = sonde_drive_turn(d->drive, &e);
	int err = got == 1 ? watch_fds(d) : got;
	if (got == 1 && err)
		sonde_fail(&e, err, "cannot watch for answers: %s", sonde_strerror(err));
	if (err)
		end_by_error(d, err, &e);
	else if (got == 1)
		loop_set(d->loop, &d->timer, sonde_drive_deadline(d->drive));
	else
		loop_stop(d->loop, LOOP_COMPLETE);
}

static void on_readable(void *arg, uint32_t events)
{
	(void)events;
	turn(arg);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static void on_quit(void *arg, const struct signalfd_siginfo *info)
{
	struct drive *d = arg;
	(void)info;
	d->ops->on_quit(d->arg);
}

static int start(struct drive *d)
{
	const struct sonde_drive_options o = {
		.transport = d->transport,
		.sends_only = d->sends_only,
		.arg = d,
		.on_built = on_built,
		.on_sent = on_sent,
		.on_refused = on_refused,
		.on_frame = on_frame,
		.on_events = on_events,
	};
	d->quit = (struct loop_signal){ .signo = SIGQUIT, .fn = on_quit, .arg = d };
	d->flush = (struct loop_timer){ .fn = flush, .arg = d };
	int err = loop_catch(d->loop, &d->quit);
	if (!err)
		err = sonde_drive_open(&d->drive, d->session, d->engine, &o);
	if (err)
		return err;
	d->timer = (struct loop_timer){ .fn = turn, .arg = d };
	loop_set(d->loop, &d->timer, sonde_clock_monotonic());
	return watch_fds(d);
}

enum loop_end drive_run(struct drive *d, sonde_time deadline_ns)
{
	int err = start(d);
	if (err) {
		message_code(err, "cannot begin");
		d->status = STATUS_SYSTEM;
		return LOOP_ERROR;
	}
	d->status = sandbox_enter(d->command, d->options, d->writer);
	if (!d->status && d->ops->on_begin)
		d->status = d->ops->on_begin(d->arg);
	if (d->status)
		return LOOP_ERROR;
	if (deadline_ns >= 0)
		loop_limit(d->loop, sonde_clock_monotonic() + deadline_ns);
	enum loop_end end = loop_run(d->loop);
	sonde_drive_stop(d->drive);
	return end;
}

void drive_close(struct drive *d)
{
	record_routes_free(&d->routes);
	sonde_drive_close(d->drive);
}

uint64_t drive_file_number(const struct drive *d, uint64_t number)
{
	return d->writer ? number : 0;
}
