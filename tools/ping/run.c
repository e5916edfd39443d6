#include <errno.h>
#include <string.h>

#include "io/clock.h"
#include "io/memory.h"
#include "io/privilege.h"
#include "session/session.h"
#include "tools/common/drive.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/ping/live.h"
#include "tools/ping/ping.h"
#include "tools/ping/unprivileged.h"

#define MANY_GAP_NS (SONDE_MS / 10) /* between packets to many targets, without -i and --rate: 10,000 a second */

struct run_state {
	const struct options *o;
	struct sonde_writer *writer; /* of -w, or NULL */
	struct broker broker;
	struct sonde_session *session;
	struct sonde_ping ping;
	void *memory; /* of it */
	struct overlay overlay;
	struct unprivileged unprivileged;
	struct sonde_transport transport; /* of it */
	struct ping_live live;   /* with --live */
	struct names names;      /* with --names */
	struct ping_printer t;
	struct loop loop;
	struct drive drive;
	struct loop_timer report;
	struct ping_faults faults;
	struct ping_sizes sizes; /* with a set of them */
	int refused_code;                 /* of the last refusal */
	struct sonde_error refused_error; /* its cause */
	sonde_time refused_until;         /* until when the cause is taken to be the same */
};

/* --- What happens ------------------------------------------------------------------------------------------------ */

/* The library says what is wrong with a packet; which option helps is known here. */
static void hint_option(const struct run_state *s, struct sonde_error *e)
{
	enum sonde_refusal cause = sonde_refusal(e->code);
	if (cause == SONDE_REFUSED_SIZE)
		sonde_hint(e, s->t.po->df ? "without --df it goes out in fragments; -s takes fewer bytes"
					  : "-s takes fewer bytes");
	else if (cause == SONDE_REFUSED_BROADCAST && !s->o->broadcast)
		sonde_hint(e, "--broadcast allows it if you mean it; see: ip route");
}

/* on_refused has printed the refusals of raw sockets. A connection may be refused later, which is printed here. */
static void note_refusal(struct run_state *s, int code)
{
	struct sonde_error e = { 0 };
	ping_fault_refused(&s->faults, code);
	if (!s->unprivileged.on)
		return;
	sonde_refusal_explain(&e, code, 0, 0);
	hint_option(s, &e);
	ping_fault_message(&s->faults, &e);
}

static void take_event(struct run_state *s, struct sonde_ping_event *e)
{
	const struct sonde_addr *target = &s->ping.targets[e->target].addr;
	/* The kernel may have asked for the next hop's address before this run, unseen. */
	if (e->kind == SONDE_PING_DROPPED && !e->code && !s->unprivileged.on &&
	    sonde_session_lacks_hop(s->session, target))
		e->code = SONDE_E_NO_NEIGHBOUR;
	if (e->kind == SONDE_PING_REFUSED)
		note_refusal(s, e->code);
	else if (e->kind == SONDE_PING_DROPPED)
		ping_fault_dropped(&s->faults, e->code, target);
	else if (e->kind == SONDE_PING_LOST)
		unprivileged_drop(&s->unprivileged, e->round * s->ping.n_targets + e->target);
	ping_sizes_event(&s->sizes, e);
	e->number = drive_file_number(&s->drive, e->number);
	if (s->live.ping)
		ping_live_event(&s->live, e);
	else
		ping_print_event(&s->t, e);
}

static void on_events(void *arg)
{
	struct run_state *s = arg;
	struct sonde_ping_event e;
	while (sonde_ping_next_event(&s->ping, &e))
		take_event(s, &e);
}

/* Many packets are refused for one cause: it is looked up once in a while. */
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
	if (may_be_machine && s->drive.ifindex)
		sonde_session_cause(e, s->session, s->drive.ifindex, t->has_question ? &t->question.src : NULL);
	hint_option(s, e);
	s->refused_error = *e;
}

static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct run_state *s = arg;
	explain_refusal(s, id, e);
	ping_fault_message(&s->faults, e);
	return 0;
}

/* --- Signals, reports -------------------------------------------------------------------------------------------- */

static void on_quit(void *arg)
{
	struct run_state *s = arg;
	/* The screen shows it all the time. */
	if (!s->live.ping)
		ping_print_status(&s->t);
}

static const struct drive_ops drive_ops = { .on_refused = on_refused, .on_events = on_events, .on_quit = on_quit };

