#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/session.h"
#include "tools/common/status.h"
#include "tools/send/live.h"

#define DEFAULT_PPS 1000 /* without -i and --rate */
#define TURN_NS (SONDE_MS / 4) /* of sending, before answers and signals have their turn */

void live_fail(struct live *l, int status)
{
	l->status = status;
	loop_stop(&l->loop, LOOP_ERROR);
}

void live_end_if_done(struct live *l)
{
	if (l->all_sent && !l->first)
		loop_stop(&l->loop, LOOP_COMPLETE);
}

/* A refusal before anything was sent is a mistake in what was asked, unless the machine is what is in the way. */
static void take_error(struct live *l, uint64_t n, struct sonde_error *e)
{
	bool broadcast = e->code == -EACCES && !l->o->broadcast;
	if (broadcast)
		sonde_hint(e,
			   "if a broadcast is meant, and you are responsible for it, say --broadcast; see: ip route");
	/* A cause that goes on is told once; all are counted. */
	if (l->c.errors++ == 0 || e->code != l->told.code || strcmp(e->what, l->told.what) != 0)
		message_error(e);
	l->told = *e;
	tell_error(l->t, n, e->code);
	bool input = e->code == SONDE_E_OPEN || e->code == SONDE_E_PATH || e->code == SONDE_E_MALFORMED ||
		     e->code == SONDE_E_RANGE || e->code == -EMSGSIZE || broadcast;
	bool privilege = e->code == -EPERM && l->c.sent == 0;
	if (l->c.sent == 0 && input)
		live_fail(l, STATUS_USAGE);
	else if (privilege)
		live_fail(l, STATUS_SYSTEM);
	else
		l->status = STATUS_NOT;
}

static int watch_fds(struct live *l)
{
	int fds[SONDE_SESSION_FDS];
	unsigned n = sonde_session_fds(l->session, fds);
	for (; l->n_watches < n; l->n_watches++) {
		struct loop_watch *w = &l->watches[l->n_watches];
		*w = (struct loop_watch){ .fd = fds[l->n_watches], .events = EPOLLIN, .fn = live_on_frames, .arg = l };
		int err = loop_add(&l->loop, w);
		if (err)
			return err;
	}
	return 0;
}

/* A piece on its way: by which plan, and when the last one left. */
struct departure {
	struct live *l;
	const struct sonde_plan *plan;
	sonde_time sent_at;
};

static int depart(void *arg, const uint8_t *bytes, uint32_t len, struct sonde_error *e)
{
	struct departure *d = arg;
	return sonde_session_send(d->l->session, d->plan, bytes, len, &d->sent_at, e);
}

/* Without waiting, nothing is watched: the file gets what was handed to the kernel. */
static int keep_sent(struct live *l, const struct sonde_packet *p, const struct sonde_plan *plan, sonde_time sent_at)
{
	struct sonde_record r = { .time = sent_at,
				  .bytes = sonde_view(p->data, p->len),
				  .wire_len = p->len,
				  .link = record_link(p),
				  .direction = SONDE_OUTBOUND,
				  .comment = record_comment(&l->routes, "") };
	return record_keep(l->t->writer, plan->iface, &r);
}

static void send_packet(struct live *l, struct sonde_packet *p)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	struct departure d = { .l = l, .plan = &plan };
	uint64_t n = l->source->n;
	int err = sonde_session_prepare(&plan, l->session, p, n - 1, &e);
	if (!err && !l->so->no_wait)
		err = sonde_session_listen(l->session, &plan, &e);
	if (!err && watch_fds(l))
		err = sonde_fail(&e, -EIO, "cannot watch for answers");
	if (!err)
		err = send_pieces(l->so, p, l->o->seed + n, depart, &d, &e);
	/* A signal ended the wait for the next hop's address, and the loop has to take it. */
	l->held = err == -ECANCELED;
	if (err) {
		if (!l->held)
			take_error(l, n, &e);
		return;
	}
	l->c.sent++;
	record_route(&l->routes, l->t->writer, &plan, p);
	tell_sent(l->t, d.sent_at, n, p, &plan, l->so->no_wait ? teller_next_frame(l->t) : 0);
	if (!l->so->no_wait)
		live_wait(l, p, n, d.sent_at);
	else if (keep_sent(l, p, &plan, d.sent_at))
		live_fail(l, STATUS_SYSTEM);
}

/* Build the next packet, unless one is held. Returns false, and ends the sending, when there is none. */
static bool hold_packet(struct live *l)
{
	if (l->held)
		return true;
	sonde_packet_init(&l->packet, l->room, SONDE_MAX_FRAME);
	int got = source_next(l->source, &l->packet);
	l->held = got == 1;
	l->all_sent = !l->held;
	if (got > 1)
		live_fail(l, got);
	return l->held;
}

