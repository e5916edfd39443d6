#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/refusal.h"
#include "io/file_write.h"
#include "packet/print.h"
#include "tools/common/figures.h"
#include "tools/common/files.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/record.h"
#include "tools/common/summary.h"
#include "tools/send/send.h"

int printer_open(struct printer *t, const struct options *o, const struct send_options *so, char **argv)
{
	*t = (struct printer){ .o = o, .so = so, .argv = argv, .text = malloc(SONDE_PRINT_ROOM) };
	t->has_colour = output_has_colour(stdout);
	if (!t->text)
		return message_out_of_memory();
	int status = record_open(&t->writer, o, argv, !o->dry_run);
	if (status)
		free(t->text);
	return status;
}

void printer_begin(struct printer *t)
{
	const struct options *o = t->o;
	t->has_begun = true;
	json_open(&t->json, stdout);
	if (o->json)
		summary_run(&t->json, &(struct run){ .cmd = "send", .argv = t->argv, .seed = o->seed, .uid = o->uid,
						     .time_ns = sonde_clock_real(), .iface = o->iface,
						     .via = t->so->way });
	else if (o->verbosity > 0)
		message("seed %llu", (unsigned long long)o->seed);
}

bool print_has_stdout(const struct printer *t)
{
	return !t->o->json && !options_write_stdout(t->o);
}

/* -q leaves out the packets, -qq the verdicts and totals as well; so in JSON. */
static bool prints_packets(const struct printer *t)
{
	return t->o->verbosity >= 0;
}

static bool prints_verdicts(const struct printer *t)
{
	return t->o->verbosity >= -1 && !t->so->packets;
}

/* How long the run took, and how fast packets left, from the first to the last. */
static void print_pace(FILE *out, const struct counters *c)
{
	fprintf(out, "; %.3f s", (double)c->elapsed_ns / 1e9);
	double sending_s = (double)c->sending_ns / 1e9;
	if (c->sending_ns > 0)
		fprintf(out, ", %.0f packets a second", (double)(c->sent + c->dropped - 1) / sending_s);
}

static void print_summary(const struct printer *t, const struct counters *c)
{
	FILE *out = print_has_stdout(t) && !t->so->packets ? stdout : stderr;
	fprintf(out, "%llu sent", (unsigned long long)c->sent);
	if (!t->so->no_wait)
		fprintf(out, ", %llu answered", (unsigned long long)c->answered);
	const struct figure rest[] = {
		{ c->silent, "not answered" },
		{ c->unexpected, "answered otherwise than expected" },
		{ c->pending, "waited for when the run ended" },
		{ c->dropped, "never left" },
		{ c->errors, "not sent" },
		{ c->rejected, "rejected (wrong checksum)" },
		{ c->early, "from before their question left (older frames, or the clock was set back)" },
		{ c->rx_dropped, "dropped by our kernel before they were read" },
		{ c->incomplete, "of which fragments were missing" },
	};
	figures_print(out, ", ", rest, sizeof rest / sizeof *rest);
	if (!prints_packets(t))
		print_pace(out, c);
	fputc('\n', out);
}

void print_status(const struct counters *c)
{
	message("%llu sent, %llu answered, %llu not answered, %llu not sent, waiting for %llu",
		(unsigned long long)c->sent, (unsigned long long)c->answered, (unsigned long long)c->silent,
		(unsigned long long)c->errors, (unsigned long long)c->pending);
}

/* What --only left out of the capture. */
static void print_left_out(const struct printer *t, const struct counters *c)
{
	if (t->so->only)
		message("%s: left out %llu frames of the %s and %llu without a 5-tuple", files_name(t->so->capture),
			(unsigned long long)c->left_out, t->so->only == SONDE_FLOW_ORIG ? "responders" : "originators",
			(unsigned long long)c->no_flow);
}

static void json_summary(struct printer *t, const struct counters *c, enum loop_end end, int status)
{
	summary_begin(&t->json, "send", sonde_clock_real());
	json_uint(&t->json, "sent", c->sent);
	json_uint(&t->json, "answered", c->answered);
	json_uint(&t->json, "silent", c->silent);
	json_uint(&t->json, "unexpected", c->unexpected);
	json_uint(&t->json, "pending", c->pending);
	json_uint(&t->json, "dropped", c->dropped);
	json_uint(&t->json, "replies", c->replies);
	json_uint(&t->json, "send_errors", c->errors);
	json_uint(&t->json, "wrong_checksum", c->rejected);
	json_uint(&t->json, "early", c->early);
	json_uint(&t->json, "unmatched", c->unmatched);
	json_uint(&t->json, "rx_dropped", c->rx_dropped);
	json_uint(&t->json, "incomplete", c->incomplete);
	if (t->so->only) {
		json_uint(&t->json, "left_out", c->left_out);
		json_uint(&t->json, "no_5_tuple", c->no_flow);
	}
	summary_end(&t->json, end, status);
}

