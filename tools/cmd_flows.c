/* sonde flows: who talked to whom. */
#include <string.h>

#include "tools/cmd.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/taps.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"
#include "tools/flows/threads.h"

enum {
	KEY_SORT = OPTIONS_OWN_KEY,
	KEY_TOP,
	KEY_BY,
	KEY_LIKE,
	KEY_TIMEOUT,
	KEY_MEMORY,
	KEY_SHARD,
	KEY_NO_SUMS,
	KEY_WHY,
	KEY_RING,
	KEY_LIVE,
	KEY_PROCESS,
	KEY_THREADS,
	KEY_STATE_IN,
	KEY_STATE_OUT,
	KEY_MERGE,
	KEY_SERIES,
	KEY_GRAPH,
	KEY_LADDER,
	KEY_MAP
};

static const struct argp_option rows[] = {
	{ "output", 'o', "FORM", 0, "table (for people), csv, clickhouse, clickhouse-schema", 0 },
	{ "read", 'r', "FILE", 0, "a capture to read, as FILE is", 0 },
	{ "like", KEY_LIKE, "TOOL", 0, "the lines that zeek, tcptrace, tshark or nfdump prints", 0 },
	{ "sort", KEY_SORT, "FIELD", 0, "the largest first, of any field (default: by start)", 0 },
	{ "top", KEY_TOP, "N", 0, "only the first N rows", 0 },
	{ "by", KEY_BY, "WHAT", 0, "sums by pair, socket, host, port, service or process", 0 },
	{ "why", KEY_WHY, NULL, 0, "what each flow waited for, and how long", 0 },
	{ "series", KEY_SERIES, "DUR", 0, "counts of each interval, and not of each flow", 0 },
	{ "graph", KEY_GRAPH, "FILE", 0, "draw sequence numbers over time, of the one flow chosen (SVG)", 0 },
	{ "ladder", KEY_LADDER, "FILE", 0, "draw its packets between the two sockets (SVG)", 0 },
	{ "map", KEY_MAP, "FILE", 0, "draw the hosts and who talked to whom (SVG)", 0 },
	{ "timeout", KEY_TIMEOUT, "DUR", 0, "silence that ends a flow (default: TCP 5m, others 1m)", 0 },
	{ "memory", KEY_MEMORY, "SIZE", 0, "at most so many bytes: the longest silent are printed in parts", 0 },
	{ "shard", KEY_SHARD, "K/N", 0, "only flows of part K of N: the tables of all parts add up", 0 },
	{ "live", KEY_LIVE, NULL, 0, "with -I: a screen of the busiest flows", 0 },
	{ "process", KEY_PROCESS, NULL, 0, "with -I: the process that has the socket", 0 },
	{ "ring", KEY_RING, "SIZE", 0, "with -I: bytes that wait at each interface (default 64 MiB; 1G at most)", 0 },
	{ "threads", KEY_THREADS, "N", 0, "for files: so many threads (default: the cores, at most 2)", 0 },
	{ "state-in", KEY_STATE_IN, "FILE", 0, "go on with the open flows that --state-out saved", 0 },
	{ "state-out", KEY_STATE_OUT, "FILE", 0, "save the open flows for the next piece of the capture", 0 },
	{ "merge", KEY_MERGE, NULL, 0, "print the flows of earlier runs, whose JSON is in FILE...", 0 },
	{ "no-checksums", KEY_NO_SUMS, NULL, 0, "take packets with wrong checksums for good", 0 },
	{ 0 },
};

struct word {
	const char *name;
	int value;
};

/* The value of a word, or -1. */
static int value_of(const struct word *words, const char *arg)
{
	for (; words->name; words++)
		if (strcmp(words->name, arg) == 0)
			return words->value;
	return -1;
}

static error_t parse_form(struct flows_options *f, const char *arg)
{
	static const struct word words[] = { { "table", FLOWS_TABLE },
					     { "csv", FLOWS_CSV },
					     { "clickhouse", FLOWS_CLICKHOUSE },
					     { "clickhouse-schema", FLOWS_SCHEMA },
					     { 0 } };
	int form = value_of(words, arg);
	if (form < 0)
		return option_bad("-o %s: one of table, csv, clickhouse, clickhouse-schema", arg);
	f->form = (enum flows_form)form;
	f->has_form = true;
	return 0;
}