/* When the packet that is held is due: by the pace, or by the capture's own times. */
static sonde_time due_at(const struct live *l)
{
	const double most_ns = 1e17; /* three years */
	if (l->o->speed <= 0)
		return l->next_send_at;
	double offset_ns = (double)l->source->offset_ns / l->o->speed;
	return l->began_at + (sonde_time)(offset_ns < 0 ? 0 : offset_ns < most_ns ? offset_ns : most_ns);
}

static void on_send(void *arg)
{
	struct live *l = arg;
	sonde_time now = sonde_clock_monotonic(), turn_ends = now + TURN_NS;
	for (; !l->loop.end && now < turn_ends; now = sonde_clock_monotonic()) {
		if (!hold_packet(l)) {
			live_end_if_done(l);
			return;
		}
		if (due_at(l) > now)
			break;
		send_packet(l, &l->packet);
		if (l->held)
			break;
		/* Late rounds are not made up for: the pace is a ceiling. */
		l->next_send_at = l->next_send_at + l->gap_ns < now ? now : l->next_send_at + l->gap_ns;
	}
	loop_set(&l->loop, &l->send_timer, due_at(l));
}

static sonde_time pace(const struct options *o)
{
	return options_gap(o, o->interval_ns >= 0 ? o->interval_ns : SONDE_S / DEFAULT_PPS);
}

static int judge(const struct live *l, enum loop_end end)
{
	if (l->status)
		return l->status;
	if (end == LOOP_INTERRUPTED && l->c.answered == 0)
		return STATUS_INTERRUPTED;
	if (l->so->no_wait)
		return l->c.sent ? STATUS_DONE : STATUS_NOT;
	if (l->so->expect_none)
		return l->c.answered ? STATUS_NOT : STATUS_DONE;
	return l->c.answered == l->c.sent && l->c.sent ? STATUS_DONE : STATUS_NOT;
}

static int open_session(struct live *l)
{
	const struct sonde_session_options so = {
		.iface = l->o->iface, .source = l->o->source, .via = l->so->via, .seed = l->o->seed,
		.broadcast = l->o->broadcast, .any_length = l->so->fragment > 0,
	};
	l->room = malloc(SONDE_MAX_FRAME);
	if (l->room)
		return session_open(&l->session, &so);
	message("out of memory");
	return STATUS_SYSTEM;
}

static void on_quit(void *arg, const struct signalfd_siginfo *info)
{
	const struct live *l = arg;
	uint64_t waiting = 0;
	(void)info;
	for (const struct waiting *w = l->first; w; w = w->next)
		waiting += w->replies == 0;
	tell_status(&l->c, waiting);
}

/* The loop, with what it is to call. */
static int open_loop(struct live *l)
{
	int err = loop_open(&l->loop);
	if (!err) {
		l->quit = (struct loop_signal){ .signo = SIGQUIT, .fn = on_quit, .arg = l };
		err = loop_catch(&l->loop, &l->quit);
		if (err)
			loop_close(&l->loop);
	}
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	sonde_session_stop_at(l->session, l->loop.stop_fd);
	l->send_timer = (struct loop_timer){ .fn = on_send, .arg = l };
	l->wait_timer = (struct loop_timer){ .fn = live_on_give_up, .arg = l };
	return 0;
}

/* Until all is sent and answered, or given up. */
static enum loop_end go(struct live *l)
{
	l->began_at = l->next_send_at = sonde_clock_monotonic();
	loop_set(&l->loop, &l->send_timer, l->next_send_at);
	if (l->o->deadline_ns >= 0)
		loop_limit(&l->loop, l->next_send_at + l->o->deadline_ns);
	enum loop_end end = loop_run(&l->loop);
	live_forget_all(l);
	l->dropped = sonde_session_dropped(l->session);
	loop_close(&l->loop);
	return end;
}

int send_live(struct source *s, struct teller *t)
{
	struct live l = { .source = s, .t = t, .o = s->o, .so = s->so, .gap_ns = pace(s->o) };
	enum loop_end end = LOOP_ERROR;
	l.last = &l.first;
	int status = open_session(&l);
	if (!status)
		status = open_loop(&l);
	if (!status) {
		end = go(&l);
		status = judge(&l, end);
	}
	l.c.left_out = s->left_out;
	l.c.no_flow = s->no_flow;
	sonde_session_close(l.session);
	record_routes_free(&l.routes);
	free(l.room);
	return teller_close(t, &l.c, l.dropped, end, status);
}
