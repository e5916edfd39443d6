/* sonde probe: which sockets answer? */
#include <string.h>

#include "base/text.h"
#include "io/privilege.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/targets.h"
#include "tools/probe/probe.h"

enum {
	KEY_SYN = OPTIONS_OWN_KEY,
	KEY_ACK,
	KEY_WINDOW,
	KEY_FIN,
	KEY_NULL,
	KEY_XMAS,
	KEY_CONNECT,
	KEY_UDP,
	KEY_SCTP,
	KEY_DISCOVER,
	KEY_TOP,
	KEY_OPEN,
	KEY_EXPLAIN,
	KEY_SHARD,
	KEY_TRIES,
	KEY_TTL,
	KEY_EXCLUDE,
	KEY_EXPECT,
	KEY_BASELINE,
	KEY_MERGE,
	KEY_CROSS,
	KEY_RESUME,
	KEY_BANNER,
	KEY_LIVE,
};

static const struct argp_option rows[] = {
	{ "syn", KEY_SYN, NULL, 0, "TCP SYN (the default)", 0 },
	{ "ack", KEY_ACK, NULL, 0, "TCP ACK: does a filter let it pass?", 0 },
	{ "window", KEY_WINDOW, NULL, 0, "the same; the window of the RST tells open ports of some stacks", 0 },
	{ "fin", KEY_FIN, NULL, 0, "TCP FIN", 0 },
	{ "null", KEY_NULL, NULL, 0, "TCP without flags", 0 },
	{ "xmas", KEY_XMAS, NULL, 0, "TCP FIN, PSH and URG", 0 },
	{ "connect", KEY_CONNECT, NULL, 0, "TCP by connect(2): the default without CAP_NET_RAW", 0 },
	{ "udp", KEY_UDP, NULL, 0, "UDP", 0 },
	{ "sctp", KEY_SCTP, NULL, 0, "SCTP INIT", 0 },
	{ "discover", KEY_DISCOVER, NULL, 0, "which hosts are there: an echo request, a SYN and an ACK", 0 },
	{ "ports", 'p', "PORTS", 0, "22,80,1-1024, u:53 for UDP (t, s), - for all (default: 100 usual ones)", 0 },
	{ "merge", KEY_MERGE, NULL, 0, "print what runs found, from FILEs of their --json, as of one run", 0 },
	{ "top-ports", KEY_TOP, "N", 0, "the N that are met most often", 0 },
	{ "output", 'o', "FORM", 0, "table (for people), list (ADDRESS:PORT if open), grepable, xml (as nmap's)", 0 },
	{ "open", KEY_OPEN, NULL, 0, "print open ports only", 0 },
	{ "banner", KEY_BANNER, NULL, 0, "connect to open TCP ports, and print what they say within a second", 0 },
	{ "live", KEY_LIVE, NULL, 0, "a screen with a host's ports as a map, or a row for each host", 0 },
	{ "baseline", KEY_BASELINE, "FILE", 0, "an earlier run's --json: print what changed since", 0 },
	{ "expect", KEY_EXPECT, "STATE=PORTS", 0, "say what is not so: open=22,u:53, filtered=rest, up=TARGETS", 0 },
	{ "cross-check", KEY_CROSS, NULL, 0, "of this host: say where its own sockets differ from what was found", 0 },
	{ "explain", KEY_EXPLAIN, NULL, 0, "print what each rule says, and its document", 0 },
	{ "shard", KEY_SHARD, "K/N", 0, "ask the K-th of N equal parts (from 1), with the same seed each", 0 },
	{ "resume", KEY_RESUME, "FILE", 0, "keep in FILE how far the run is, and go on where an earlier one ended", 0 },
	{ "tries", KEY_TRIES, "N", 0, "packets to one silent port at most (default: as many as it takes)", 0 },
	{ "ttl", KEY_TTL, "N", 0, "TTL, or hop limit", 0 },
	{ "targets", 'T', "FILE", 0, "targets, blank-separated (- for standard input)", 0 },
	{ "exclude", KEY_EXCLUDE, "TARGET", 0, "leave these out", 0 },
	{ 0 },
};

#define MAX_WORDS 4096
struct words {
	const char *list[MAX_WORDS];
	unsigned n;
};

/* As they were given; read when all options are known. */
static bool merges; /* the targets are files */
static struct words targets, files, excluded, ports, expected;

static error_t add_word(struct words *w, const char *what, const char *arg)
{
	if (w->n == MAX_WORDS)
		return option_bad("%s is given more than %d times", what, MAX_WORDS);
	w->list[w->n++] = arg;
	return 0;
}

