#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/privilege.h"
#include "session/session.h"
#include "tools/common/message.h"
#include "tools/common/overlay.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/ping/live.h"
#include "tools/ping/ping.h"
#include "tools/ping/plain.h"

#define PACKET_ROOM (65536 + 64)
#define BATCH       32              /* packets that are sent in one turn */
#define MANY_GAP_NS (SONDE_MS / 10) /* between packets to many targets, without -i and --rate: 10,000 a second */

struct run_state {
	const struct options *o;
	struct sonde_session *session;
	struct sonde_ping ping;
	struct overlay overlay;
	struct ping_plain plain; /* without privilege */
	struct ping_live live;   /* with --live */
	struct names names;      /* with --names */
	struct ping_teller t;
	struct record_routes routes;
	struct loop loop;
	struct loop_timer timer, report;
	struct loop_signal quit;
	struct loop_watch watches[SONDE_SESSION_FDS];
	unsigned n_watches;
	uint8_t *room;
	int status;
	struct ping_faults faults;
	uint32_t ifindex;                 /* where the last packet went */
	int refused_code;                 /* of the last refusal, */
	struct sonde_error refused_error; /* what stands behind it, */
	sonde_time refused_until;         /* and until when that is believed */
};

/* A connection may be refused after it was begun: then nobody has told why. What raw sockets refuse was told. */
static void note_refusal(struct run_state *s, int code)
{
	struct sonde_error e = { 0 };
	ping_fault_refused(&s->faults, code);
	if (!s->plain.on)
		return;
	sonde_refusal_explain(&e, code, 0, 0);
	ping_fault_tell(&s->faults, &e);
}

static void drain_events(struct run_state *s)
{
	struct sonde_event e;
	while (s->ping.engine.ops->next_event(&s->ping.engine, &e)) {
		if (s->plain.unstamped)
			e.clock = SONDE_STAMP_USER;
		/* A question for the next hop's address that was asked before this run is not seen. */
		if (e.kind == SONDE_EVENT_DROPPED && !e.code && !s->plain.on &&
		    sonde_session_lacks_hop(s->session, &s->ping.targets[e.target].addr))
			e.code = SONDE_E_NO_NEIGHBOUR;
		if (e.kind == SONDE_EVENT_REFUSED)
			note_refusal(s, e.code);
		else if (e.kind == SONDE_EVENT_DROPPED)
			ping_fault_dropped(&s->faults, e.code, &s->ping.targets[e.target].addr);
		else if (e.kind == SONDE_EVENT_LOST)
			ping_plain_drop(&s->plain, e.round * s->ping.n_targets + e.target);
		if (s->live.ping)
			ping_live_event(&s->live, &e);
		else
			ping_tell_event(&s->t, &e);
	}
}

