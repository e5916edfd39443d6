/* sonde send -f with a conversation: run it, and tell what came. */
#include <errno.h>

#include "io/clock.h"
#include "packet/script.h"
#include "tools/common/drive.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/resolver.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/common/targets.h"
#include "tools/send/converse.h"
#include "tools/send/stand_in.h"

struct run_state {
	struct source *source;
	struct printer *t;
	const struct options *o;
	struct broker broker;
	struct sonde_session *session;
	struct sonde_script script;
	struct sonde_conversation talk;
	struct transcript transcript;
	struct stand_in stand_in;
	struct loop loop;
	struct drive drive;
	struct consent consent;
	int refusal;           /* why a packet was not sent: a code */
	uint8_t room[SONDE_MAX_FRAME];
};

static const char *name_of(const struct run_state *r)
{
	return files_name(r->source->so->file);
}

static int mistake(const struct run_state *r, unsigned line, const struct sonde_error *e)
{
	struct sonde_error with_line = *e;
	sonde_fail(&with_line, e->code, "%s, line %u: %s", name_of(r), line, e->what);
	if (e->hint[0])
		sonde_hint(&with_line, "%s", e->hint);
	message_error(&with_line);
	return STATUS_USAGE;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

/* Whether packets of a step may go where they go, as far as that is written. */
static int check_step(struct run_state *r, struct sonde_step *step)
{
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	int status = overlay_lay(&r->source->overlay, &step->spec);
	if (status || step->spec.has_refs)
		return status;
	sonde_packet_init(&p, r->room, SONDE_MAX_FRAME);
	if (sonde_spec_packet(&p, &step->spec, 0, r->o->seed, false, &e))
		return mistake(r, step->line, &e);
	return source_check_dst(r->source, &r->consent, &p);
}

static int read_script(struct run_state *r)
{
	const struct sonde_notation_env env = lookup_env(&r->source->lookup, false);
	struct sonde_error e = { 0 };
	unsigned line;
	int status = 0;
	if (sonde_script_parse(&r->script, r->source->text, r->source->len, &env, &line, &e))
		return mistake(r, line, &e);
	for (size_t i = 0; i < r->script.n && !status; i++)
		if (r->script.steps[i].kind == SONDE_STEP_SEND)
			status = check_step(r, &r->script.steps[i]);
	return status;
}

/* What is waited for may come before anything is sent. */
static void listen_first(struct run_state *r)
{
	struct sonde_addr dst;
	for (size_t i = 0; i < r->script.n; i++) {
		const struct sonde_spec *s = &r->script.steps[i].spec;
		struct sonde_packet p;
		sonde_packet_init(&p, r->room, SONDE_MAX_FRAME);
		if (r->script.steps[i].kind != SONDE_STEP_SEND || s->has_refs ||
		    sonde_spec_packet(&p, s, 0, r->o->seed, false, NULL) || !source_dst(&dst, &p))
			continue;
		sonde_drive_listen(r->session, &dst);
		return;
	}
	sonde_drive_listen(r->session, NULL);
}

/* --- What happens ------------------------------------------------------------------------------------------------ */

static int on_begin(void *arg)
{
	struct run_state *r = arg;
	int status = read_script(r);
	if (status)
		return status;
	printer_begin(r->t);
	transcript_begin(&r->transcript, r->t, r->source->text, r->source->len);
	listen_first(r);
	const struct sonde_conversation_options o = {
		.wait_ns = r->o->wait_ns, .retries = (unsigned)r->source->so->retries, .seed = r->o->seed };
	return sonde_conversation_init(&r->talk, &o, &r->script, sonde_clock_monotonic()) ? message_out_of_memory() : 0;
}

static int on_sent(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct run_state *r = arg;
	if (sent->packet && !stand_in_has(&r->stand_in, sent->id))
		transcript_sent(&r->transcript, sonde_conversation_step(&r->talk, sent->id), sent, plan);
	return 0;
}

static int on_built(void *arg, struct sonde_packet *p, uint64_t id)
{
	struct run_state *r = arg;
	(void)id;
	return source_check_dst(r->source, &r->consent, p);
}

static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct run_state *r = arg;
	struct sonde_error with_line = *e;
	if (stand_in_has(&r->stand_in, id))
		return 0;
	sonde_fail(&with_line, e->code, "%s, line %u: %s", name_of(r), sonde_conversation_step(&r->talk, id)->line,
		   e->what);
	if (e->hint[0])
		sonde_hint(&with_line, "%s", e->hint);
	message_error(&with_line);
	r->refusal = e->code;
	return 0;
}