int printer_close(struct printer *t, const struct counters *c, enum loop_end end, int status)
{
	status = record_close(t->writer, status);
	/* A mistake is told by its message alone. */
	bool is_mistake = !t->has_begun && status == STATUS_USAGE;
	if (!t->has_begun && !is_mistake)
		printer_begin(t);
	if (t->o->json && !is_mistake)
		json_summary(t, c, end, status);
	else if (!t->o->json && !t->o->dry_run && t->o->verbosity >= -1 &&
		 (end != LOOP_ERROR || status != STATUS_USAGE))
		print_summary(t, c);
	if (!t->o->json && t->o->verbosity >= 0 && !is_mistake)
		print_left_out(t, c);
	printer_free(t);
	return status;
}

void printer_free(struct printer *t)
{
	json_close(&t->json);
	names_close(&t->names);
	free(t->text);
}

/* --- Packets as text --------------------------------------------------------------------------------------------- */

/* Link layers say nothing about an answer: show it from the IP or ARP layer on, without the link's padding. */
static struct sonde_packet without_link(const struct sonde_packet *p)
{
	struct sonde_packet q = *p;
	unsigned skip = 0;
	while (skip < q.n_layers && !q.layers[skip].proto->network)
		skip++;
	if (skip == q.n_layers)
		return q;
	unsigned n = q.n_layers + q.n_trailers - skip;
	memmove(q.layers, q.layers + skip, n * sizeof q.layers[0]);
	q.n_layers = (uint8_t)(q.n_layers - skip);
	while (q.n_trailers && !sonde_number_in(q.layers[q.n_layers + q.n_trailers - 1].proto, SONDE_SPACE_TRAILER, 0))
		q.n_trailers--;
	return q;
}

/* Mark the fields that decide the verdict as written: they are printed even with their defaults. */
static void mark_evidence(struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
		if (l->quoted)
			break;
		for (const struct sonde_field *f = l->proto->fields; f->name; f++)
			if (f->evidence)
				l->written |= SONDE_MARK(f->place);
	}
}

/* What makes a packet what it is is printed whatever its default; what only the machine knows, and does not, stays
 * open. */
static struct sonde_packet with_identity(const struct sonde_packet *p)
{
	struct sonde_packet q = *p;
	for (unsigned i = 0; i < q.n_layers; i++)
		for (const struct sonde_field *f = q.layers[i].proto->fields; f->name; f++)
			if (f->always && f->open != SONDE_LOOKED_UP)
				q.layers[i].written |= SONDE_MARK(f->place);
	return q;
}

const char *print_packet(const struct printer *t, const struct sonde_packet *p)
{
	struct sonde_text out = sonde_text(t->text, SONDE_PRINT_ROOM);
	const struct sonde_packet q = with_identity(p);
	sonde_print(&out, &q);
	sonde_print_for_shell(&out, 0);
	return t->text;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static const char *way_name(const struct printer *t, const struct sonde_plan *plan)
{
	return t->so->via == SONDE_VIA_LIBNET ? "libnet" : plan->path.socket == SONDE_SOCKET_PACKET ? "link" : "raw";
}

static void json_frame(struct json *j, const char *key, uint64_t frame)
{
	if (frame)
		json_uint(j, key, frame);
}

static void json_sent(struct printer *t, sonde_time sent_at, uint64_t n, const struct sonde_packet *p, const char *via,
		      uint64_t frame)
{
	json_event(&t->json, "send", "sent", sent_at);
	json_uint(&t->json, "n", n);
	json_str(&t->json, "packet", print_packet(t, p));
	json_hex(&t->json, "hex", sonde_view(p->data, p->len));
	json_str(&t->json, "via", via);
	json_ends(&t->json, p);
	json_frame(&t->json, "frame", frame);
	json_end(&t->json);
}

const char *frame_iface(char out[static SEND_IFACE_LEN], const struct sonde_spec *spec)
{
	const struct sonde_spec_frame *f = &spec->frame;
	int len = f->has_iface ? (int)f->iface_len : 0;
	snprintf(out, SEND_IFACE_LEN, "%.*s", len, len ? (const char *)spec->bytes + f->iface : "");
	return out;
}

uint32_t frame_wire(const struct sonde_packet *p, const struct sonde_spec *spec)
{
	const struct sonde_spec_frame *f = &spec->frame;
	return f->has_wire && f->wire < p->len ? f->wire : p->len + p->missing;
}

static void print_as_file_line(struct printer *t, const struct sonde_packet *p, const struct sonde_spec *spec)
{
	char iface[SEND_IFACE_LEN];
	const struct sonde_spec_frame *f = &spec->frame;
	struct sonde_text out = sonde_text(t->text, SONDE_PRINT_ROOM);
	uint32_t implied = p->n_layers ? sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, 0) : 0;
	struct sonde_frame_info info = {
		.has_time = f->has_time, .time = f->time, .wire_len = frame_wire(p, spec),
		.link = f->has_link ? f->link : implied, .dir = f->dir,
		.iface = f->has_iface ? frame_iface(iface, spec) : NULL,
		.comment = sonde_view(f->comment_len ? spec->bytes + f->comment : NULL, f->comment_len),
	};
	const struct sonde_packet q = with_identity(p);
	sonde_print_frame(&out, &q, &info);
	sonde_print_for_shell(&out, 0);
	puts(t->text);
}

