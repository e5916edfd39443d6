/* sonde read: print packets. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/cmd.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"
#include "tools/common/taps.h"
#include "tools/read/follow.h"
#include "tools/read/read.h"

enum {
	KEY_COUNT = OPTIONS_OWN_KEY,
	KEY_MATCH,
	KEY_OMIT,
	KEY_HEX,
	KEY_COVERAGE,
	KEY_STATS,
	KEY_FOLLOW,
	KEY_TIME,
	KEY_RING,
	KEY_TAIL
};

static const struct argp_option rows[] = {
	{ "output", 'o', "FORM", 0, "line (for people), packets (the notation, lossless), tree (every field), hex", 0 },
	{ "fields", 'T', "FIELDS", 0, "chosen fields between tabs: frame.time,ip.src,tcp.dport", 0 },
	{ "absolute", 'S', NULL, 0, "lines with TCP's sequence numbers as they are, not counted from 0", 0 },
	{ "link", 'e', NULL, 0, "lines with the addresses of the link", 0 },
	{ "read", 'r', "FILE", 0, "a capture to read, as FILE is", 0 },
	{ "count", KEY_COUNT, NULL, 0, "print only how many packets there are", 0 },
	{ "match", KEY_MATCH, "PATTERN", 0, "only packets that match, in notation: tcp dport=80 flags=+S", 0 },
	{ "omit", KEY_OMIT, "FIELDS", 0, "leave fields out of -o packets: ip.id,tcp.seq,time", 0 },
	{ "hex", KEY_HEX, "LAYER", 0, "FILE is a hex dump of packets that begin with LAYER", 0 },
	{ "coverage", KEY_COVERAGE, NULL, 0, "print the share of header bytes that are fields", 0 },
	{ "ring", KEY_RING, "SIZE", 0, "with -I: bytes that wait at each interface (default 64 MiB; 1G at most)", 0 },
	{ "stats", KEY_STATS, NULL, 0, "print protocols as a tree by packets and bytes, sizes, rates", 0 },
	{ "follow", KEY_FOLLOW, "PAIR", 0, "print what two sockets say: 10.0.0.1:40000-10.0.0.2:80", 0 },
	{ "tail", KEY_TAIL, NULL, 0, "FILE grows: wait for more, until Ctrl-C", 0 },
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

static error_t parse_form(struct read_options *r, const char *arg)
{
	static const char *const forms[] = { "line", "packets", "tree", "hex", NULL };
	int n = word_number(forms, arg);
	if (n < 0)
		return option_bad("-o %s: one of line, packets, tree, hex", arg);
	r->form = (enum read_form)n;
	r->has_form = true;
	return 0;
}

static error_t parse_stamp(struct read_options *r, const char *arg)
{
	static const char *const styles[] = { "utc", "local", "epoch", "relative", "delta", NULL };
	int n = word_number(styles, arg);
	if (n < 0)
		return option_bad("--time %s: one of utc, local, epoch, relative, delta", arg);
	r->stamp = (enum read_stamp)n;
	return 0;
}

static error_t parse_omit(struct read_options *r, const char *arg)
{
	size_t len;
	const char *unknown = omit_unknown(arg, &len);
	r->omit = arg;
	return unknown ? option_bad("--omit: no field '%.*s' (sonde help fields lists them)", (int)len, unknown) : 0;
}

static error_t parse_match(struct read_options *r, const char *arg)
{
	if (r->matches)
		return option_bad("--match given twice; a pattern with all its layers is one");
	r->matches = true;
	return option_pattern(&r->match, "--match", arg);
}

/* The first of the files that is none, but a word that filters begin with; or n_files. */
static unsigned find_filter(const struct read_options *r)
{
	static const char *const words[] = { "arp",  "and", "dst", "ether", "host",	 "icmp", "icmp6", "ip",	 "ip6",
					     "net",  "not", "or",  "port",  "portrange", "src",	 "tcp",	  "udp", "vlan",
					     NULL };
	for (unsigned i = 0; i < r->captures.n_files; i++)
		if (word_number(words, r->captures.files[i]) >= 0 && access(r->captures.files[i], F_OK))
			return i;
	return r->captures.n_files;
}

