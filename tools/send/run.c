/* sonde send on the wire: packets out of the source, and what is told of their answers. */
#include <errno.h>
#include <string.h>

#include "io/clock.h"
#include "io/refusal.h"
#include "probe/asker.h"
#include "tools/common/drive.h"
#include "tools/common/message.h"
#include "tools/common/resolver.h"
#include "tools/common/status.h"
#include "tools/send/send.h"
#include "tools/send/stand_in.h"

#define DEFAULT_PPS 1000 /* without -i and --rate */

struct run_state {
	struct source *source;
	struct printer *t;
	const struct options *o;
	const struct send_options *so;
	struct broker broker;
	struct sonde_session *session;
	struct sonde_asker asker;
	struct stand_in stand_in;
	struct loop loop;
	struct drive drive;
	uint64_t errors;               /* packets that were not sent */
	uint64_t mistakes, forbidden;  /* of these, for what is in the packet, and by this machine */
	struct sonde_error last_error; /* the cause of the last refusal */
	sonde_time began_ns, first_ns, last_ns; /* the run's start, the first packet and the last, monotonic */
	bool stamps;             /* no output shows single packets: they can be stamped */
};

/* --- The source as the engine wants it ---------------------------------------------------------------------------- */

/* With --rate original or 2x, packets are due at the times of the capture. */
static int due(void *arg, sonde_time *offset_ns)
{
	const double most_ns = 1e17; /* three years */
	struct run_state *r = arg;
	int got = source_peek(r->source);
	if (got > 1)
		r->drive.status = got;
	if (got != 1)
		return got ? -ECANCELED : 0;
	double offset = (double)r->source->offset_ns / r->o->speed;
	*offset_ns = (sonde_time)(offset < 0 ? 0 : offset < most_ns ? offset : most_ns);
	return 1;
}

static int next(void *arg, struct sonde_batch *b, unsigned most)
{
	struct run_state *r = arg;
	if (r->stamps && source_stamp(r->source, b, most) == 1)
		return 1;
	int got = source_next(r->source, b->packet);
	if (got > 1)
		r->drive.status = got;
	b->n = got == 1;
	return got > 1 ? -ECANCELED : got;
}

/* --- What happens ------------------------------------------------------------------------------------------------- */

static int on_sent(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct run_state *r = arg;
	if (stand_in_has(&r->stand_in, sent->id))
		return 0;
	if (!r->first_ns)
		r->first_ns = sent->now;
	r->last_ns = sent->now;
	if (sent->packet)
		print_sent(r->t, sent, plan);
	return 0;
}

/* The packet itself cannot be sent. */
static bool is_mistake(int code)
{
	return code == SONDE_E_OPEN || code == SONDE_E_PATH || code == SONDE_E_MALFORMED || code == SONDE_E_RANGE ||
	       code == -EMSGSIZE;
}

/* A lasting cause is printed once. */
static void message_cause(struct run_state *r, const struct sonde_error *e)
{
	if (e->code != r->last_error.code || strcmp(e->what, r->last_error.what) != 0)
		message_error(e);
	r->last_error = *e;
}

/* The library says what is wrong with a packet; which option helps is known here. */
static void hint_option(const struct run_state *r, struct sonde_error *e)
{
	if (e->code == -EACCES && !r->o->broadcast)
		sonde_hint(e,
			   "if a broadcast is meant, and you are responsible for it, say --broadcast; see: ip route");
	else if (e->code == -EMSGSIZE && !r->so->fragment)
		sonde_hint(e, "--fragment BYTES splits it");
	else if (e->code == SONDE_E_PATH && r->so->via != SONDE_VIA_AUTO && r->so->via != SONDE_VIA_LINK)
		sonde_hint(e, "--via link carries it");
}

static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct run_state *r = arg;
	if (stand_in_has(&r->stand_in, id))
		return 0;
	bool broadcast = e->code == -EACCES && !r->o->broadcast;
	hint_option(r, e);
	if (r->drive.ifindex && sonde_refusal(e->code) == SONDE_REFUSED_QUEUE)
		sonde_session_cause(e, r->session, r->drive.ifindex, NULL);
	message_cause(r, e);
	r->errors++;
	print_refusal(r->t, id + 1, e->code);
	r->mistakes += broadcast || is_mistake(e->code);
	r->forbidden += e->code == -EPERM;
	return 0;
}

/* Why a packet that the kernel took did not leave, as a code; 0: unknown. The interface's state is printed once. */
static int cause_of_drop(struct run_state *r, const struct sonde_addr *dst)
{
	struct sonde_error e = { 0 };
	if (r->drive.ifindex && sonde_session_cause(&e, r->session, r->drive.ifindex, NULL)) {
		message_cause(r, &e);
		return e.code;
	}
	return sonde_session_lacks_hop(r->session, dst) ? SONDE_E_NO_NEIGHBOUR : 0;
}

static void take_event(struct run_state *r, const struct sonde_asker_event *e)
{
	struct sent_packet q = {
		.n = e->id + 1,
		.frame = drive_file_number(&r->drive, e->sent_number),
		.question = e->question,
		.sent_at = e->sent_at,
		.clock = e->clock,
	};
	if (e->kind == SONDE_ASKER_ANSWER)
		print_reply(r->t, &q, e, drive_file_number(&r->drive, e->number));
	else if (e->kind == SONDE_ASKER_SILENCE)
		print_no_answer(r->t, &q, sonde_rule_for(e->question.kind, SONDE_SILENCE, false), true, e->remark);
	else
		print_no_answer(r->t, &q, sonde_rule_unsent(cause_of_drop(r, &e->question.dst)), false,
				NULL);
}