void print_dry_run(struct printer *t, uint64_t n, const struct sonde_packet *p, const struct sonde_spec *spec,
	      const struct sonde_plan *plan)
{
	if (!prints_packets(t))
		return;
	if (t->o->json) {
		json_sent(t, sonde_clock_real(), n, p, way_name(t, plan),
			  t->writer ? sonde_writer_frames(t->writer) + 1 : 0);
	} else if (print_has_stdout(t) && t->so->packets) {
		print_as_file_line(t, p, spec);
	} else if (print_has_stdout(t)) {
		printf("> %s\n", print_packet(t, p));
		output_tree(p);
		putchar('\n');
	}
}

void print_path(const struct sonde_plan *plan)
{
	char why[200];
	struct sonde_text t = sonde_text(why, sizeof why);
	sonde_path_print(&t, &plan->path);
	message("%s%s%s", plan->iface, plan->iface[0] ? ", " : "", why);
}

void print_sent(struct printer *t, const struct sonde_sent *sent, const struct sonde_plan *plan)
{
	uint64_t n = sent->id + 1;
	if (t->o->json && prints_packets(t))
		json_sent(t, sent->stamp, n, sent->packet, way_name(t, plan),
			  t->so->no_wait && t->writer ? n : 0);
	else if (print_has_stdout(t) && prints_packets(t))
		printf("> %s\n", print_packet(t, sent->packet));
	if (t->o->verbosity > 0)
		print_path(plan);
	if (t->o->verbosity > 0 && sent->hop_ns)
		message("waited %.3f ms for the next hop's address", figures_ms((double)sent->hop_ns));
	fflush(stdout);
}

/* The sockets that were asked, and the frame that asked. */
static void json_question(struct json *j, const struct sent_packet *q)
{
	char community[SONDE_COMMUNITY_STRLEN];
	struct sonde_flow_tuple tuple;
	struct sonde_pair pair = sonde_question_pair(&q->question);
	json_pair(j, &pair);
	if (sonde_flow_tuple_of_question(&tuple, &q->question) == 0)
		json_str(j, "community_id", sonde_community_id(community, &tuple, 0));
	json_frame(j, "sent_frame", q->frame);
}

static void json_remark(struct json *j, const char *remark)
{
	if (remark)
		json_str(j, "remark", remark);
}

static void json_reply(struct printer *t, const struct sent_packet *q, const struct sonde_asker_event *e,
		       uint64_t frame)
{
	struct json *j = &t->json;
	const struct sonde_match *m = &e->match;
	json_event(j, "send", "reply", e->stamp);
	json_uint(j, "n", q->n);
	json_int(j, "rtt_ns", e->stamp - q->sent_at);
	json_clock(j, q->clock);
	if (prints_packets(t)) {
		struct sonde_packet p = *e->packet;
		sonde_infer(&p);
		json_str(j, "packet", print_packet(t, &p));
		json_hex(j, "hex", sonde_view(e->packet->data, e->packet->len));
	}
	json_str(j, "verdict", sonde_state_name(m->rule->state));
	json_str(j, "rule", m->rule->name);
	json_remark(j, e->remark);
	json_question(j, q);
	json_frame(j, "frame", frame);
	json_addr(j, "from", &m->from);
	json_end(j);
}