static error_t refuse_filter(const struct read_options *r, unsigned first)
{
	char line[800];
	struct sonde_text t = sonde_text(line, sizeof line);
	for (unsigned i = 0; i < r->captures.n_files; i++)
		sonde_text_fmt(&t, "%s %s", i == first ? " --" : "", r->captures.files[i]);
	return option_bad("'%s': no such file; a filter stands behind --: sonde read%s", r->captures.files[first],
			  line);
}

static error_t check(const struct read_options *r)
{
	if (r->columns.n && r->has_form)
		return option_bad("-T is a form of its own, without -o");
	unsigned filter = find_filter(r);
	if (filter < r->captures.n_files)
		return refuse_filter(r, filter);
	if (r->follows && (r->stats || r->form == READ_PACKETS || r->form == READ_TREE || r->form == READ_COLUMNS))
		return option_bad("--follow prints text (-o line), bytes (-o hex), or JSON");
	if (r->omit && r->form != READ_PACKETS)
		return option_bad("--omit is for -o packets");
	if (r->hex && r->captures.filter_len)
		return option_bad("a filter is for captures, not for --hex");
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct read_options *r = state->input;
	switch (key) {
	case 'o': return parse_form(r, arg);
	case 'r': return captures_argument(&r->captures, arg, false);
	case 'T':
		r->form = READ_COLUMNS;
		return columns_parse(&r->columns, arg);
	case 'S': r->absolute = true; return 0;
	case 'e': r->link = true; return 0;
	case KEY_COUNT: r->count = true; return 0;
	case KEY_COVERAGE: r->coverage = true; return 0;
	case KEY_STATS: r->stats = true; return 0;
	case KEY_FOLLOW:
		r->follows = true;
		return follow_parse(&r->follow, arg);
	case KEY_OMIT: return parse_omit(r, arg);
	case KEY_TAIL: r->tail = true; return 0;
	case KEY_RING: return option_bytes(&r->ring_bytes, "--ring", arg, TAPS_LEAST_RING, TAPS_MOST_RING);
	case KEY_TIME: return parse_stamp(r, arg);
	case KEY_MATCH: return parse_match(r, arg);
	case KEY_HEX:
		r->hex = sonde_proto_by_name(arg, strlen(arg));
		return r->hex ? 0 : option_bad("--hex %s: no such protocol (sonde help fields lists them)", arg);
	case ARGP_KEY_ARG: return captures_argument(&r->captures, arg, option_is_behind_dashes(state));
	case ARGP_KEY_END: return check(r);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "FILE... [-- FILTER]\n-I NAME [-- FILTER]",
	.about = "Print the packets of captures (pcap, pcapng; - for standard input), or of interfaces as they pass.\v"
		 "FILTER is in libpcap's language. The last line, on stderr, accounts for every packet. "
		 "Exit status 1: a file is damaged; all that could be read was read.",
	.shared = OPTIONS_IFACE | OPTIONS_DEADLINE | OPTIONS_COUNT | OPTIONS_WRITE | OPTIONS_JSON | OPTIONS_NAMES |
		  OPTIONS_VERBOSE | OPTIONS_SANDBOX,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

/* What is read: files or interfaces. */
static error_t check_source(const struct read_options *r, const struct options *o)
{
	if (!r->captures.n_files && !o->n_ifaces)
		return option_bad("no FILE (- for standard input) and no interface (-I)");
	if (r->captures.n_files && o->n_ifaces)
		return option_bad("-I and FILE: one of the two");
	if (r->tail && (r->captures.n_files != 1 || strcmp(r->captures.files[0], "-") == 0 || r->hex))
		return option_bad("--tail takes one FILE, a capture");
	if (o->n_ifaces && r->hex)
		return option_bad("--hex is for files");
	if (!o->n_ifaces && (o->deadline_ns >= 0 || r->ring_bytes))
		return option_bad("--%s is for -I", r->ring_bytes ? "ring" : "deadline");
	return 0;
}

int cmd_read(int argc, char **argv)
{
	static struct read_options r;
	struct options o;
	int status = options_parse(&o, &r, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	if (o.json && r.columns.n) {
		message("-T is a form of its own, without --json");
		return STATUS_USAGE;
	}
	status = check_source(&r, &o) ? STATUS_USAGE : read_run(&o, &r, argv);
	sonde_spec_free(&r.match);
	return status;
}