static void on_events(void *arg)
{
	struct run_state *r = arg;
	struct sonde_asker_event e;
	while (sonde_asker_next_event(&r->asker, &e))
		take_event(r, &e);
}

static struct counters counters(struct run_state *r)
{
	const struct sonde_asker *a = &r->asker;
	return (struct counters){
		.sent = a->n_sent - a->n_dropped,
		.answered = a->n_answered,
		.silent = a->n_silent,
		.unexpected = a->n_unexpected,
		.dropped = a->n_dropped,
		.pending = sonde_asker_unanswered(a),
		.replies = a->n_replies,
		.errors = r->errors,
		.rejected = a->wrong_checksum,
		.early = a->early,
		.unmatched = a->unmatched,
		.rx_dropped = sonde_session_dropped(r->session),
		.incomplete = sonde_session_incomplete(r->session),
		.elapsed_ns = sonde_clock_monotonic() - r->began_ns,
		.sending_ns = r->last_ns - r->first_ns,
		.left_out = r->source->left_out,
		.no_flow = r->source->no_flow,
	};
}

static void on_quit(void *arg)
{
	const struct counters c = counters(arg);
	print_status(&c);
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

static void init_asker(struct run_state *r)
{
	const struct sonde_asker_options o = {
		.gap_ns = options_gap(r->o, r->o->interval_ns >= 0 ? r->o->interval_ns : SONDE_S / DEFAULT_PPS),
		.wait_ns = r->o->wait_ns,
		.replies = r->so->replies,
		.waits = !r->so->no_wait,
		.sees_frames = !r->so->no_wait,
		.seed = r->o->seed,
		.expect = r->so->expects ? &r->so->expect : NULL,
	};
	const struct sonde_asker_source source = { .arg = r, .due = r->o->speed > 0 ? due : NULL, .next = next };
	sonde_asker_init(&r->asker, &o, &source, sonde_clock_monotonic());
}

/* Whether the packets are right is known before the first one leaves. */
static int on_begin(void *arg)
{
	struct run_state *r = arg;
	int status = source_check(r->source);
	if (!status)
		printer_begin(r->t);
	r->began_ns = sonde_clock_monotonic();
	init_asker(r);
	return status;
}

static const struct drive_ops drive_ops = {
	.on_begin = on_begin, .on_sent = on_sent, .on_refused = on_refused, .on_events = on_events, .on_quit = on_quit
};

static void begin_asking(struct run_state *r)
{
	init_asker(r);
	r->drive = (struct drive){
		.engine = &r->asker.engine,
		.session = r->session,
		.broker = &r->broker,
		.command = "send",
		.options = r->o,
		.loop = &r->loop,
		.ops = &drive_ops,
		.arg = r,
		.writer = r->t->writer,
		.sends_only = r->so->no_wait,
	};
}

/* Until all is sent and answered, or given up. */
static enum loop_end run(struct run_state *r)
{
	int err = loop_open(&r->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		r->drive.status = STATUS_SYSTEM;
		return LOOP_ERROR;
	}
	begin_asking(r);
	r->drive.status = stand_in_open(&r->stand_in, &r->drive.engine, r->session, r->source);
	if (r->drive.status)
		return LOOP_ERROR;
	enum loop_end end = drive_run(&r->drive, r->o->deadline_ns);
	loop_close(&r->loop);
	return end;
}

/* Some packets were not sent. When no other was, the status says what is wrong with all of them. */
static int judge_errors(const struct run_state *r, const struct counters *c)
{
	bool none = c->sent + c->dropped == 0;
	return none && r->mistakes == r->errors    ? STATUS_USAGE
	       : none && r->forbidden == r->errors ? STATUS_SYSTEM
						   : STATUS_NOT;
}

static int judge(const struct run_state *r, const struct counters *c, enum loop_end end)
{
	if (r->drive.status)
		return r->drive.status;
	if (r->errors)
		return judge_errors(r, c);
	if (end == LOOP_INTERRUPTED && c->answered == 0)
		return STATUS_INTERRUPTED;
	if (r->so->no_wait)
		return c->sent ? STATUS_DONE : STATUS_NOT;
	if (r->so->expect_none)
		return c->answered ? STATUS_NOT : STATUS_DONE;
	return c->answered == c->sent + c->dropped && c->sent ? STATUS_DONE : STATUS_NOT;
}

int send_run(struct source *s, struct printer *t)
{
	static struct run_state r;
	r = (struct run_state){ .source = s, .t = t, .o = s->o, .so = s->so, .began_ns = sonde_clock_monotonic() };
	r.stamps = s->o->verbosity < 0 && !s->o->write && !s->so->packets && !s->so->fragment;
	enum loop_end end = LOOP_ERROR;
	if (s->text)
		resolver_start(); /* each line is parsed when it is due */
	struct counters c = { .left_out = 0 };
	const struct sonde_session_options so = stand_in_session(s);
	int status = session_open(&r.session, &r.broker, &so, s->o, t->writer);
	if (status) {
		printer_begin(t);
	} else {
		end = run(&r);
		c = counters(&r);
		status = judge(&r, &c, end);
	}
	drive_close(&r.drive);
	sonde_asker_free(&r.asker);
	stand_in_close(&r.stand_in);
	sonde_session_close(r.session);
	status = printer_close(t, &c, end, status);
	broker_stop(&r.broker);
	return status;
}