static const char *tcp_option(enum sonde_scan_kind kind)
{
	static const char *const names[] = { "--syn", "--ack", "--window", "--fin", "--null", "--xmas",
					     "--connect" };
	return names[kind];
}

static error_t set_tcp(struct probe_options *po, enum sonde_scan_kind kind)
{
	if (po->kinds.has_tcp && po->kinds.tcp != kind)
		return option_bad("%s and %s: one of the two", tcp_option(po->kinds.tcp), tcp_option(kind));
	po->kinds.has_tcp = true;
	po->kinds.tcp = kind;
	return 0;
}

static error_t set_form(struct probe_options *po, const char *arg)
{
	static const char *const forms[] = { "table", "list", "grepable", "xml" };
	for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (strcmp(arg, forms[i]) == 0) {
			po->form = (enum probe_form)i;
			return 0;
		}
	}
	return option_bad("-o '%s': table, list, grepable or xml", arg);
}

static error_t set_shard(struct probe_options *po, const char *arg)
{
	const char *slash = strchr(arg, '/');
	if (!slash || sonde_uint_parse(&po->shard, arg, (size_t)(slash - arg)) ||
	    sonde_uint_parse(&po->n_shards, slash + 1, strlen(slash + 1)) || po->shard < 1 || po->shard > po->n_shards)
		return option_bad("--shard '%s': K/N, K from 1 to N", arg);
	po->shard--;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct probe_options *po = state->input;
	switch (key) {
	case KEY_SYN: return set_tcp(po, SONDE_SCAN_SYN);
	case KEY_ACK: return set_tcp(po, SONDE_SCAN_ACK);
	case KEY_WINDOW: return set_tcp(po, SONDE_SCAN_WINDOW);
	case KEY_FIN: return set_tcp(po, SONDE_SCAN_FIN);
	case KEY_NULL: return set_tcp(po, SONDE_SCAN_NULL);
	case KEY_XMAS: return set_tcp(po, SONDE_SCAN_XMAS);
	case KEY_CONNECT: return set_tcp(po, SONDE_SCAN_CONNECT);
	case KEY_UDP: po->kinds.has_udp = true; return 0;
	case KEY_SCTP: po->kinds.has_sctp = true; return 0;
	case KEY_DISCOVER: po->discover = true; return 0;
	case 'p': return add_word(&ports, "-p", arg);
	case KEY_TOP: return option_uint(&po->top_ports, "--top-ports", arg, 1, UINT16_MAX);
	case 'o': return set_form(po, arg);
	case KEY_OPEN: po->open_only = true; return 0;
	case KEY_MERGE: merges = true; return 0;
	case KEY_BASELINE: po->baseline = arg; return 0;
	case KEY_EXPECT: return add_word(&expected, "--expect", arg);
	case KEY_CROSS: po->cross_check = true; return 0;
	case KEY_EXPLAIN: po->explain = true; return 0;
	case KEY_BANNER: po->banner = true; return 0;
	case KEY_LIVE: po->live = true; return 0;
	case KEY_RESUME: po->resume = arg; return 0;
	case KEY_SHARD: return set_shard(po, arg);
	case KEY_TRIES: return option_uint(&po->tries, "--tries", arg, 1, SONDE_SCAN_TRIES - 1);
	case KEY_TTL: return option_uint(&po->ttl, "--ttl", arg, 1, UINT8_MAX);
	case 'T': return add_word(&files, "-T", arg);
	case KEY_EXCLUDE: return add_word(&excluded, "--exclude", arg);
	case ARGP_KEY_ARG: return add_word(&targets, "TARGET", arg);
	case ARGP_KEY_END: return targets.n || files.n ? 0 : option_bad("no TARGET");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "TARGET... [-p PORTS]\n--merge FILE...",
	.about = "Say which sockets answer, and the rule by which each state is known.\v"
		 "TARGET is a name, an address, a prefix or a range (10.0.0.1-20). The pace is found out: as fast as "
		 "nothing is lost. What stays silent is asked again until an answer that is still missing is next to "
		 "impossible. Exit status: 0 all was asked, nothing is in doubt, and all is as expected; 1 not so.",
	.shared = OPTIONS_NETWORK | OPTIONS_PACE | OPTIONS_WRITE | OPTIONS_JSON | OPTIONS_SEED | OPTIONS_NAMES |
		  OPTIONS_VERBOSE | OPTIONS_DRY | OPTIONS_SAFETY | OPTIONS_SANDBOX | OPTIONS_SET,
	.own = rows,
	.parse = parse,
};

static int read_hosts(struct probe_hosts *h, const struct options *o)
{
	struct consent c = { 0 };
	int status = 0;
	for (unsigned i = 0; !status && i < targets.n; i++)
		status = probe_hosts_add(h, targets.list[i], o->family);
	for (unsigned i = 0; !status && i < files.n; i++)
		status = files_refuse_itself(o->write, files.list[i]);
	for (unsigned i = 0; !status && i < files.n; i++)
		status = probe_hosts_add_file(h, files.list[i], o->family);
	for (unsigned i = 0; !status && i < excluded.n; i++)
		status = probe_hosts_exclude(h, excluded.list[i], o->family);
	if (!status)
		status = probe_hosts_arrange(h);
	for (uint32_t i = 0; !status && i < h->n; i++)
		status = consent_check_span(&c, o, &h->spans[i]);
	return status;
}

/* is_user: no raw socket can be had. */
static int read_ports(struct probe_options *po, bool is_user)
{
	struct probe_ports *p = &po->ports;
	struct probe_kinds *k = &po->kinds;
	int status = 0;
	if (po->discover && (ports.n || po->top_ports || k->has_tcp || k->has_udp || k->has_sctp)) {
		message("--discover asks for hosts: it takes neither ports nor kinds of probes");
		return STATUS_USAGE;
	}
	if (po->discover)
		return probe_ports_add_discovery(p);
	if (!k->has_tcp && !k->has_udp && !k->has_sctp)
		*k = (struct probe_kinds){ .tcp = is_user ? SONDE_SCAN_CONNECT : SONDE_SCAN_SYN, .has_tcp = true };
	for (unsigned i = 0; !status && i < ports.n; i++)
		status = probe_ports_add(p, ports.list[i], k);
	if (!status && (po->top_ports || !ports.n))
		status = probe_ports_add_top(p, po->top_ports ? po->top_ports : PROBE_TOP_PORTS, k);
	if (!status && !p->n) {
		message("no port is left to ask");
		status = STATUS_USAGE;
	}
	return status;
}

/* What was asked is in the files. */
static int merge(struct options *o, struct probe_options *po, char **argv)
{
	bool asks = ports.n || po->top_ports || files.n || excluded.n || po->discover || po->kinds.has_tcp ||
		    po->kinds.has_udp || po->kinds.has_sctp || po->n_shards || o->dry_run || o->write || po->resume ||
		    po->banner || o->n_set;
	if (asks || expected.n || po->baseline || o->names) {
		message("--merge asks nothing: it takes only what says how results are printed");
		return STATUS_USAGE;
	}
	return probe_merge(o, po, targets.list, targets.n, argv);
}

/* Options that do not go together. Returns 0 or STATUS_USAGE after a message. */
static int check(const struct options *o, const struct probe_options *po)
{
	const struct {
		bool together;
		const char *text;
	} mistakes[] = {
		{ po->form != PROBE_TABLE && (o->json || o->dry_run || options_write_stdout(o)),
		  "-o takes standard output for itself: without --json, --dry-run and -w -" },
		{ po->form != PROBE_TABLE && po->baseline, "--baseline has a form of its own: without -o" },
		{ po->banner && (po->form != PROBE_TABLE || o->dry_run || po->baseline),
		  "--banner is for tables and --json of a run: without -o, --dry-run and --baseline" },
		{ po->resume && o->dry_run, "--resume keeps what was asked: without --dry-run" },
		{ po->live && (po->form != PROBE_TABLE || o->json || o->dry_run || merges || options_write_stdout(o)),
		  "--live is a screen of a run: without -o, --json, --dry-run, --merge and -w -" },
	};
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		if (mistakes[i].together) {
			message("%s", mistakes[i].text);
			return STATUS_USAGE;
		}
	}
	return 0;
}

static int probe(struct options *o, struct probe_options *po, char **argv)
{
	if (!o->family)
		o->family = o->source.family;
	int status = read_ports(po, !o->dry_run && !sonde_privilege_has_raw());
	if (!status)
		status = read_hosts(&po->hosts, o);
	if (!status)
		status = probe_ports_arrange(&po->ports);
	if (!status)
		status = probe_expect_read(&po->expect, expected.list, expected.n, po, o->family);
	if (!status)
		status = (o->dry_run ? probe_dry : probe_run)(o, po, argv);
	probe_expect_free(&po->expect);
	probe_hosts_free(&po->hosts);
	probe_ports_free(&po->ports);
	return status;
}

int cmd_probe(int argc, char **argv)
{
	static struct probe_options po;
	struct options o;
	int status = options_parse(&o, &po, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	if (check(&o, &po))
		return STATUS_USAGE;
	return (merges ? merge : probe)(&o, &po, argv);
}