static error_t parse_like(struct flows_options *f, const char *arg)
{
	static const struct word words[] = { { "zeek", FLOWS_ZEEK },     { "tcptrace", FLOWS_TCPTRACE },
					     { "tshark", FLOWS_TSHARK }, { "nfdump", FLOWS_NFDUMP },
					     { 0 } };
	int form = value_of(words, arg);
	if (form < 0)
		return option_bad("--like %s: one of zeek, tcptrace, tshark, nfdump", arg);
	f->form = (enum flows_form)form;
	f->table.finds_details = form == FLOWS_TCPTRACE;
	return 0;
}

static error_t parse_by(struct flows_options *f, const char *arg)
{
	static const struct word words[] = { { "pair", FLOWS_BY_PAIR }, { "socket", FLOWS_BY_SOCKET },
					     { "host", FLOWS_BY_HOST }, { "port", FLOWS_BY_PORT },
					     { "service", FLOWS_BY_SERVICE }, { "process", FLOWS_BY_PROCESS },
					     { 0 } };
	int by = value_of(words, arg);
	if (by < 0)
		return option_bad("--by %s: one of pair, socket, host, port, service, process", arg);
	f->by = (enum flows_by)by;
	f->process |= f->by == FLOWS_BY_PROCESS;
	return 0;
}

static error_t parse_sort(struct flows_options *f, const char *arg)
{
	f->has_sort = true;
	f->sort = NULL;
	if (strcmp(arg, "start") == 0 || strcmp(arg, "time") == 0 || strcmp(arg, "ts") == 0)
		return 0;
	f->sort = column_to_sort_by(arg);
	if (!f->sort)
		return option_bad("--sort %s: no such field; bytes, packets, retransmits, start, duration, or any of "
				  "sonde flows -o csv", arg);
	if (f->sort->type == COLUMN_TEXT || f->sort->type == COLUMN_ADDR)
		return option_bad("--sort %s: that is no number (FIELD=SET chooses by words)", arg);
	return 0;
}

static error_t parse_shard(struct flows_options *f, const char *arg)
{
	uint64_t k, n;
	const char *slash = strchr(arg, '/');
	if (!slash || sonde_uint_parse(&k, arg, (size_t)(slash - arg)) ||
	    sonde_uint_parse(&n, slash + 1, strlen(slash + 1)) || k < 1 || k > n || n > UINT32_MAX)
		return option_bad("--shard %s: K/N, with K from 1 to N", arg);
	f->table.shard = (uint32_t)(k - 1);
	f->table.n_shards = (uint32_t)n;
	return 0;
}

static error_t parse_threads(struct flows_options *f, const char *arg)
{
	uint64_t n;
	error_t err = option_uint(&n, "--threads", arg, 1, FLOWS_THREADS_MAX);
	if (!err)
		f->n_threads = (unsigned)n;
	return err;
}

static error_t parse_argument(struct flows_options *f, const char *arg, bool behind_dashes)
{
	if (!behind_dashes && choices_are(arg))
		return choices_add(&f->choices, &flows_table, arg);
	return captures_argument(&f->captures, arg, behind_dashes);
}

