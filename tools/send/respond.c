#include "tools/send/respond.h"

#include <errno.h>
#include <string.h>

#include "io/clock.h"
#include "packet/reference.h"
#include "probe/responder.h"
#include "tools/common/drive.h"
#include "tools/common/figures.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/send/stand_in.h"

struct run_state {
	struct source *source;
	struct printer *t;
	const struct options *o;
	struct broker broker;
	struct sonde_session *session;
	struct sonde_responder responder;
	struct stand_in stand_in;
	struct loop loop;
	struct drive drive;
	struct consent consent;
	struct sonde_error last_error;
	uint64_t n_refused;
	bool is_told_unfit;
};

/* --- Checks ------------------------------------------------------------------------------------------------------ */

static int known(void *arg, struct sonde_view name, struct sonde_error *e)
{
	(void)arg;
	if (!name.len)
		return 0;
	return sonde_fail(e, SONDE_E_UNKNOWN, "@%.*s: the only other packet is the one that matches: @.field",
			  (int)name.len, (const char *)name.data);
}

static int check(struct run_state *r)
{
	struct sonde_error e = { 0 };
	const struct sonde_spec *s = &r->source->spec;
	int err = sonde_references_check(s, known, NULL, &e);
	if (!err && s->is_pattern)
		err = sonde_fail(&e, SONDE_E_UNSUPPORTED, "a pattern matches packets, it does not make one: "
							  "give each field a value");
	if (!err)
		return 0;
	message_error(&e);
	return STATUS_USAGE;
}

/* --- What happens ------------------------------------------------------------------------------------------------ */

static int on_begin(void *arg)
{
	struct run_state *r = arg;
	printer_begin(r->t);
	return 0;
}

static int on_built(void *arg, struct sonde_packet *p, uint64_t id)
{
	struct run_state *r = arg;
	(void)id;
	return source_check_dst(r->source, &r->consent, p);
}

static void print_pair(struct run_state *r, const struct sonde_packet *match, sonde_time stamp,
		       const struct sonde_sent *sent)
{
	struct printer *t = r->t;
	if (t->o->json) {
		struct sonde_packet p = *match;
		sonde_infer(&p);
		json_event(&t->json, "send", "matched", stamp);
		json_str(&t->json, "packet", print_packet(t, &p));
		json_hex(&t->json, "hex", sonde_view(p.data, p.len));
		json_ends(&t->json, &p);
		json_end(&t->json);
		json_event(&t->json, "send", "sent", sent->stamp);
		json_uint(&t->json, "n", r->responder.n_sent + 1);
		json_str(&t->json, "packet", print_packet(t, sent->packet));
		json_hex(&t->json, "hex", sonde_view(sent->packet->data, sent->packet->len));
		json_ends(&t->json, sent->packet);
		json_end(&t->json);
		return;
	}
	printf("< %s\n", print_came_packet(t, match));
	printf("> %s\n", print_packet(t, sent->packet));
}

static int on_sent(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	struct run_state *r = arg;
	sonde_time stamp;
	const struct sonde_packet *match = sonde_responder_answered(&r->responder, &stamp);
	if (stand_in_has(&r->stand_in, sent->id) || !sent->packet || !match || r->o->verbosity < 0)
		return 0;
	if (print_has_stdout(r->t) || r->o->json)
		print_pair(r, match, stamp, sent);
	if (r->o->verbosity > 0)
		print_path(plan);
	fflush(stdout);
	return 0;
}

static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct run_state *r = arg;
	(void)id;
	if (e->code != r->last_error.code || strcmp(e->what, r->last_error.what) != 0)
		message_error(e);
	r->last_error = *e;
	r->n_refused++;
	return 0;
}

static void on_events(void *arg)
{
	struct run_state *r = arg;
	if (!r->responder.n_unfit || r->is_told_unfit)
		return;
	r->is_told_unfit = true;
	message("a packet that matched is not answered: %s", r->responder.unfit.what);
}