static void fail(struct run_state *s, int status)
{
	s->status = status;
	loop_stop(&s->loop, LOOP_ERROR);
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

static void on_frames(void *arg, uint32_t events)
{
	struct run_state *s = arg;
	struct sonde_engine *engine = &s->ping.engine;
	struct sonde_received got;
	struct sonde_error e;
	int n;
	(void)events;
	while ((n = sonde_session_next(&got, s->session, &e)) == 1) {
		got.record.comment = record_comment(&s->routes, "");
		if (record_keep(s->t.writer, sonde_session_iface(s->session, got.ifindex), &got.record)) {
			fail(s, STATUS_SYSTEM);
			return;
		}
		bool outbound = got.record.direction == SONDE_OUTBOUND;
		if (!engine->ops->on_outgoing(engine, &got.packet, got.record.time, outbound))
			engine->ops->on_packet(engine, &got.packet, got.record.time, sonde_clock_monotonic());
		drain_events(s);
	}
	if (n == -ENODEV && !s->faults.told_at[SONDE_REFUSED_GONE])
		message("the interface %s is gone", sonde_session_iface(s->session, got.ifindex));
	else if (n < 0 && n != -ENODEV)
		message_error(&e);
	if (n < 0)
		fail(s, STATUS_SYSTEM);
}

static void on_plain(void *arg, uint32_t events)
{
	struct run_state *s = arg;
	int got;
	(void)events;
	while ((got = ping_plain_next(&s->plain)) == 1)
		drain_events(s);
	if (got < 0) {
		message_code(got, "cannot receive");
		fail(s, STATUS_SYSTEM);
	}
}

/* The last answer ends the run: the timer looks soon, and not only when what was waited for is given up; but not after
 * each answer, for looking walks what is remembered. */
static void on_answers(void *arg, uint32_t events)
{
	struct run_state *s = arg;
	sonde_time soon = sonde_clock_monotonic() + SONDE_MS;
	if (s->plain.on)
		on_plain(s, events);
	else
		on_frames(s, events);
	if (s->timer.set && s->timer.at_ns > soon)
		loop_set(&s->loop, &s->timer, soon);
}

static int watch_fds(struct run_state *s)
{
	int fds[SONDE_SESSION_FDS];
	unsigned n = s->plain.on ? ping_plain_fds(&s->plain, fds) : sonde_session_fds(s->session, fds);
	for (; s->n_watches < n; s->n_watches++) {
		struct loop_watch *w = &s->watches[s->n_watches];
		*w = (struct loop_watch){
			.fd = fds[s->n_watches], .events = EPOLLIN, .fn = on_answers, .arg = s
		};
		int err = loop_add(&s->loop, w);
		if (err)
			return err;
	}
	return 0;
}

/* --- Out --------------------------------------------------------------------------------------------------------- */

/* Many packets fail alike: why is found out once for all of a moment. */
static void explain_refusal(struct run_state *s, uint64_t id, struct sonde_error *e)
{
	const sonde_time moment = 100 * SONDE_MS;
	const struct sonde_ping_target *t = &s->ping.targets[id % s->ping.n_targets];
	sonde_time now = sonde_clock_monotonic();
	if (s->refused_code == e->code && now < s->refused_until) {
		*e = s->refused_error;
		return;
	}
	s->refused_code = e->code;
	s->refused_until = now + moment;
	bool may_be_machine = sonde_refusal(e->code) != SONDE_REFUSED_SIZE && e->code != -EPERM;
	if (may_be_machine && s->ifindex)
		sonde_session_cause(e, s->session, s->ifindex, t->asked ? &t->ask.src : NULL);
	s->refused_error = *e;
}

static void take_refusal(struct run_state *s, uint64_t id, int code, struct sonde_error *e)
{
	struct sonde_engine *engine = &s->ping.engine;
	e->code = code;
	explain_refusal(s, id, e);
	ping_fault_tell(&s->faults, e);
	engine->ops->on_refused(engine, id, e->code);
	if (code == -EPERM && s->ping.targets[0].sent == 0 && s->n_watches == 0)
		fail(s, STATUS_SYSTEM);
}

/* By the session's raw sockets, watched for its frames. */
static int send_raw(struct run_state *s, const struct sonde_plan *plan, const struct sonde_packet *p, uint64_t id,
		    struct sonde_error *e)
{
	struct sonde_engine *engine = &s->ping.engine;
	sonde_time stamp = 0;
	record_route(&s->routes, s->t.writer, plan, p);
	int err = sonde_session_listen(s->session, plan, e);
	if (!err && watch_fds(s))
		err = sonde_fail(e, -EIO, "cannot watch for answers");
	for (int tries = 0; !err && (tries == 0 || (err == -EAGAIN && tries < 100)); tries++)
		err = sonde_session_send(s->session, plan, p->data, p->len, &stamp, e);
	if (!err)
		engine->ops->on_sent(engine, id, p, stamp, SONDE_STAMP_USER);
	return err;
}

static int send_plain(struct run_state *s, const struct sonde_packet *p, uint64_t id, struct sonde_error *e)
{
	int err = ping_plain_send(&s->plain, p, id);
	return err ? sonde_refusal_explain(e, err, 0, p->len) : 0;
}

static void send_packet(struct run_state *s, struct sonde_packet *p, uint64_t id)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	uint32_t scope = s->ping.targets[id % s->ping.n_targets].addr.scope;
	int err = sonde_session_prepare(&plan, s->session, p, id, scope, &e);
	if (!err)
		err = s->plain.on ? send_plain(s, p, id, &e) : send_raw(s, &plan, p, id, &e);
	if (err)
		take_refusal(s, id, err, &e);
	else
		s->ifindex = plan.ifindex;
}

