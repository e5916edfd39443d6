#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "packet/print.h"
#include "tools/common/figures.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/summary.h"
#include "tools/send/converse.h"

void transcript_begin(struct transcript *tr, struct printer *t, const char *text, size_t len)
{
	*tr = (struct transcript){ .t = t, .text = text, .end = text + len, .at = text, .line = 1 };
}

/* --- The script itself (-o packets) ------------------------------------------------------------------------------ */

/* Print the lines up to this one. Returns whether it was printed now. */
static bool print_lines(struct transcript *tr, unsigned line)
{
	bool any = tr->line <= line;
	while (tr->line <= line && tr->at < tr->end) {
		const char *newline = memchr(tr->at, '\n', (size_t)(tr->end - tr->at));
		const char *end = newline ? newline : tr->end;
		printf("%.*s", (int)(end - tr->at), tr->at);
		if (tr->line < line)
			putchar('\n');
		tr->at = newline ? newline + 1 : tr->end;
		tr->line++;
	}
	return any;
}

/* The line of a step, and behind it what passed; what passes for it again stands in a line of its own. */
static void print_script(struct transcript *tr, const struct sonde_step *step, char mark, const char *packet,
			 sonde_time rtt_ns)
{
	bool first = step && print_lines(tr, step->line);
	printf(first ? "  # " : "# %c ", mark);
	if (first && rtt_ns >= 0)
		printf("%.3f ms: ", figures_ms((double)rtt_ns));
	puts(packet);
}

/* --- Packets ----------------------------------------------------------------------------------------------------- */

static void json_step(struct json *j, const struct sonde_step *step)
{
	if (!step)
		return;
	json_uint(j, "line", step->line);
	if (step->name.len)
		json_mem(j, "name", (const char *)step->name.data, step->name.len);
}

static void json_step_packet(struct transcript *tr, const char *type, const struct sonde_step *step,
			     const struct sonde_packet *seen, sonde_time stamp)
{
	struct json *j = &tr->t->json;
	struct sonde_packet marked = *seen;
	const struct sonde_packet *p = &marked;
	sonde_infer(&marked);
	json_event(j, "send", type, stamp);
	json_step(j, step);
	json_str(j, "packet", print_packet(tr->t, p));
	json_hex(j, "hex", sonde_view(p->data, p->len));
	json_ends(j, p);
}

static void print_name(const struct sonde_step *step)
{
	if (step->name.len)
		printf("%.*s: ", (int)step->name.len, (const char *)step->name.data);
}

void transcript_sent(struct transcript *tr, const struct sonde_step *step, const struct sonde_sent *sent,
		     const struct sonde_plan *plan)
{
	struct printer *t = tr->t;
	tr->n_got = 0;
	tr->got[0] = 0;
	if (t->o->json) {
		json_step_packet(tr, "sent", step, sent->packet, sent->stamp);
		json_end(&t->json);
	} else if (t->so->packets) {
		print_script(tr, step, '>', print_packet(t, sent->packet), -1);
	} else if (print_has_stdout(t) && t->o->verbosity >= 0) {
		print_name(step);
		printf("> %s\n", print_packet(t, sent->packet));
	}
	if (t->o->verbosity > 0)
		print_path(plan);
	fflush(stdout);
}

static void print_came(struct transcript *tr, const struct sonde_conversation_event *e, sonde_time rtt_ns)
{
	struct printer *t = tr->t;
	bool asked = e->kind == SONDE_CONVERSATION_RECEIVED;
	const char *packet = print_came_packet(t, &e->got->packet);
	if (!asked) {
		snprintf(tr->got, sizeof tr->got, "%s", packet);
		tr->n_got += e->step != NULL;
	}
	if (t->so->packets && print_has_stdout(t)) {
		print_script(tr, asked ? e->step : NULL, '<', packet, rtt_ns);
	} else if (print_has_stdout(t) && t->o->verbosity >= 0) {
		if (asked)
			print_name(e->step);
		printf("%s< %s", asked ? "" : "# ", packet);
		if (rtt_ns >= 0)
			printf("  %.3f ms", figures_ms((double)rtt_ns));
		putchar('\n');
	}
}

