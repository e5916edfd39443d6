/* sonde send: build packets, send them, show the answers. */
#include <string.h>

#include "base/addr.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"
#include "tools/send/converse.h"
#include "tools/send/respond.h"
#include "tools/send/send.h"

enum {
	KEY_VIA = OPTIONS_OWN_KEY,
	KEY_NO_WAIT,
	KEY_REPLIES,
	KEY_FRAGMENT,
	KEY_ZIP,
	KEY_ALL,
	KEY_EXPECT,
	KEY_LOOP,
	KEY_ONLY,
	KEY_RETRIES,
	KEY_ON,
	KEY_AS,
	KEY_MAP
};

static const struct argp_option rows[] = {
	{ "file", 'f', "FILE", 0, "packets, one a line, or a conversation (- for standard input)", 0 },
	{ "output", 'o', "FORM", 0, "text, or packets: nothing but notation", 0 },
	{ "via", KEY_VIA, "WAY", 0,
	  "raw (socket), link (packet socket), libnet (default: what sends the bytes unchanged)", 0 },
	{ "read", 'r', "CAPTURE", 0, "send the frames of a capture (--rate original, 2x: at its own pace)", 0 },
	{ "loop", KEY_LOOP, "N", 0, "send the capture N times", 0 },
	{ "map", KEY_MAP, "OLD=NEW", 0,
	  "of the capture, addresses in place of others: IP, MAC, or prefixes; may be repeated", 0 },
	{ "only", KEY_ONLY, "SIDE", 0,
	  "of the capture, only what each flow's originator sent (orig), or its responder (resp)", 0 },
	{ "no-wait", KEY_NO_WAIT, NULL, 0, "do not wait for answers", 0 },
	{ "replies", KEY_REPLIES, "N", 0,
	  "answers to wait for, for each packet; all: all that come in time (default 1)", 0 },
	{ "on", KEY_ON, "PATTERN", 0, "send the packet once for each that matches; @.field is the match's", 0 },
	{ "as", KEY_AS, "ADDR", 0, "speak from an address the kernel does not have, and answer ARP and ND for it", 0 },
	{ "retries", KEY_RETRIES, "N", 0,
	  "of a conversation: when an answer does not come, send the lines before it again, N times", 0 },
	{ "fragment", KEY_FRAGMENT, "BYTES", 0, "split IP packets into fragments of at most this many bytes of IP", 0 },
	{ "zip", KEY_ZIP, NULL, 0, "combine the values of sets one by one, instead of each with each", 0 },
	{ "all", KEY_ALL, NULL, 0, "send even more than 65536 packets", 0 },
	{ "expect", KEY_EXPECT, "PATTERN", 0,
	  "only answers that match count, in notation: tcp flags=SA; none: exit status 0 when no answer comes", 0 },
	{ 0 },
};