static void on_quit(void *arg)
{
	struct run_state *r = arg;
	message("%llu matched, %llu sent", (unsigned long long)r->responder.n_matched,
		(unsigned long long)r->responder.n_sent);
}

static const struct drive_ops drive_ops = {
	.on_begin = on_begin, .on_built = on_built, .on_sent = on_sent, .on_refused = on_refused,
	.on_events = on_events, .on_quit = on_quit,
};

/* --- The end ----------------------------------------------------------------------------------------------------- */

static void print_end(struct run_state *r, enum loop_end end, int status)
{
	const struct sonde_responder *re = &r->responder;
	struct printer *t = r->t;
	const uint64_t dropped = sonde_session_dropped(r->session);
	if (t->o->json) {
		summary_begin(&t->json, "send", sonde_clock_real());
		json_uint(&t->json, "matched", re->n_matched);
		json_uint(&t->json, "sent", re->n_sent);
		json_uint(&t->json, "send_errors", r->n_refused);
		json_uint(&t->json, "lost", re->n_lost);
		json_uint(&t->json, "unfit", re->n_unfit);
		json_uint(&t->json, "rx_dropped", dropped);
		summary_end(&t->json, end, status);
		return;
	}
	if (t->o->verbosity < -1)
		return;
	const struct figure rest[] = { { r->n_refused, "not sent" },
				       { re->n_lost, "lost, because more came than could be answered" },
				       { re->n_unfit, "without what the answer refers to" },
				       { dropped, "dropped by our kernel before they were read" } };
	FILE *out = print_has_stdout(t) && !t->so->packets ? stdout : stderr;
	fprintf(out, "%llu matched, %llu sent", (unsigned long long)re->n_matched, (unsigned long long)re->n_sent);
	figures_print(out, ", ", rest, sizeof rest / sizeof *rest);
	fputc('\n', out);
}

static int judge(const struct run_state *r, enum loop_end end)
{
	if (r->drive.status)
		return r->drive.status;
	if (r->responder.n_sent)
		return STATUS_DONE;
	return end == LOOP_INTERRUPTED ? STATUS_INTERRUPTED : STATUS_NOT;
}

static enum loop_end run(struct run_state *r)
{
	const struct sonde_responder_options o = {
		.pattern = &r->source->so->on, .packet = &r->source->spec, .count = r->o->count, .seed = r->o->seed,
		.gap_ns = options_gap(r->o, r->o->interval_ns >= 0 ? r->o->interval_ns : 0),
	};
	struct sonde_engine *engine = &r->responder.engine;
	int err = loop_open(&r->loop);
	if (err)
		message_code(err, "cannot set up the event loop");
	sonde_responder_init(&r->responder, &o);
	r->drive.status = err ? STATUS_SYSTEM : stand_in_open(&r->stand_in, &engine, r->session, r->source);
	if (r->drive.status)
		return LOOP_ERROR;
	sonde_drive_listen(r->session, NULL);
	r->drive = (struct drive){
		.engine = engine, .session = r->session, .broker = &r->broker, .command = "send",
		.options = r->o, .loop = &r->loop, .ops = &drive_ops, .arg = r, .writer = r->t->writer,
	};
	enum loop_end end = drive_run(&r->drive, r->o->deadline_ns);
	loop_close(&r->loop);
	return end;
}

int respond_run(struct source *s, struct printer *t)
{
	static struct run_state r;
	r = (struct run_state){ .source = s, .t = t, .o = s->o };
	struct sonde_session_options so = stand_in_session(s);
	so.answers_only = !t->writer;
	enum loop_end end = LOOP_ERROR;
	int status = check(&r);
	if (!status)
		status = session_open(&r.session, &r.broker, &so, s->o, t->writer);
	if (!status) {
		end = run(&r);
		status = judge(&r, end);
	}
	status = record_close(t->writer, status);
	if (t->has_begun)
		print_end(&r, end, status);
	printer_free(t);
	drive_close(&r.drive);
	sonde_responder_free(&r.responder);
	stand_in_close(&r.stand_in);
	sonde_session_close(r.session);
	broker_stop(&r.broker);
	return status;
}