void transcript_event(struct transcript *tr, const struct sonde_conversation_event *e)
{
	struct printer *t = tr->t;
	bool asked = e->kind == SONDE_CONVERSATION_RECEIVED;
	if (!e->got) {
		if (e->kind == SONDE_CONVERSATION_AGAIN && t->o->verbosity >= 0 && !t->o->json)
			message("line %u: nothing that fits came; the lines before it are sent again", e->step->line);
		return;
	}
	sonde_time rtt_ns = asked && e->sent_at ? e->got->stamp - e->sent_at : -1;
	if (t->o->json) {
		json_step_packet(tr, asked ? "received" : "other", e->step, &e->got->packet, e->got->stamp);
		if (rtt_ns >= 0)
			json_int(&t->json, "rtt_ns", rtt_ns);
		if (t->writer && e->got->number)
			json_uint(&t->json, "frame", e->got->number);
		json_end(&t->json);
	}
	print_came(tr, e, rtt_ns);
	if (asked) {
		tr->n_got = 0;
		tr->got[0] = 0;
	}
	fflush(stdout);
}

void transcript_missed(struct transcript *tr, const char *file, const struct sonde_step *step, sonde_time wait_ns)
{
	struct json *j = &tr->t->json;
	char wait[SONDE_TIME_STRLEN], more[60] = "";
	sonde_duration_format(wait, wait_ns);
	if (tr->n_got > 1)
		snprintf(more, sizeof more, " (and %llu more)", (unsigned long long)(tr->n_got - 1));
	if (tr->t->o->json) {
		json_event(j, "send", "missed", sonde_clock_real());
		json_step(j, step);
		json_mem(j, "wanted", (const char *)step->text.data, step->text.len);
		if (tr->n_got)
			json_str(j, "got", tr->got);
		json_end(j);
	}
	fflush(stdout);
	message("%s, line %u: wanted %.*s, got %s%s%s", file, step->line, (int)step->text.len,
		(const char *)step->text.data, tr->n_got ? tr->got : "nothing in ", tr->n_got ? "" : wait, more);
}

/* --- The end ----------------------------------------------------------------------------------------------------- */

void transcript_end(struct transcript *tr, const struct sonde_conversation *c, enum loop_end end, int status)
{
	struct printer *t = tr->t;
	if (!t)
		return; /* it never began */
	if (t->o->json) {
		summary_begin(&t->json, "send", sonde_clock_real());
		json_uint(&t->json, "sent", c->n_sent);
		json_uint(&t->json, "received", c->n_received);
		json_uint(&t->json, "others", c->n_others);
		json_uint(&t->json, "lost", c->n_lost);
		summary_end(&t->json, end, status);
		return;
	}
	if (t->so->packets)
		print_lines(tr, UINT32_MAX - 1);
	if (t->o->verbosity < -1)
		return;
	const struct figure rest[] = { { c->n_others, "not asked for" },
				       { c->n_lost, "lost, because too many came at once" } };
	FILE *out = print_has_stdout(t) && !t->so->packets ? stdout : stderr;
	fflush(stdout);
	fprintf(out, "%llu sent, %llu received", (unsigned long long)c->n_sent, (unsigned long long)c->n_received);
	figures_print(out, ", ", rest, sizeof rest / sizeof *rest);
	fputc('\n', out);
}

void transcript_dry(struct printer *t, const struct sonde_script *script)
{
	for (size_t i = 0; i < script->n && print_has_stdout(t); i++) {
		const struct sonde_step *step = &script->steps[i];
		char wait[SONDE_TIME_STRLEN];
		print_name(step);
		if (step->kind == SONDE_STEP_WAIT)
			printf("wait %s\n", sonde_duration_format(wait, step->wait_ns));
		else
			printf("%c %.*s\n", step->kind == SONDE_STEP_SEND ? '>' : '<', (int)step->text.len,
			       (const char *)step->text.data);
	}
}