/* Returns whether the packet may go; else the run is over, and the packet is not counted as sent. */
static bool lay_over(struct run_state *s, struct sonde_packet *p, uint64_t id)
{
	struct sonde_engine *engine = &s->ping.engine;
	if (!overlay_apply(&s->overlay, p, id, &s->ping.targets[id % s->ping.n_targets].addr))
		return true;
	engine->ops->on_refused(engine, id, SONDE_E_RANGE);
	fail(s, STATUS_USAGE);
	return false;
}

/* Send what is due, then answers have their turn. */
static void send_due(struct run_state *s)
{
	struct sonde_engine *engine = &s->ping.engine;
	struct sonde_packet p;
	uint64_t id;
	sonde_packet_init(&p, s->room, PACKET_ROOM);
	for (unsigned i = 0; i < BATCH && !s->status && !ping_plain_is_full(&s->plain); i++) {
		int got = engine->ops->next_packet(engine, &p, &id, sonde_clock_monotonic());
		if (got == 0)
			return;
		if (got < 0) {
			message_code(got, "cannot build the packet");
			fail(s, STATUS_USAGE);
		} else if (lay_over(s, &p, id)) {
			send_packet(s, &p, id);
		}
	}
}

static void on_timer(void *arg)
{
	struct run_state *s = arg;
	struct sonde_engine *engine = &s->ping.engine;
	send_due(s);
	if (s->plain.on)
		on_plain(s, 0);
	else
		on_frames(s, 0);
	/* Where copies of frames were missed, a packet that was not seen may have left all the same. */
	if (s->ping.o.sees_frames)
		s->ping.o.sees_frames = sonde_session_unseen(s->session) == 0;
	engine->ops->on_time(engine, sonde_clock_monotonic());
	drain_events(s);
	sonde_time next = engine->ops->next_deadline(engine);
	if (next == SONDE_NEVER)
		loop_stop(&s->loop, LOOP_COMPLETE);
	else
		loop_set(&s->loop, &s->timer,
			 ping_plain_is_full(&s->plain) ? sonde_clock_monotonic() + SONDE_MS : next);
}

/* --- Signals, reports -------------------------------------------------------------------------------------------- */

static void on_quit(void *arg, const struct signalfd_siginfo *info)
{
	struct run_state *s = arg;
	(void)info;
	/* The screen shows it all the time. */
	if (!s->live.ping)
		ping_tell_status(&s->t);
}

