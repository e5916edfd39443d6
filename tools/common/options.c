#include "tools/common/options.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/options_mistake.h"
#include "tools/common/resolver.h"
#include "tools/common/status.h"

enum key {
	KEY_SOURCE = 0x100,
	KEY_DEADLINE,
	KEY_RATE,
	KEY_SET,
	KEY_JSON,
	KEY_SEED,
	KEY_NAMES,
	KEY_DRY_RUN,
	KEY_AUTHORISED,
	KEY_BROADCAST,
	KEY_SANDBOX,
	KEY_ROTATE,
	KEY_VERSION,
};

/* What option_bad and the help return through argp. argp itself never does. */
#define PRINTED      ECANCELED
#define HELP_PRINTED ESHUTDOWN

struct parse {
	struct options *options;
	void *own;
	const struct usage *usage;
	int next; /* where argp stood when it met an option it does not know; 0: it did not */
};

/* The last number of a row sorts the help: a command's own options first (0), then these, then what all have (-1). */
static const struct argp_option family_rows[] = {
	{ NULL, '4', NULL, 0, "IPv4 only", 1 },
	{ NULL, '6', NULL, 0, "IPv6 only", 1 },
	{ "source", KEY_SOURCE, "ADDR", 0, "source address (default: the route's)", 1 },
	{ 0 },
};

static const struct argp_option iface_rows[] = {
	{ "iface", 'I', "NAME", 0, "interface, or an address of it", 1 },
	{ 0 },
};

static const struct argp_option count_rows[] = {
	{ NULL, 'c', "N", 0, "rounds, or packets to read", 1 },
	{ 0 },
};

static const struct argp_option rate_rows[] = {
	{ NULL, 'i', "DUR", 0, "interval; durations take ns us ms s m h d, bare numbers are seconds", 1 },
	{ "rate", KEY_RATE, "N", 0, "packets a second over all (10k; max: no limit)", 1 },
	{ 0 },
};

static const struct argp_option wait_rows[] = {
	{ NULL, 'W', "DUR", 0, "wait for one reply (default 1s)", 1 },
	{ 0 },
};

static const struct argp_option deadline_rows[] = {
	{ "deadline", KEY_DEADLINE, "DUR", 0, "end of the whole run", 1 },
	{ 0 },
};

static const struct argp_option write_rows[] = {
	{ NULL, 'w', "FILE", 0, "write every packet to FILE (pcapng; or .pcap, .gz, .zst, .lz4; -: stdout)", 1 },
	{ "rotate", KEY_ROTATE, "WHEN", 0, "go on in FILE-00002 and so on: 100M, 1h, 10M,files=5", 1 },
	{ 0 },
};

static const struct argp_option file_rows[] = {
	{ NULL, 'w', "FILE", 0, "write every packet to FILE (pcapng; or .pcap, .gz, .zst, .lz4)", 1 },
	{ 0 },
};

static const struct argp_option set_rows[] = {
	{ "set", KEY_SET, "PACKET", 0, "fields to overwrite in what is sent, in notation", 1 },
	{ 0 },
};

static const struct argp_option json_rows[] = {
	{ "json", KEY_JSON, NULL, 0, "one JSON object a line on stdout", 1 },
	{ 0 },
};

static const struct argp_option seed_rows[] = {
	{ "seed", KEY_SEED, "N", 0, "every random choice follows from N", 1 },
	{ 0 },
};

static const struct argp_option names_rows[] = {
	{ "names", KEY_NAMES, NULL, 0, "names in place of addresses", 1 },
	{ NULL, 'n', NULL, 0, "numbers only (the default)", 1 },
	{ 0 },
};

static const struct argp_option verbose_rows[] = {
	{ NULL, 'q', NULL, 0, "less", 1 },
	{ NULL, 'v', NULL, 0, "more", 1 },
	{ 0 },
};

static const struct argp_option dry_rows[] = {
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "build everything, send nothing", 1 },
	{ 0 },
};

static const struct argp_option safety_rows[] = {
	{ "authorised", KEY_AUTHORISED, NULL, 0, "the targets' owner agrees to a wide or fast run", 1 },
	{ "broadcast", KEY_BROADCAST, NULL, 0, "broadcast and multicast targets are meant", 1 },
	{ 0 },
};

static const struct argp_option sandbox_option_rows[] = {
	{ "sandbox", KEY_SANDBOX, "MODE", 0, "strict, best-effort (the default), off: see sonde help sandbox", 1 },
	{ 0 },
};

static const struct argp_option common_rows[] = {
	{ "help", 'h', NULL, 0, "this help", -1 },
	{ "version", KEY_VERSION, NULL, 0, "the version", -1 },
	{ 0 },
};

/* In the order of enum options_group. */
static const struct argp_option *const groups[] = {
	family_rows, count_rows,   rate_rows, write_rows,  set_rows,   json_rows, seed_rows,
	names_rows,  verbose_rows, dry_rows,  safety_rows, iface_rows, wait_rows, file_rows,
	sandbox_option_rows, deadline_rows, common_rows,
};