static void on_events(void *arg)
{
	struct run_state *r = arg;
	struct sonde_conversation_event e;
	while (sonde_conversation_next_event(&r->talk, &e)) {
		transcript_event(&r->transcript, &e);
		if (e.kind == SONDE_CONVERSATION_FAILED)
			mistake(r, e.step ? e.step->line : 0, &e.e);
		if (e.kind == SONDE_CONVERSATION_MISSED)
			transcript_missed(&r->transcript, name_of(r), e.step, r->o->wait_ns);
	}
}

static void on_quit(void *arg)
{
	struct run_state *r = arg;
	const struct sonde_conversation *c = &r->talk;
	unsigned line = c->at < r->script.n ? r->script.steps[c->at].line : 0;
	message("at line %u; %llu sent, %llu received", line, (unsigned long long)c->n_sent,
		(unsigned long long)c->n_received);
}

static const struct drive_ops drive_ops = {
	.on_begin = on_begin, .on_built = on_built, .on_sent = on_sent, .on_refused = on_refused,
	.on_events = on_events, .on_quit = on_quit,
};

/* --- The whole --------------------------------------------------------------------------------------------------- */

static enum loop_end run(struct run_state *r)
{
	int err = loop_open(&r->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		r->drive.status = STATUS_SYSTEM;
		return LOOP_ERROR;
	}
	r->drive = (struct drive){
		.engine = &r->talk.engine, .session = r->session, .broker = &r->broker, .command = "send",
		.options = r->o, .loop = &r->loop, .ops = &drive_ops, .arg = r, .writer = r->t->writer,
	};
	r->drive.status = stand_in_open(&r->stand_in, &r->drive.engine, r->session, r->source);
	if (r->drive.status)
		return LOOP_ERROR;
	enum loop_end end = drive_run(&r->drive, r->o->deadline_ns);
	loop_close(&r->loop);
	return end;
}

static int judge(const struct run_state *r, enum loop_end end)
{
	if (r->drive.status)
		return r->drive.status;
	if (r->refusal)
		return r->refusal == -EPERM ? STATUS_SYSTEM : STATUS_NOT;
	if (end == LOOP_INTERRUPTED && !r->talk.is_over)
		return STATUS_INTERRUPTED;
	return r->talk.is_over && !r->talk.has_failed ? STATUS_DONE : STATUS_NOT;
}

int converse_run(struct source *s, struct printer *t)
{
	static struct run_state r;
	r = (struct run_state){ .source = s, .t = t, .o = s->o };
	resolver_start(); /* the lines are parsed in the sandbox */
	const struct sonde_session_options so = stand_in_session(s);
	enum loop_end end = LOOP_ERROR;
	int status = session_open(&r.session, &r.broker, &so, s->o, t->writer);
	if (!status) {
		end = run(&r);
		status = judge(&r, end);
	}
	drive_close(&r.drive);
	status = record_close(t->writer, status);
	transcript_end(&r.transcript, &r.talk, end, status);
	printer_free(t);
	sonde_conversation_free(&r.talk);
	sonde_script_free(&r.script);
	stand_in_close(&r.stand_in);
	sonde_session_close(r.session);
	broker_stop(&r.broker);
	return status;
}

/* --- Without sending --------------------------------------------------------------------------------------------- */

int converse_dry(struct source *s, struct printer *t)
{
	static struct run_state r;
	r = (struct run_state){ .source = s, .t = t, .o = s->o };
	resolver_start();
	int status = sandbox_enter("send", s->o, t->writer);
	if (!status)
		status = read_script(&r);
	if (!status && !s->o->json)
		transcript_dry(t, &r.script);
	sonde_script_free(&r.script);
	status = record_close(t->writer, status);
	printer_free(t);
	return status;
}