/* Green: something answers; red: nobody is there; yellow: something is between. */
static void print_state(const struct printer *t, enum sonde_state state)
{
	static const char *const colours[] = {
		[SONDE_STATE_OPEN] = "32",       [SONDE_STATE_UP] = "32",          [SONDE_STATE_UNFILTERED] = "32",
		[SONDE_STATE_CLOSED] = "31",     [SONDE_STATE_FILTERED] = "33",    [SONDE_STATE_OPEN_FILTERED] = "33",
		[SONDE_STATE_UNREACHABLE] = "31", [SONDE_STATE_ON_THE_WAY] = "33",
	};
	bool is_known = (unsigned)state < sizeof colours / sizeof *colours;
	const char *colour = t->has_colour && is_known ? colours[state] : NULL;
	if (colour)
		printf("\033[%sm%s\033[0m", colour, sonde_state_name(state));
	else
		fputs(sonde_state_name(state), stdout);
}

static void print_verdict(struct printer *t, const struct sent_packet *q, const struct sonde_rule *rule,
			  const struct sonde_addr *from, const char *remark)
{
	char text[NAMES_PAIR_STRLEN], addr[NAMES_STRLEN];
	struct sonde_pair pair = sonde_question_pair(&q->question);
	struct names *names = t->o->names ? &t->names : NULL;
	printf("  %s  ", names_pair(text, names, &pair));
	print_state(t, rule->state);
	printf(": %s", rule->text);
	if (from)
		printf(", says %s", names_addr(addr, names, from));
	if (remark)
		printf("; %s", remark);
	printf(" (rule %s)\n", rule->name);
}

const char *print_came_packet(const struct printer *t, const struct sonde_packet *whole)
{
	struct sonde_packet p = without_link(whole);
	sonde_infer(&p);
	mark_evidence(&p);
	return print_packet(t, &p);
}

static bool is_identity(const struct sonde_field *f)
{
	bool is_end = f->role >= SONDE_ROLE_SOURCE && f->role <= SONDE_ROLE_DESTINATION_PORT;
	return is_end || (f->always && f->open != SONDE_LOOKED_UP);
}

/* What the same answer has in another run, as a pattern: numbers that its sender chose are left out. */
static const char *print_pattern(const struct printer *t, const struct sonde_packet *whole)
{
	struct sonde_packet p = without_link(whole);
	for (unsigned i = 0; i < p.n_layers; i++) {
		struct sonde_layer *l = &p.layers[i];
		l->written = 0;
		for (const struct sonde_field *f = l->proto->fields; f->name; f++)
			if (is_identity(f))
				l->written |= SONDE_MARK(f->place);
	}
	return print_packet(t, &p);
}

/* With -o packets a line that sonde send -f waits for, and the packet behind it. */
static void print_answer(struct printer *t, const struct sonde_packet *whole, sonde_time rtt_ns)
{
	double ms = figures_ms((double)rtt_ns);
	if (t->so->packets) {
		printf("< %s", print_pattern(t, whole));
		printf("  # %.3f ms: %s\n", ms, print_came_packet(t, whole));
	} else {
		printf("< %s  %.3f ms\n", print_came_packet(t, whole), ms);
	}
}

void print_reply(struct printer *t, const struct sent_packet *q, const struct sonde_asker_event *e, uint64_t frame)
{
	const struct sonde_match *m = &e->match;
	if (t->o->json && prints_verdicts(t)) {
		json_reply(t, q, e, frame);
	} else if (print_has_stdout(t)) {
		if (prints_packets(t))
			print_answer(t, e->packet, e->stamp - q->sent_at);
		if (prints_verdicts(t))
			print_verdict(t, q, m->rule, m->from_target ? NULL : &m->from, e->remark);
	}
	fflush(stdout);
}

void print_refusal(struct printer *t, uint64_t n, int code)
{
	if (!t->o->json)
		return;
	json_event(&t->json, "send", "not_sent", sonde_clock_real());
	json_uint(&t->json, "n", n);
	json_str(&t->json, "cause", sonde_refusal_name(sonde_refusal(code)));
	json_end(&t->json);
	fflush(stdout);
}

void print_no_answer(struct printer *t, const struct sent_packet *q, const struct sonde_rule *rule, bool left,
		     const char *remark)
{
	if (!prints_verdicts(t))
		return;
	if (t->o->json) {
		json_event(&t->json, "send", left ? "silence" : "dropped", sonde_clock_real());
		json_uint(&t->json, "n", q->n);
		json_str(&t->json, "verdict", sonde_state_name(rule->state));
		json_str(&t->json, "rule", rule->name);
		json_remark(&t->json, remark);
		json_question(&t->json, q);
		json_end(&t->json);
	} else if (print_has_stdout(t)) {
		print_verdict(t, q, rule, NULL, remark);
	}
	fflush(stdout);
}