static void on_report(void *arg)
{
	struct run_state *s = arg;
	ping_tell_interval(&s->t);
	loop_set(&s->loop, &s->report, s->report.at_ns + s->t.po->report_ns);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static struct sonde_ping_options engine_options(const struct options *o, const struct ping_options *po)
{
	bool many = po->targets.n > 1;
	bool flood = o->rate_pps && !many;
	return (struct sonde_ping_options){
		.kind = po->kind,
		.port = (uint16_t)po->port,
		.sizes = po->sizes,
		.n_sizes = po->n_sizes,
		.ttl = (uint8_t)po->ttl,
		.tos = (uint8_t)po->tos,
		.df = po->df,
		.rounds = o->count,
		.interval_ns = o->interval_ns >= 0 ? o->interval_ns
			       : flood             ? 0
						   : SONDE_S,
		.timeout_ns = o->wait_ns,
		.gap_ns = options_gap(o, many ? MANY_GAP_NS : 0),
		.seed = o->seed,
		.overlaid = o->n_set > 0,
		.sees_frames = true,
	};
}

/* Bytes to keep of each frame: all that an answer has, headers of every kind included; whole frames for a file. */
static uint32_t snap(const struct options *o, const struct ping_options *po)
{
	const uint32_t headers = 160, least = 256, whole = 2048;
	uint32_t most = 0;
	for (uint32_t i = 0; i < po->n_sizes; i++)
		most = po->sizes[i] > most ? po->sizes[i] : most;
	if (o->write || o->n_set || most + headers > whole)
		return 0;
	return most + headers > least ? most + headers : least;
}

/* What the kernel and the clock allow before the first packet. */
static int begin(struct run_state *s, const struct options *o, const struct ping_options *po, char **argv)
{
	struct sonde_error e = { 0 };
	struct sonde_session_options so = {
		.iface = o->iface, .source = o->source, .seed = o->seed, .broadcast = o->broadcast, .snap = snap(o, po)
	};
	struct sonde_ping_options eo = engine_options(o, po);
	int status = overlay_open(&s->overlay, o, NULL);
	if (status)
		return status;
	s->room = malloc(PACKET_ROOM);
	int err = s->room ? sonde_session_open(&s->session, &so, &e) : sonde_fail(&e, -ENOMEM, "out of memory");
	if (err) {
		message_error(&e);
		return err == -ENODEV ? STATUS_USAGE : STATUS_SYSTEM;
	}
	if (!sonde_privilege_has_raw()) {
		s->plain.ping = &s->ping;
		status = ping_plain_open(&s->plain, o, po, sonde_session_chosen(s->session), &eo);
		if (status)
			return status;
	}
	if (sonde_ping_init(&s->ping, &eo, po->targets.addrs, po->targets.n, sonde_clock_monotonic())) {
		message("out of memory");
		return STATUS_SYSTEM;
	}
	s->t = (struct ping_teller){ .o = o,
				     .po = po,
				     .ping = &s->ping,
				     .faults = &s->faults,
				     .names = o->names ? &s->names : NULL,
				     .one = po->targets.n == 1,
				     .began_at = sonde_clock_monotonic() };
	return ping_tell_begin(&s->t, argv);
}

static enum loop_end go(struct run_state *s)
{
	sonde_time now = sonde_clock_monotonic();
	s->timer = (struct loop_timer){ .fn = on_timer, .arg = s };
	s->report = (struct loop_timer){ .fn = on_report, .arg = s };
	s->quit = (struct loop_signal){ .signo = SIGQUIT, .fn = on_quit, .arg = s };
	loop_catch(&s->loop, &s->quit);
	if (s->plain.on && watch_fds(s))
		message("cannot watch for answers");
	loop_set(&s->loop, &s->timer, now);
	if (s->t.po->report_ns && !s->t.po->live)
		loop_set(&s->loop, &s->report, now + s->t.po->report_ns);
	if (s->o->deadline_ns >= 0)
		loop_limit(&s->loop, now + s->o->deadline_ns);
	return loop_run(&s->loop);
}

/* Every target answered: 0. */
static int judge(const struct run_state *s, enum loop_end end)
{
	bool all = true, any = false;
	for (uint32_t i = 0; i < s->ping.n_targets; i++) {
		all &= s->ping.targets[i].received > 0;
		any |= s->ping.targets[i].received > 0;
	}
	if (s->status)
		return s->status;
	if (all)
		return STATUS_DONE;
	return end == LOOP_INTERRUPTED && !any ? STATUS_INTERRUPTED : STATUS_NOT;
}

int ping_run(const struct options *o, const struct ping_options *po, char **argv)
{
	static struct run_state s;
	s.o = o;
	int status = begin(&s, o, po, argv);
	int err = status ? 0 : loop_open(&s.loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		status = STATUS_SYSTEM;
	}
	if (!status && po->live)
		status = ping_live_open(&s.live, &s.ping, s.t.one ? po->targets.first : NULL, s.t.names, &s.loop);
	if (!status) {
		enum loop_end end = go(&s);
		ping_live_close(&s.live);
		s.faults.rx_dropped = s.plain.on ? ping_plain_dropped(&s.plain) : sonde_session_dropped(s.session);
		s.faults.tx_unseen = sonde_session_unseen(s.session);
		status = ping_tell_end(&s.t, end, judge(&s, end));
		loop_close(&s.loop);
	}
	ping_plain_close(&s.plain);
	sonde_session_close(s.session);
	sonde_ping_free(&s.ping);
	overlay_close(&s.overlay);
	record_routes_free(&s.routes);
	names_close(&s.names);
	free(s.room);
	return status;
}
