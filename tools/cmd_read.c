/* sonde read: print packets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "flow/originator.h"
#include "io/clock.h"
#include "io/file_read.h"
#include "io/file_write.h"
#include "packet/notation.h"
#include "packet/print.h"
#include "proto/names.h"
#include "tools/cmd.h"
#include "tools/common/hexdump.h"
#include "tools/common/ledger.h"
#include "tools/common/message.h"
#include "tools/common/names.h"
#include "tools/common/options.h"
#include "tools/common/record.h"
#include "tools/common/show.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"

#define MAX_FILES  4096
#define MAX_FILTER 4096
#define LINE_MAX_LEN (4 * SONDE_MAX_FRAME + 65536) /* a frame of nothing but escapes, and its fields */

enum form { FORM_LINE, FORM_PACKETS, FORM_TREE, FORM_HEX };
enum stamp { STAMP_UTC, STAMP_LOCAL, STAMP_EPOCH, STAMP_RELATIVE, STAMP_DELTA };

struct read_options {
	const char *files[MAX_FILES];
	unsigned n_files;
	char filter[MAX_FILTER];
	size_t filter_len;
	enum form form;
	enum stamp stamp;
	bool count, coverage;
	const char *omit;
	const struct sonde_proto *hex; /* the dump's first layer */
};

enum { KEY_COUNT = OPTIONS_OWN_KEY, KEY_MATCH, KEY_OMIT, KEY_HEX, KEY_COVERAGE, KEY_TIME };

static const struct argp_option rows[] = {
	{ "output", 'o', "FORM", 0, "line (for people), packets (the notation, lossless), tree (every field), hex", 0 },
	{ "read", 'r', "FILE", 0, "a capture to read, as FILE is", 0 },
	{ "count", KEY_COUNT, NULL, 0, "print only how many packets there are", 0 },
	{ "match", KEY_MATCH, "PATTERN", 0, "only packets that match (not yet there)", 0 },
	{ "omit", KEY_OMIT, "FIELDS", 0, "leave fields out of -o packets: ip.id,tcp.seq,time", 0 },
	{ "hex", KEY_HEX, "LAYER", 0, "FILE is a hex dump of packets that begin with LAYER", 0 },
	{ "coverage", KEY_COVERAGE, NULL, 0, "print the share of header bytes that are fields", 0 },
	{ "time", KEY_TIME, "STYLE", 0, "utc, local, epoch, relative, delta", 0 },
	{ 0 },
};

/* The number of arg in a list of words ended by NULL, or -1. */
static int word_number(const char *const *words, const char *arg)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], arg) == 0)
			return i;
	return -1;
}

static error_t take_form(struct read_options *r, const char *arg)
{
	static const char *const forms[] = { "line", "packets", "tree", "hex", NULL };
	int n = word_number(forms, arg);
	if (n < 0)
		return option_bad("-o %s: one of line, packets, tree, hex", arg);
	r->form = (enum form)n;
	return 0;
}

static error_t take_stamp(struct read_options *r, const char *arg)
{
	static const char *const styles[] = { "utc", "local", "epoch", "relative", "delta", NULL };
	int n = word_number(styles, arg);
	if (n < 0)
		return option_bad("--time %s: one of utc, local, epoch, relative, delta", arg);
	r->stamp = (enum stamp)n;
	return 0;
}