#define LEAST_MEMORY 1000000
#define MOST_MEMORY  1000000000000

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct flows_options *f = state->input;
	error_t err;
	switch (key) {
	case 'o': return parse_form(f, arg);
	case 'r': return captures_argument(&f->captures, arg, false);
	case KEY_LIKE: return parse_like(f, arg);
	case KEY_SORT: return parse_sort(f, arg);
	case KEY_TOP: return option_uint(&f->top, "--top", arg, 1, UINT64_MAX);
	case KEY_BY: return parse_by(f, arg);
	case KEY_TIMEOUT:
		err = option_duration(&f->table.tcp_silence, "--timeout", arg);
		f->table.other_silence = f->table.tcp_silence;
		return err ? err : f->table.tcp_silence ? 0 : option_bad("--timeout %s: over 0", arg);
	case KEY_MEMORY: return option_bytes(&f->table.most_bytes, "--memory", arg, LEAST_MEMORY, MOST_MEMORY);
	case KEY_SHARD: return parse_shard(f, arg);
	case KEY_LIVE: f->live = true; return 0;
	case KEY_PROCESS: f->process = true; return 0;
	case KEY_THREADS: return parse_threads(f, arg);
	case KEY_RING: return option_bytes(&f->ring_bytes, "--ring", arg, TAPS_LEAST_RING, TAPS_MOST_RING);
	case KEY_STATE_IN: f->state_in = arg; return 0;
	case KEY_STATE_OUT: f->state_out.path = arg; return 0;
	case KEY_MERGE: f->merges = true; return 0;
	case KEY_SERIES:
		err = option_duration(&f->series.span, "--series", arg);
		return err ? err : f->series.span ? 0 : option_bad("--series %s: over 0", arg);
	case KEY_GRAPH: f->graph.path = arg; return 0;
	case KEY_LADDER: f->ladder.path = arg; return 0;
	case KEY_MAP: f->map.path = arg; return 0;
	case KEY_WHY: f->table.finds_stalls = true; return 0;
	case KEY_NO_SUMS: f->table.trusts_sums = true; return 0;
	case ARGP_KEY_ARG: return parse_argument(f, arg, option_is_behind_dashes(state));
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "FILE... [FIELD=SET...] [-- FILTER]\n-I NAME [FIELD=SET...] [-- FILTER]\n"
		"--merge FILE... [FIELD=SET...]",
	.about = "Print who talked to whom in captures, or on interfaces as flows end: "
		 "a row for each flow, its originator first.\v"
		 "FIELD=SET chooses: resp_p=443,8443 conn_state=S0 host=10.0.0.0/8 duration=1s-. "
		 "FILTER is in libpcap's language. The last line, on stderr, accounts for every packet. "
		 "Exit status 1: a file is damaged; all that could be read was read.",
	.shared = OPTIONS_IFACE | OPTIONS_DEADLINE | OPTIONS_COUNT | OPTIONS_JSON | OPTIONS_NAMES | OPTIONS_VERBOSE |
		  OPTIONS_SANDBOX | OPTIONS_SEED,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

/* Ways of a run that go with few of the others. */
static error_t check_ways(const struct flows_options *f, const struct options *o)
{
	bool states = f->state_in || f->state_out.path, draws = f->graph.path || f->ladder.path;
	if (draws && (f->merges || states || f->table.most_bytes))
		return option_bad("--graph and --ladder read packets again: without --merge, --memory and --state-*");
	if (f->merges && (states || f->map.path || f->captures.filter_len || f->table.n_shards || f->table.most_bytes ||
			  f->table.finds_stalls || f->table.finds_details || f->table.trusts_sums || o->names))
		return option_bad("--merge reads no packets: it takes only what says which rows are printed, and how");
	if (f->series.span && (states || draws || f->map.path || f->merges || f->by || f->sort || f->top ||
			       f->choices.n || f->table.finds_stalls || o->names || f->form > FLOWS_JSON))
		return option_bad("--series counts packets: it takes -- FILTER, -o csv and --json");
	return 0;
}

static error_t check_source(const struct flows_options *f, const struct options *o)
{
	bool files_alone = f->state_in || f->state_out.path || f->graph.path || f->ladder.path || f->merges ||
			   f->series.span;
	if (f->form == FLOWS_SCHEMA)
		return option_bad("-o clickhouse-schema prints the table alone: without FILE and --json");
	if (!f->captures.n_files && !o->n_ifaces)
		return option_bad("no FILE (- for standard input) and no interface (-I)");
	if (f->captures.n_files && o->n_ifaces)
		return option_bad("-I and FILE: one of the two");
	if (!o->n_ifaces && (o->deadline_ns >= 0 || f->ring_bytes || f->live || f->process))
		return option_bad("--%s is for -I", f->live	   ? "live"
						    : f->process   ? "process"
						    : f->ring_bytes ? "ring"
								    : "deadline");
	if (o->n_ifaces && (f->n_threads || files_alone))
		return option_bad("--threads, --series, --graph, --ladder, --merge and --state-* are for files");
	if (f->live && (o->json || f->form != FLOWS_TABLE || f->by || f->table.finds_stalls || o->names || f->map.path))
		return option_bad("--live is a screen: without --json, -o csv, --like, --by, --why, --names and --map");
	return 0;
}

static error_t check(const struct flows_options *f, const struct options *o)
{
	error_t err = check_source(f, o);
	if (!err)
		err = check_ways(f, o);
	if (err)
		return err;
	if (o->json && f->form != FLOWS_TABLE)
		return option_bad("--json is a form of its own, without -o and --like");
	if (f->has_form && f->form == FLOWS_TABLE && o->json)
		return option_bad("-o table or --json: one of the two");
	if (f->by && f->has_sort)
		return option_bad("--by puts the most bytes first: without --sort");
	if (f->by && f->form != FLOWS_TABLE && f->form != FLOWS_CSV)
		return option_bad("--by prints a table, -o csv or --json");
	return 0;
}

int cmd_flows(int argc, char **argv)
{
	static struct flows_options f;
	struct options o;
	int status = options_parse(&o, &f, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	if (f.form == FLOWS_SCHEMA && !f.captures.n_files && !o.json) {
		flows_print_schema();
		return 0;
	}
	if (check(&f, &o))
		return STATUS_USAGE;
	if (o.json)
		f.form = FLOWS_JSON;
	return flows_run(&o, &f, argv);
}