#define N_GROUPS (sizeof(groups) / sizeof(*groups))
#define COMMON   (1u << (N_GROUPS - 1))

static unsigned list_rows(const struct argp_option *rows[static N_GROUPS + 2], const struct usage *u, unsigned mask)
{
	unsigned n = 0;

	if (u->own)
		rows[n++] = u->own;
	for (unsigned i = 0; i < N_GROUPS; i++)
		if (mask & 1u << i)
			rows[n++] = groups[i];
	rows[n] = NULL;
	return n;
}

static error_t set_family(struct options *o, enum sonde_family family)
{
	if (o->family && o->family != family)
		return option_bad("-4 and -6: one of the two (without them, either)");
	o->family = family;
	return 0;
}

static error_t parse_iface(struct options *o, const char *arg)
{
	if (o->n_ifaces == OPTIONS_IFACE_MAX)
		return option_bad("-I is given more than %d times", OPTIONS_IFACE_MAX);
	o->iface = o->ifaces[o->n_ifaces++] = arg;
	return 0;
}

static error_t parse_network(struct options *o, int key, const char *arg)
{
	switch (key) {
	case '4': return set_family(o, SONDE_IP4);
	case '6': return set_family(o, SONDE_IP6);
	case 'I': return parse_iface(o, arg);
	case KEY_SOURCE: return option_addr(&o->source, "--source", arg);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_pace(struct options *o, int key, const char *arg)
{
	switch (key) {
	case 'c': return option_uint(&o->count, "-c", arg, 1, UINT64_MAX);
	case 'i': return option_interval(&o->interval_ns, arg);
	case 'W': o->has_wait = true; return option_duration(&o->wait_ns, "-W", arg);
	case KEY_DEADLINE: return option_duration(&o->deadline_ns, "--deadline", arg);
	case KEY_RATE: return option_speed(&o->speed, arg) ? 0 : option_rate(&o->rate_pps, "--rate", arg);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_set(struct options *o, const char *arg)
{
	if (o->n_set == OPTIONS_SET_MAX)
		return option_bad("--set is given more than %d times", OPTIONS_SET_MAX);
	o->set[o->n_set++] = arg;
	return 0;
}

static error_t parse_sandbox(struct options *o, const char *arg)
{
	static const char *const modes[] = { "best-effort", "strict", "off" };
	for (o->sandbox = 0; o->sandbox < 3; o->sandbox++)
		if (strcmp(arg, modes[o->sandbox]) == 0) {
			resolver_sandbox(o->sandbox);
			return 0;
		}
	return option_bad("--sandbox %s: one of strict, best-effort, off", arg);
}

static error_t parse_output(struct options *o, int key, const char *arg)
{
	switch (key) {
	case 'w': return option_file(&o->write, arg);
	case KEY_ROTATE: return option_rotation(&o->rotation, arg);
	case 'n': o->numbers = true; return 0;
	case 'q': return o->verbosity > 0 ? option_bad("-v and -q: one of the two") : (o->verbosity--, 0);
	case 'v': return o->verbosity < 0 ? option_bad("-q and -v: one of the two") : (o->verbosity++, 0);
	case KEY_SET: return parse_set(o, arg);
	case KEY_JSON: o->json = true; return 0;
	case KEY_SEED:
		o->has_seed = true;
		return option_uint(&o->seed, "--seed", arg, 0, UINT64_MAX);
	case KEY_NAMES: o->names = true; return 0;
	case KEY_DRY_RUN: o->dry_run = true; return 0;
	case KEY_AUTHORISED: o->authorised = true; return 0;
	case KEY_SANDBOX: return parse_sandbox(o, arg);
	case KEY_BROADCAST: o->broadcast = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static error_t check_together(const struct options *o, const struct usage *u)
{
	if (o->speed > 0 && !u->replays)
		return option_bad("--rate original and --rate 2x are for captures that are sent again");
	/* A ping of several targets has a rate and an interval of its rounds, and looks itself. */
	if (u->replays && o->interval_ns >= 0 && (o->rate_pps || o->speed > 0))
		return option_bad("-i and --rate both say how fast packets leave: one of them");
	if (o->source.family && o->family && o->source.family != o->family)
		return option_bad("--source is an IPv%d address, and -%d asks for the other family", o->source.family,
				  o->family);
	if (o->names && o->numbers)
		return option_bad("--names and -n: one of the two");
	if (sonde_rotates(&o->rotation) && (!o->write || options_write_stdout(o)))
		return option_bad("--rotate is for the file of -w");
	if (o->json && options_write_stdout(o))
		return option_bad("--json and -w - both want stdout");
	return 0;
}

/* getopt takes the beginning of a name for the name. */
static error_t refuse_abbreviation(int key, const char *arg, const struct argp_state *state)
{
	const struct parse *p = state->input;
	const struct argp_option *rows[N_GROUPS + 2];

	list_rows(rows, p->usage, p->usage->shared | COMMON);
	return options_abbreviated(rows, key, arg, state->argv, state->next) ? PRINTED : 0;
}

static error_t parse_own(int key, char *arg, struct argp_state *state)
{
	const struct parse *p = state->input;
	error_t err = refuse_abbreviation(key, arg, state);

	if (err)
		return err;
	state->input = p->own;
	return p->usage->parse ? p->usage->parse(key, arg, state) : ARGP_ERR_UNKNOWN;
}

static error_t parse_shared(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;

	if (key == ARGP_KEY_END)
		return check_together(p->options, p->usage);
	error_t err = refuse_abbreviation(key, arg, state);
	if (err)
		return err;
	err = parse_network(p->options, key, arg);
	if (err == ARGP_ERR_UNKNOWN)
		err = parse_pace(p->options, key, arg);
	return err == ARGP_ERR_UNKNOWN ? parse_output(p->options, key, arg) : err;
}

/* The parser at the root: hands the others their input and answers what all commands answer alike. */
static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		for (unsigned i = 0; state->root_argp->children[i].argp; i++)
			state->child_inputs[i] = p;
		return 0;
	case ARGP_KEY_ERROR: p->next = state->next; return 0;
	case 'h':
		if (refuse_abbreviation(key, arg, state))
			return PRINTED;
		state->flags &= ~(unsigned)ARGP_NO_ERRS; /* without it argp is silent here too */
		argp_state_help(state, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
		return HELP_PRINTED;
	case KEY_VERSION:
		if (refuse_abbreviation(key, arg, state))
			return PRINTED;
		puts("sonde " SONDE_VERSION);
		return HELP_PRINTED;
	default: return ARGP_ERR_UNKNOWN;
	}
}

/* Leaves out the note that arguments of long options are those of the letters too. */
static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)(uintptr_t)text;
}

/* Let argp do it. children[0] is the command's own, so that its options come first in the help. */
static error_t run_argp(struct parse *p, int argc, char **argv)
{
	const struct usage *u = p->usage;
	struct argp own = { .options = u->own, .parser = parse_own };
	struct argp shared[N_GROUPS];
	struct argp_child children[N_GROUPS + 2] = { { .argp = &own } };
	struct argp root = { common_rows, parse_common, u->args, u->about, children, filter_help, NULL };
	unsigned n = 1;

	for (unsigned i = 0; i < N_GROUPS - 1; i++) {
		if (!(u->shared & 1u << i))
			continue;
		shared[i] = (struct argp){ .options = groups[i], .parser = parse_shared };
		children[n++].argp = &shared[i];
	}
	return argp_parse(&root, argc, argv, ARGP_NO_HELP | ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_IN_ORDER, NULL, p);
}

const struct argp_option *options_clash(const struct usage *usage)
{
	const struct argp_option *rows[N_GROUPS + 2];
	unsigned n = list_rows(rows, usage, ~0u);

	for (const struct argp_option *own = usage->own; own && (own->name || own->key); own++)
		for (unsigned i = 1; i < n; i++)
			for (const struct argp_option *row = rows[i]; row->name || row->key; row++)
				if (row->key == own->key || (row->name && own->name && !strcmp(row->name, own->name)))
					return own;
	return NULL;
}

bool options_write_stdout(const struct options *o)
{
	return o->write && strcmp(o->write, "-") == 0;
}

sonde_time options_gap(const struct options *o, sonde_time otherwise_ns)
{
	if (o->rate_pps == OPTIONS_RATE_MAX)
		return 0;
	return o->rate_pps ? (sonde_time)((uint64_t)SONDE_S / o->rate_pps) : otherwise_ns;
}

int options_parse(struct options *o, void *own, const struct usage *usage, int argc, char **argv)
{
	const struct argp_option *rows[N_GROUPS + 2];
	struct parse parse = { .options = o, .own = own, .usage = usage };
	int bad = usage->bad_status ? usage->bad_status : STATUS_USAGE;

	assert(!options_clash(usage));
	*o = (struct options){ .interval_ns = -1, .wait_ns = SONDE_S, .deadline_ns = -1, .uid = getuid() };
	if (getrandom(&o->seed, sizeof(o->seed), GRND_NONBLOCK) < 0)
		o->seed = 0;
	list_rows(rows, usage, usage->shared | COMMON);
	argp_err_exit_status = bad;
	if (options_habit(usage, argc, argv))
		return bad;
	error_t err = run_argp(&parse, argc, argv);
	if (err == 0)
		return OPTIONS_GO_ON;
	if (err == HELP_PRINTED)
		return STATUS_DONE;
	if (err == ENOMEM)
		message_out_of_memory();
	else if (err != PRINTED)
		options_unknown(rows, argc, argv, parse.next);
	return bad;
}
