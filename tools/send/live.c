/* sonde send on the wire: packets out of the source, and what is told of their answers. */
#include <errno.h>
#include <string.h>

#include "io/clock.h"
#include "probe/asker.h"
#include "tools/common/drive.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/send/send.h"

#define DEFAULT_PPS 1000 /* without -i and --rate */

struct live {
	struct source *source;
	struct teller *t;
	const struct options *o;
	const struct send_options *so;
	struct sonde_session *session;
	struct sonde_asker asker;
	struct loop loop;
	struct drive drive;
	uint64_t errors;         /* packets that were not sent */
	struct sonde_error told; /* what was in the way of a packet last */
	int status;
	bool stamps;             /* nobody looks at each packet: they may be stamped */
};

/* --- The source as the engine wants it --------------------------------------------------------------------------- */

/* Captures may have their own times. */
static int due(void *arg, sonde_time *offset_ns)
{
	const double most_ns = 1e17; /* three years */
	struct live *l = arg;
	int got = source_peek(l->source);
	if (got > 1)
		l->drive.status = got;
	if (got != 1)
		return got ? -ECANCELED : 0;
	double offset = (double)l->source->offset_ns / l->o->speed;
	*offset_ns = (sonde_time)(offset < 0 ? 0 : offset < most_ns ? offset : most_ns);
	return 1;
}

static int next(void *arg, struct sonde_batch *b, unsigned most)
{
	struct live *l = arg;
	if (l->stamps && source_stamp(l->source, b, most) == 1)
		return 1;
	int got = source_next(l->source, b->packet);
	if (got > 1)
		l->drive.status = got;
	b->n = got == 1;
	return got > 1 ? -ECANCELED : got;
}

/* --- What happens ------------------------------------------------------------------------------------------------ */

static int on_sent(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct live *l = arg;
	if (sent->packet)
		tell_sent(l->t, sent, plan);
	return 0;
}

/* A refusal before anything was sent is a mistake in what was asked, unless the machine is what is in the way. */
static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct live *l = arg;
	bool broadcast = e->code == -EACCES && !l->o->broadcast;
	bool first = l->asker.n_sent == l->errors + 1;
	if (broadcast)
		sonde_hint(e,
			   "if a broadcast is meant, and you are responsible for it, say --broadcast; see: ip route");
	/* A cause that goes on is told once; all are counted. */
	if (l->errors++ == 0 || e->code != l->told.code || strcmp(e->what, l->told.what) != 0)
		message_error(e);
	l->told = *e;
	tell_error(l->t, id + 1, e->code);
	bool input = e->code == SONDE_E_OPEN || e->code == SONDE_E_PATH || e->code == SONDE_E_MALFORMED ||
		     e->code == SONDE_E_RANGE || e->code == -EMSGSIZE || broadcast;
	l->status = STATUS_NOT;
	return first && input ? STATUS_USAGE : first && e->code == -EPERM ? STATUS_SYSTEM : 0;
}

static void take_event(struct live *l, const struct sonde_asker_event *e)
{
	struct asked_packet q = {
		.n = e->id + 1,
		.frame = drive_file_number(&l->drive, e->sent_number),
		.question = e->question,
		.sent_at = e->sent_at,
		.kernel_clock = e->clock != SONDE_STAMP_USER,
	};
	if (e->kind == SONDE_ASKER_ANSWER)
		tell_reply(l->t, &q, e, drive_file_number(&l->drive, e->number));
	else if (e->kind == SONDE_ASKER_SILENCE)
		tell_no_answer(l->t, &q, sonde_rule_for(e->question.kind, SONDE_SILENCE, false));
	else
		tell_no_answer(l->t, &q, sonde_rule_unsent(sonde_session_lacks_hop(l->session, &e->question.dst)
								   ? SONDE_E_NO_NEIGHBOUR
								   : 0));
}