static error_t take_argument(struct read_options *r, const char *arg, bool filter)
{
	if (filter) {
		size_t len = strlen(arg);
		if (r->filter_len + len + 2 > sizeof r->filter)
			return option_bad("the filter is longer than %d characters", MAX_FILTER);
		if (r->filter_len)
			r->filter[r->filter_len++] = ' ';
		memcpy(r->filter + r->filter_len, arg, len + 1);
		r->filter_len += len;
		return 0;
	}
	if (r->n_files == MAX_FILES)
		return option_bad("more than %d files", MAX_FILES);
	r->files[r->n_files++] = arg;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct read_options *r = state->input;
	switch (key) {
	case 'o': return take_form(r, arg);
	case 'r': return take_argument(r, arg, false);
	case KEY_COUNT: r->count = true; return 0;
	case KEY_COVERAGE: r->coverage = true; return 0;
	case KEY_OMIT: r->omit = arg; return 0;
	case KEY_TIME: return take_stamp(r, arg);
	case KEY_MATCH: return option_bad("--match: patterns are read but not yet run");
	case KEY_HEX:
		r->hex = sonde_proto_by_name(arg, strlen(arg));
		return r->hex ? 0 : option_bad("--hex %s: no such protocol (sonde help fields lists them)", arg);
	case ARGP_KEY_ARG: return take_argument(r, arg, option_is_behind_dashes(state));
	case ARGP_KEY_END: return r->n_files ? 0 : option_bad("no FILE (- for standard input)");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "FILE... [-- FILTER]",
	.about = "Print the packets of captures (pcap, pcapng; - for standard input).\v"
		 "FILTER is in libpcap's language. The last line, on stderr, accounts for every packet. "
		 "Exit status 1: a file is damaged; all that could be read was read.",
	.shared = OPTIONS_COUNT | OPTIONS_WRITE | OPTIONS_JSON | OPTIONS_NAMES | OPTIONS_VERBOSE,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

/* --- One run ----------------------------------------------------------------------------------------------------- */

struct run_state {
	const struct options *o;
	const struct read_options *r;
	struct json json;
	struct ledger ledger;
	struct names names;                   /* of --names */
	struct sonde_originators originators; /* of --json */
	struct sonde_writer *writer;
	sonde_time first, last;
	bool any;
	char *line; /* LINE_MAX_LEN bytes */
};

static void print_clock(const struct run_state *s, sonde_time t)
{
	char text[SONDE_TIME_STRLEN];
	struct tm tm;
	time_t seconds = (time_t)(t / SONDE_S);
	sonde_time rest = t % SONDE_S;
	if (rest < 0)
		rest += SONDE_S, seconds--;
	if (s->r->stamp == STAMP_EPOCH) {
		printf("%s ", sonde_time_format(text, t));
	} else if (s->r->stamp == STAMP_UTC || s->r->stamp == STAMP_LOCAL) {
		if (s->r->stamp == STAMP_UTC)
			gmtime_r(&seconds, &tm);
		else
			localtime_r(&seconds, &tm);
		strftime(text, sizeof text, "%F %T", &tm);
		printf("%s.%09lld ", text, (long long)rest);
	} else {
		printf("%s ", sonde_time_format(text, t - (s->r->stamp == STAMP_DELTA ? s->last : s->first)));
	}
}

/* Whether NAME or PROTO.NAME is one of the words of --omit. */
static bool is_omitted(const char *omit, const char *proto, const char *name)
{
	char full[80];
	snprintf(full, sizeof full, "%s.%s", proto, name);
	while (omit && *omit) {
		size_t n = strcspn(omit, ",");
		if ((strlen(name) == n && memcmp(name, omit, n) == 0) || (strlen(full) == n && memcmp(full, omit, n) == 0))
			return true;
		omit += n + (omit[n] == ',');
	}
	return false;
}

static void omit_fields(struct sonde_packet *p, const char *omit)
{
	for (int i = 0; omit && i < p->n_layers + p->n_trailers; i++)
		for (const struct sonde_field *f = p->layers[i].proto->fields; f->name; f++)
			if (is_omitted(omit, p->layers[i].proto->name, f->name))
				p->layers[i].written &= ~SONDE_MARK(f->place);
}

static void print_packets(const struct run_state *s, struct sonde_packet *p, const struct sonde_record *rec)
{
	struct sonde_text t = sonde_text(s->line, LINE_MAX_LEN);
	struct sonde_frame_info f = {
		.has_time = !is_omitted(s->r->omit, "frame", "time"), .time = rec->time, .wire_len = rec->wire_len,
		.link = rec->link, .dir = rec->direction, .comment = rec->comment,
	};
	omit_fields(p, s->r->omit);
	sonde_print_frame(&t, p, &f);
	puts(s->line);
}

/* Who talked to whom, where there is a 5-tuple. A message that nothing answers has no other side. */
static int json_flow(struct run_state *s, const struct sonde_packet *p)
{
	struct sonde_flow_tuple t;
	int side = sonde_originators_take(&s->originators, p);
	if (side < 0) {
		message_code(side, "--json");
		return STATUS_SYSTEM;
	}
	if (sonde_flow_tuple_of(&t, p, false) == 0)
		show_json_flow(&s->json, &t, t.one_way || side == SONDE_FLOW_ORIG);
	return 0;
}

static int print_json(struct run_state *s, const struct sonde_packet *p, const struct sonde_record *rec)
{
	struct sonde_text t = sonde_text(s->line, LINE_MAX_LEN);
	json_event(&s->json, "read", "packet", rec->time);
	json_uint(&s->json, "n", s->ledger.read);
	json_uint(&s->json, "wire", rec->wire_len);
	json_uint(&s->json, "caplen", rec->bytes.len);
	json_uint(&s->json, "link", rec->link);
	if (s->writer)
		json_uint(&s->json, "frame", sonde_writer_frames(s->writer) + 1);
	int status = json_flow(s, p);
	sonde_print(&t, p);
	json_str(&s->json, "packet", s->line);
	show_json(&s->json, p);
	json_end(&s->json);
	return status;
}

static void print_text(struct run_state *s, struct sonde_packet *p, const struct sonde_record *rec)
{
	if (s->r->form == FORM_PACKETS) {
		print_packets(s, p, rec);
		return;
	}
	print_clock(s, rec->time);
	if (s->r->form == FORM_LINE) {
		show_line(stdout, p, s->o->names ? &s->names : NULL);
		putchar('\n');
		return;
	}
	printf("#%llu, %u bytes of %u\n", (unsigned long long)s->ledger.read, (unsigned)rec->bytes.len, (unsigned)rec->wire_len);
	if (s->r->form == FORM_TREE)
		show_tree(stdout, p);
	else
		show_hex(stdout, rec->bytes);
	putchar('\n');
}

static int take_record(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	struct sonde_packet p;
	sonde_dissect(&p, rec->bytes.data, (uint32_t)rec->bytes.len, rec->wire_len, first);
	ledger_count(&s->ledger, &p);
	sonde_infer(&p);
	if (!s->any)
		s->first = s->last = rec->time;
	s->any = true;
	int status = 0;
	if (s->o->json && !s->r->count && !s->r->coverage)
		status = print_json(s, &p, rec);
	else if (!s->r->count && !s->r->coverage)
		print_text(s, &p, rec);
	s->last = rec->time;
	return status ? status : record_keep(s->writer, NULL, rec);
}

static bool enough(const struct run_state *s)
{
	return s->o->count && s->ledger.read >= s->o->count;
}

static int open_failed(const struct sonde_error *e)
{
	message_error(e);
	bool damaged = e->code == SONDE_E_TRUNCATED || e->code == SONDE_E_MALFORMED;
	bool system = e->code > -4096 && e->code != -ENOENT && e->code != -EISDIR;
	return damaged ? STATUS_NOT : system ? STATUS_SYSTEM : STATUS_USAGE;
}

static int read_capture(struct run_state *s, const char *path)
{
	struct sonde_error e = { 0 };
	struct sonde_reader *reader;
	struct sonde_record rec;
	int status = 0, got = 0;
	if (sonde_reader_open(&reader, path, s->r->filter_len ? s->r->filter : NULL, &e))
		return open_failed(&e);
	while (!status && !enough(s) && (got = sonde_reader_next(&rec, reader, &e)) == 1)
		status = take_record(s, &rec, (struct sonde_id){ SONDE_SPACE_LINK, rec.link });
	if (got < 0) {
		fflush(stdout);
		message_error(&e);
		status = STATUS_NOT;
	}
	sonde_reader_close(reader);
	return status;
}

static int read_dump(struct run_state *s, const char *path)
{
	static uint8_t room[SONDE_MAX_FRAME];
	struct sonde_buf b = { room, 0, sizeof room };
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "r");
	int got = 0, status = 0;
	if (!in) {
		message("%s: %s", path, strerror(errno));
		return STATUS_USAGE;
	}
	uint32_t link = sonde_number_in(s->r->hex, SONDE_SPACE_LINK, 101);
	while (!status && !enough(s) && (got = hexdump_next(&b, in)) == 1) {
		struct sonde_record rec = {
			.time = sonde_clock_real(), .bytes = sonde_view(room, b.len), .wire_len = (uint32_t)b.len, .link = (uint16_t)link,
		};
		status = take_record(s, &rec, s->r->hex->ids[0]);
	}
	if (got < 0)
		message("%s: a packet is longer than %d bytes", path, SONDE_MAX_FRAME);
	if (!standard)
		fclose(in);
	return got < 0 ? STATUS_USAGE : status;
}

static int finish(struct run_state *s, int status)
{
	struct sonde_error e;
	if (sonde_writer_close(s->writer, &e)) {
		message_error(&e);
		status = STATUS_SYSTEM;
	}
	if (s->r->count && !s->o->json)
		printf("%llu\n", (unsigned long long)s->ledger.read);
	if (s->r->coverage && !s->o->json)
		ledger_print_coverage(stdout, &s->ledger);
	fflush(stdout);
	if (s->o->json) {
		summary_begin(&s->json, "read", sonde_clock_real());
		ledger_json(&s->json, &s->ledger);
		summary_end(&s->json, LOOP_COMPLETE, status);
	} else if (s->o->verbosity >= 0 && (s->any || status < STATUS_USAGE)) {
		ledger_print(stderr, &s->ledger);
	}
	return status;
}

int cmd_read(int argc, char **argv)
{
	static struct read_options r;
	struct options o;
	struct run_state s = { .o = &o, .r = &r };
	int status = options_parse(&o, &r, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	status = record_open(&s.writer, o.write, argv, o.seed);
	if (status)
		return status;
	s.line = malloc(LINE_MAX_LEN);
	if (!s.line) {
		message("out of memory");
		return STATUS_SYSTEM;
	}
	sonde_originators_init(&s.originators, sonde_key_from_seed(o.seed));
	json_open(&s.json, stdout);
	if (o.json)
		summary_run(&s.json, &(struct run){ .cmd = "read", .argv = argv, .seed = o.seed, .time_ns = sonde_clock_real() });
	for (unsigned i = 0; i < r.n_files && status != STATUS_SYSTEM && !enough(&s); i++) {
		int one = r.hex ? read_dump(&s, r.files[i]) : read_capture(&s, r.files[i]);
		status = one > status ? one : status;
	}
	status = finish(&s, status);
	json_close(&s.json);
	names_close(&s.names);
	sonde_originators_free(&s.originators);
	free(s.line);
	return status;
}