static error_t parse_via(struct send_options *so, const char *arg)
{
	static const struct { const char *name; enum sonde_via via; } paths[] = {
		{ "raw", SONDE_VIA_RAW }, { "link", SONDE_VIA_LINK }, { "libnet", SONDE_VIA_LIBNET },
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (strcmp(paths[i].name, arg) == 0) {
			so->via = paths[i].via;
			so->way = paths[i].name;
			return 0;
		}
	return option_bad("--via %s: one of raw, link, libnet", arg);
}

static error_t parse_form(struct send_options *so, const char *arg)
{
	so->form = arg;
	so->packets = strcmp(arg, "packets") == 0;
	return so->packets || strcmp(arg, "text") == 0 ? 0 : option_bad("-o %s: one of text, packets", arg);
}

static error_t parse_only(struct send_options *so, const char *arg)
{
	so->only = strcmp(arg, "orig") == 0   ? SONDE_FLOW_ORIG
		   : strcmp(arg, "resp") == 0 ? SONDE_FLOW_RESP
					      : SONDE_FLOW_NONE;
	return so->only ? 0 : option_bad("--only %s: one of orig, resp", arg);
}

static error_t parse_map(struct send_options *so, const char *arg)
{
	struct sonde_error e = { 0 };
	if (so->n_maps == SEND_MAX_MAPS)
		return option_bad("--map: at most %d times", SEND_MAX_MAPS);
	return sonde_map_parse(&so->maps[so->n_maps++], arg, &e) ? option_bad("--map %s", e.what) : 0;
}

static error_t parse_fragment(struct send_options *so, const char *arg)
{
	uint64_t bytes;
	error_t err = option_uint(&bytes, "--fragment", arg, 28, 65535);
	so->fragment = (uint32_t)bytes;
	return err;
}

static error_t parse_expect(struct send_options *so, const char *arg)
{
	if (so->expect_none || so->expects)
		return option_bad("--expect given twice");
	so->expect_none = strcmp(arg, "none") == 0;
	so->expects = !so->expect_none;
	return so->expects ? option_pattern(&so->expect, "--expect", arg) : 0;
}

static error_t parse_word(struct send_options *so, char *arg)
{
	if (so->n_words == SEND_MAX_WORDS)
		return option_bad("more than %d words: put the packet into a file and use -f", SEND_MAX_WORDS);
	so->words[so->n_words++] = arg;
	return 0;
}

/* An address where a packet is due: the habit of other tools. */
static error_t refuse_target(const char *word)
{
	struct sonde_addr a;
	if (sonde_addr_parse(&a, NULL, word, strlen(word)))
		return 0;
	const char *ip = a.family == SONDE_IP4 ? "ip" : "ip6", *icmp = a.family == SONDE_IP4 ? "icmp" : "icmp6";
	return option_bad("%s is an address, no packet: try sonde send %s dst=%s / %s type=echo", word, ip, word, icmp);
}

static error_t check_capture(const struct send_options *so)
{
	if (so->capture && so->zip)
		return option_bad("--zip is for the sets of a packet, and not for the frames of a capture (-r)");
	if (so->capture && (so->expect_none || so->expects) && !so->replies)
		return option_bad("--expect: answers to a capture are waited for with --replies N");
	if (so->capture)
		return 0;
	if (so->only)
		return option_bad("--only is for the frames of a capture (-r)");
	if (so->n_maps)
		return option_bad("--map is for the frames of a capture (-r); --set changes packets");
	if (so->loops)
		return option_bad("--loop is for the frames of a capture (-r); packets are repeated with -c N");
	return 0;
}

static error_t check_on(const struct send_options *so)
{
	if (so->answers && (so->file || so->capture))
		return option_bad("--on sends one packet for each match: write it on the command line");
	if (so->answers && (so->replies || so->expects || so->expect_none))
		return option_bad("--on is about questions, and %s about answers",
				  so->replies ? "--replies" : "--expect");
	if (so->answers && so->zip)
		return option_bad("--zip is for sets, and --on sends the first of them");
	return 0;
}

static error_t check(struct send_options *so)
{
	int sources = (so->file != NULL) + (so->capture != NULL) + (so->n_words > 0);
	if (sources > 1)
		return option_bad("one of a packet, -f FILE and -r CAPTURE, not more");
	if (sources == 0)
		return option_bad("no packet: try sonde send ip dst=10.0.0.2 / icmp type=echo");
	if (so->no_wait && (so->replies || so->expect_none || so->expects))
		return option_bad("--no-wait waits for no answers, and %s is about answers",
				  so->replies ? "--replies" : "--expect");
	error_t err = so->n_words == 1 ? refuse_target(so->words[0]) : 0;
	if (!err)
		err = check_capture(so);
	if (!err)
		err = check_on(so);
	if (err)
		return err;
	so->loops += !so->loops;
	/* A capture has its own answers in it. */
	so->no_wait |= so->capture && !so->replies;
	so->replies += !so->replies;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct send_options *so = state->input;
	switch (key) {
	case 'f': so->file = arg; return 0;
	case 'r': so->capture = arg; return 0;
	case KEY_FRAGMENT: return parse_fragment(so, arg);
	case KEY_LOOP: return option_uint(&so->loops, "--loop", arg, 1, UINT64_MAX);
	case KEY_ONLY: return parse_only(so, arg);
	case 'o': return parse_form(so, arg);
	case KEY_VIA: return parse_via(so, arg);
	case KEY_NO_WAIT: so->no_wait = true; return 0;
	case KEY_ZIP: so->zip = true; return 0;
	case KEY_ALL: so->all = true; return 0;
	case KEY_REPLIES:
		if (strcmp(arg, "all") == 0) {
			so->replies = UINT64_MAX;
			return 0;
		}
		return option_uint(&so->replies, "--replies", arg, 1, UINT64_MAX - 1);
	case KEY_MAP: return parse_map(so, arg);
	case KEY_AS: return option_addr(&so->as, "--as", arg);
	case KEY_ON:
		if (so->answers)
			return option_bad("--on given twice");
		so->answers = true;
		return option_pattern(&so->on, "--on", arg);
	case KEY_RETRIES: return option_uint(&so->retries, "--retries", arg, 0, 1000);
	case KEY_EXPECT:
		return parse_expect(so, arg);
	case ARGP_KEY_ARG: return parse_word(so, arg);
	case ARGP_KEY_END: return check(so);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "PACKET\n-f FILE\n-r CAPTURE",
	.about = "Build packets, send them, and show each answer with the pair of sockets it belongs to.\v"
		 "PACKET is in the packet notation: ip dst=10.0.0.2 / tcp dport=80 flags=S. What is left out is "
		 "computed or looked up; what is written goes out as written, right or wrong. sonde help fields "
		 "lists the fields. Exit status: 0 all were answered, 1 not all, 2 a mistake and nothing was "
		 "sent, 3 the system refused.",
	.shared = OPTIONS_NETWORK | OPTIONS_COUNT | OPTIONS_PACE | OPTIONS_WRITE | OPTIONS_SET | OPTIONS_JSON |
		  OPTIONS_SEED | OPTIONS_NAMES | OPTIONS_VERBOSE | OPTIONS_DRY | OPTIONS_SAFETY | OPTIONS_SANDBOX,
	.own = rows,
	.parse = parse,
	.replays = true,
	.numbers = true,
};

/* What a command's own options exclude of the shared ones. Returns 0 or an exit status after a message. */
static int check_shared(const struct options *o, const struct send_options *so)
{
	if (o->speed > 0 && !so->capture)
		message("--rate original and --rate 2x are for the frames of a capture (-r)");
	else if (o->source.family && so->capture)
		message("--source: the frames of a capture have their source; --set 'ip src=ADDR' writes another");
	else if (o->has_wait && so->no_wait)
		message("-W is for answers, and %s waits for none", so->capture ? "-r without --replies" : "--no-wait");
	else if (so->answers && !o->iface && !so->as.family)
		message("--on: which interface do packets come by? Say -I NAME (see: ip link)");
	else if (so->as.family && o->source.family)
		message("--as is the source; leave --source out");
	else if (so->form && o->json)
		message("-o and --json both say what is printed: one of them");
	else if (so->form && options_write_stdout(o))
		message("-o and -w - both want stdout");
	else if (so->packets && o->verbosity < 0)
		message("-q leaves out the packets, and -o packets prints nothing else");
	else
		return 0;
	return STATUS_USAGE;
}

/* The option that a conversation has no use for, or NULL. */
static const char *idle_option(const struct options *o, const struct send_options *so)
{
	return o->count                               ? "-c"
	       : o->rate_pps || o->interval_ns >= 0   ? "--rate"
	       : so->zip                              ? "--zip"
	       : so->expects || so->expect_none       ? "--expect"
	       : so->replies != 1 && !so->no_wait     ? "--replies"
	       : so->no_wait                          ? "--no-wait"
						      : NULL;
}

static int converse(struct source *s, struct printer *t)
{
	const char *idle = idle_option(s->o, s->so);
	if (!idle)
		return s->o->dry_run ? converse_dry(s, t) : converse_run(s, t);
	message("%s is for packets, and %s is a conversation: its lines say what is sent when, and what is waited for",
		idle, files_name(s->so->file));
	printer_free(t);
	return STATUS_USAGE;
}

static int run(struct source *s, struct printer *t)
{
	if (s->so->answers && !s->o->dry_run)
		return respond_run(s, t);
	if (s->text && sonde_script_is(s->text, s->len))
		return converse(s, t);
	if (s->so->retries) {
		message("--retries is for conversations (-f): packets are sent once");
		printer_free(t);
		return STATUS_USAGE;
	}
	return s->o->dry_run ? send_dry(s, t) : send_run(s, t);
}

int cmd_send(int argc, char **argv)
{
	static struct send_options so;
	static struct source source;
	struct options o;
	struct printer printer;
	int status = options_parse(&o, &so, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	status = check_shared(&o, &so);
	if (status)
		return status;
	status = source_open(&source, &o, &so);
	if (!status)
		status = printer_open(&printer, &o, &so, argv);
	if (!status)
		status = run(&source, &printer);
	source_close(&source);
	sonde_spec_free(&so.expect);
	sonde_spec_free(&so.on);
	return status;
}