static void on_events(void *arg)
{
	struct live *l = arg;
	struct sonde_asker_event e;
	while (sonde_asker_next_event(&l->asker, &e))
		take_event(l, &e);
}

static struct counters counters(struct live *l)
{
	const struct sonde_asker *a = &l->asker;
	return (struct counters){
		.sent = a->n_sent - a->n_dropped,
		.answered = a->n_answered,
		.silent = a->n_silent,
		.dropped = a->n_dropped,
		.pending = sonde_asker_unanswered(a),
		.replies = a->n_replies,
		.errors = l->errors,
		.rejected = a->wrong_checksum,
		.unmatched = a->unmatched,
		.rx_dropped = sonde_session_dropped(l->session),
		.left_out = l->source->left_out,
		.no_flow = l->source->no_flow,
	};
}

static void on_quit(void *arg)
{
	const struct counters c = counters(arg);
	tell_status(&c);
}

static const struct drive_ops drive_ops = {
	.on_sent = on_sent, .on_refused = on_refused, .on_events = on_events, .on_quit = on_quit
};

/* --- The whole --------------------------------------------------------------------------------------------------- */

static void begin_asking(struct live *l)
{
	const struct sonde_asker_options o = {
		.gap_ns = options_gap(l->o, l->o->interval_ns >= 0 ? l->o->interval_ns : SONDE_S / DEFAULT_PPS),
		.wait_ns = l->o->wait_ns,
		.replies = l->so->replies,
		.waits = !l->so->no_wait,
		.sees_frames = !l->so->no_wait,
		.seed = l->o->seed,
	};
	const struct sonde_asker_source source = { .arg = l, .due = l->o->speed > 0 ? due : NULL, .next = next };
	sonde_asker_init(&l->asker, &o, &source, sonde_clock_monotonic());
	l->drive = (struct drive){
		.engine = &l->asker.engine,
		.session = l->session,
		.loop = &l->loop,
		.ops = &drive_ops,
		.arg = l,
		.writer = l->t->writer,
		.sends_only = l->so->no_wait,
	};
}

/* Until all is sent and answered, or given up. */
static enum loop_end run(struct live *l)
{
	int err = loop_open(&l->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		l->drive.status = STATUS_SYSTEM;
		return LOOP_ERROR;
	}
	begin_asking(l);
	enum loop_end end = drive_run(&l->drive, l->o->deadline_ns);
	loop_close(&l->loop);
	return end;
}

static int judge(const struct live *l, const struct counters *c, enum loop_end end)
{
	if (l->drive.status || l->status)
		return l->drive.status ? l->drive.status : l->status;
	if (end == LOOP_INTERRUPTED && c->answered == 0)
		return STATUS_INTERRUPTED;
	if (l->so->no_wait)
		return c->sent ? STATUS_DONE : STATUS_NOT;
	if (l->so->expect_none)
		return c->answered ? STATUS_NOT : STATUS_DONE;
	return c->answered == c->sent + c->dropped && c->sent ? STATUS_DONE : STATUS_NOT;
}

int send_live(struct source *s, struct teller *t)
{
	static struct live l;
	l = (struct live){ .source = s, .t = t, .o = s->o, .so = s->so };
	l.stamps = s->o->verbosity < 0 && !s->o->json && !s->o->write && !s->so->packets && !s->so->fragment;
	enum loop_end end = LOOP_ERROR;
	struct counters c = { .left_out = 0 };
	int status = session_open(&l.session, &(struct sonde_session_options){
		.iface = s->o->iface, .source = s->o->source, .via = s->so->via, .seed = s->o->seed,
		.broadcast = s->o->broadcast, .fragment = s->so->fragment,
	});
	if (!status) {
		end = run(&l);
		c = counters(&l);
		status = judge(&l, &c, end);
	}
	drive_close(&l.drive);
	sonde_asker_free(&l.asker);
	sonde_session_close(l.session);
	return teller_close(t, &c, end, status);
}