static void on_report(void *arg)
{
	struct run_state *s = arg;
	ping_print_interval(&s->t);
	loop_set(&s->loop, &s->report, s->report.at_ns + s->t.po->report_ns);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

struct sonde_ping_options ping_engine_options(const struct options *o, const struct ping_options *po)
{
	bool many = ping_has_many(po);
	bool flood = o->rate_pps && !many;
	return (struct sonde_ping_options){
		.kind = po->kind,
		.port = po->ports[0],
		.ports = po->n_ports > 1 ? po->ports : NULL,
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
	const uint32_t headers = 160, least = 256;
	uint32_t most = 0;
	for (uint32_t i = 0; i < po->n_sizes; i++)
		most = po->sizes[i] > most ? po->sizes[i] : most;
	if (o->write || o->n_set)
		return 0;
	return most + headers > least ? most + headers : least;
}

/* Open all that the first packet needs. */
static int begin(struct run_state *s, const struct options *o, const struct ping_options *po, char **argv)
{
	struct sonde_session_options so = {
		.iface = o->iface,
		.source = o->source,
		.seed = o->seed,
		.broadcast = o->broadcast,
		.snap = snap(o, po),
		.asks_again = true,
		.fragment = po->df || po->kind == SONDE_PING_ARP ? 0 : SONDE_FRAGMENT_MTU,
	};
	struct sonde_ping_options eo = ping_engine_options(o, po);
	int status = overlay_open(&s->overlay, o);
	if (!status && !sonde_privilege_has_raw())
		status = unprivileged_check(o, po);
	if (!status)
		status = record_open(&s->writer, o, argv, true);
	if (!status)
		status = session_open(&s->session, &s->broker, &so, o, s->writer);
	if (status)
		return status;
	if (!s->broker.has_raw) {
		s->unprivileged.ping = &s->ping;
		status = unprivileged_open(&s->unprivileged, o, po, sonde_session_chosen(s->session), &eo);
		if (status)
			return status;
	}
	if (!s->unprivileged.on && po->kind != SONDE_PING_ARP)
		sonde_drive_listen(s->session, &po->targets.addrs[0]);
	s->memory = sonde_memory_alloc(sonde_ping_memory(po->targets.n));
	if (!s->memory)
		return message_out_of_memory();
	sonde_ping_init(&s->ping, &eo, po->targets.addrs, po->targets.n, s->memory, sonde_clock_monotonic());
	s->t = (struct ping_printer){ .o = o,
				     .po = po,
				     .ping = &s->ping,
				     .writer = s->writer,
				     .faults = &s->faults,
				     .sizes = &s->sizes,
				     .names = o->names ? &s->names : NULL,
				     .one = !ping_has_many(po),
				     .began_at = sonde_clock_monotonic() };
	return ping_sizes_open(&s->sizes, po);
}

/* The loop, and the screen in it. */
static int open_loop(struct run_state *s)
{
	const struct ping_options *po = s->t.po;
	int err = loop_open(&s->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	int status = po->live ? ping_live_open(&s->live, &s->ping, &s->t, &s->loop) : 0;
	if (status)
		loop_close(&s->loop);
	return status;
}

static enum loop_end drive(struct run_state *s)
{
	s->transport = unprivileged_transport(&s->unprivileged);
	s->drive = (struct drive){
		.engine = &s->ping.engine,
		.session = s->session,
		.broker = &s->broker,
		.command = s->unprivileged.on ? "ping-user" : s->t.po->live ? "ping-live" : "ping",
		.options = s->o,
		.loop = &s->loop,
		.ops = &drive_ops,
		.arg = s,
		.overlay = &s->overlay,
		.writer = s->t.writer,
		.transport = s->unprivileged.on ? &s->transport : NULL,
	};
	s->report = (struct loop_timer){ .fn = on_report, .arg = s };
	if (s->t.po->report_ns && !s->t.po->live)
		loop_set(&s->loop, &s->report, sonde_clock_monotonic() + s->t.po->report_ns);
	return drive_run(&s->drive, s->o->deadline_ns);
}

/* Every target answered: 0. */
static int judge(const struct run_state *s, enum loop_end end)
{
	bool all = s->t.po->targets.n_unresolved == 0, any = false;
	for (uint32_t i = 0; i < s->ping.n_targets; i++) {
		all &= s->ping.targets[i].received > 0;
		any |= s->ping.targets[i].received > 0;
	}
	if (s->drive.status)
		return s->drive.status;
	if (all)
		return STATUS_DONE;
	return end == LOOP_INTERRUPTED && !any ? STATUS_INTERRUPTED : STATUS_NOT;
}

/* What has not left by now never does. */
static void stop(struct run_state *s)
{
	while (!sonde_ping_stop(&s->ping))
		on_events(s);
	on_events(s);
}

/* Returns the exit status, all being told. */
static int go(struct run_state *s, char **argv)
{
	ping_print_begin(&s->t, argv);
	enum loop_end end = drive(s);
	stop(s);
	ping_live_close(&s->live);
	s->faults.rx_dropped =
		s->unprivileged.on ? unprivileged_dropped(&s->unprivileged) : sonde_session_dropped(s->session);
	s->faults.incomplete = sonde_session_incomplete(s->session);
	s->faults.tx_unseen = sonde_session_unseen(s->session);
	int status = ping_print_end(&s->t, end, judge(s, end));
	loop_close(&s->loop);
	return status;
}

int ping_run(const struct options *o, const struct ping_options *po, char **argv)
{
	static struct run_state s;
	s.o = o;
	int status = begin(&s, o, po, argv);
	if (!status)
		status = open_loop(&s);
	status = status ? record_close(s.writer, status) : go(&s, argv);
	unprivileged_close(&s.unprivileged);
	sonde_session_close(s.session);
	broker_stop(&s.broker);
	sonde_memory_free(s.memory, sonde_ping_memory(po->targets.n));
	ping_sizes_close(&s.sizes);
	overlay_close(&s.overlay);
	names_close(&s.names);
	drive_close(&s.drive);
	return status;
}
