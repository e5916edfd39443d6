/* sonde lab: a network of your own. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/output.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/lab/command.h"
#include "tools/lab/draw.h"
#include "tools/lab/detached.h"
#include "tools/lab/report.h"
#include "tools/lab/tap.h"
#include "tools/lab/topology.h"

/* --- Options ----------------------------------------------------------------------------------------------------- */

struct lab_options {
	const char *topology, *at, *name;
	char **words; /* what stands behind the options, up to a NULL */
};

enum { KEY_AT = OPTIONS_OWN_KEY, KEY_NAME };

/* clang-format off */
#define TOPOLOGY_ROW { "topology", 't', "TOPOLOGY", 0, "the network to build: built-in, or a file (default: pair)", 0 }
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static char *none[] = { NULL };
	struct lab_options *o = state->input;

	switch (key) {
	case 't': o->topology = arg; return 0;
	case KEY_AT: o->at = arg; return 0;
	case KEY_NAME: o->name = arg; return 0;
	case ARGP_KEY_ARGS: o->words = state->argv + state->next; return 0;
	case ARGP_KEY_NO_ARGS: o->words = none; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

/* Parse, and hold the number of words against what a subcommand takes. Returns as options_parse does. */
static int parse_words(struct options *o, struct lab_options *mine, const struct usage *u, unsigned min, unsigned max,
		       int argc, char **argv)
{
	unsigned n = 0;
	int status = options_parse(o, mine, u, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	while (mine->words[n])
		n++;
	if (n >= min && n <= max)
		return OPTIONS_GO_ON;
	message("%s: %s%s%s", n < min ? "something is missing" : "too many words", argv[0], *u->args ? " " : "",
		u->args);
	return u->bad_status ? u->bad_status : STATUS_USAGE;
}

/* --- Run --------------------------------------------------------------------------------------------------------- */

static const struct argp_option run_rows[] = {
	TOPOLOGY_ROW,
	{ "at", KEY_AT, "HOST", 0, "where COMMAND runs (default: the first host)", 0 },
	{ 0 },
};

static const struct usage run_usage = {
	.args = "COMMAND...",
	.about = "Build a network, run COMMAND on a host of it, and take it down.\v"
		 "The exit status is COMMAND's; 125: the lab could not be built, 126: COMMAND cannot be executed, "
		 "127: there is no such command.",
	.shared = OPTIONS_VERBOSE | OPTIONS_SEED | OPTIONS_FILE,
	.own = run_rows,
	.parse = parse,
	.numbers = true,
	.bad_status = STATUS_OWN_FAILURE,
};

/* The capture is opened before the lab: what the user's path means is not the same in it. */
static int lab_run(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { .topology = "pair" };
	struct options o;
	struct sonde_error e = { 0 };
	struct sonde_writer *writer = NULL;
	struct lab lab;
	int at = 0, status = options_parse(&o, &mine, &run_usage, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!mine.words[0]) {
		message("no COMMAND: sonde lab run COMMAND...");
		return STATUS_OWN_FAILURE;
	}
	if (options_write_stdout(&o)) {
		message("-w -: standard output is COMMAND's");
		return STATUS_OWN_FAILURE;
	}
	if (files_refuse_itself(o.write, mine.topology))
		return STATUS_OWN_FAILURE;
	if (topology_find(&topology, &e, mine.topology) ||
	    (mine.at && (at = topology_host(&topology, &e, mine.at)) < 0) ||
	    (o.write && tap_open(&writer, &e, o.write, &topology, o.seed)))
		return lab_own_failure(&e);
	if (lab_open(&lab, &e, &topology, o.seed, writer, NULL))
		lab_leave(lab_own_failure(&e));
	if (o.verbosity > 0)
		report_lab(&topology, (unsigned)at, o.seed);
	status = lab_command(&lab, &e, (unsigned)at, mine.words);
	int err = lab_close(&lab);
	if (lab.counts)
		report_counts(NULL, &topology, lab.counts, o.verbosity > 0);
	if (status < 0)
		lab_leave(lab_own_failure(&e));
	lab_leave(err ? STATUS_OWN_FAILURE : lab_command_status(status));
}

/* --- Labs that stay ---------------------------------------------------------------------------------------------- */

static const struct argp_option up_rows[] = {
	TOPOLOGY_ROW,
	{ "name", KEY_NAME, "NAME", 0, "what to call it (default: lab)", 0 },
	{ 0 },
};

static const struct usage up_usage = {
	.args = "",
	.about = "Build a network that stays until `sonde lab down`.",
	.shared = OPTIONS_VERBOSE | OPTIONS_SEED | OPTIONS_FILE,
	.own = up_rows,
	.parse = parse,
};

static int lab_up(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { .topology = "pair", .name = "lab" };
	struct sonde_error e = { 0 };
	struct options o;
	int err, status = parse_words(&o, &mine, &up_usage, 0, 0, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (options_write_stdout(&o)) {
		message("-w -: a lab that stays writes to a file");
		return STATUS_USAGE;
	}
	if ((status = files_refuse_itself(o.write, mine.topology)))
		return status;
	if ((err = topology_find(&topology, &e, mine.topology)))
		return lab_status(err, &e);
	if ((status = detached_start(&(struct detached_order){ mine.name, &topology, o.seed, o.write })))
		return status;
	if (o.verbosity > 0)
		report_lab(&topology, 0, o.seed);
	if (o.verbosity >= 0)
		printf("lab '%s' is up: sonde lab shell %s %s\n", mine.name, mine.name, topology.hosts[0].name);
	return STATUS_DONE;
}

static const struct usage exec_usage = {
	.args = "[NAME] HOST COMMAND...",
	.about = "Run COMMAND on a host of a lab that is up.\v"
		 "NAME may be left out where one lab is up. The exit status is COMMAND's; 125, 126, 127 as in lab run.",
	.parse = parse,
	.numbers = true,
	.bad_status = STATUS_OWN_FAILURE,
};

static const struct usage shell_usage = {
	.args = "[NAME] HOST",
	.about = "Run a shell on a host of a lab that is up.\vNAME may be left out where one lab is up.",
	.parse = parse,
	.bad_status = STATUS_OWN_FAILURE,
};

/* Run words, [NAME] HOST COMMAND..., in a lab that is up; without COMMAND, the one given. The first word is the name of
 * a lab where there is one of this name, unless HOST would be missing then. */
static int run_in_lab(char **words, char **command, const char *missing)
{
	static struct detached_lab k;
	static struct topology t;
	struct sonde_error e = { 0 };
	struct lab lab;
	int err = detached_find(&k, &e, words[0], false);

	if (err == 0)
		words++;
	else if (err == SONDE_E_UNKNOWN || !words[1])
		err = detached_find(&k, &e, NULL, false);
	if (err)
		return lab_own_failure(&e);
	if (!words[0] || (!command && !words[1])) {
		message("%s", missing);
		return STATUS_OWN_FAILURE;
	}
	err = topology_parse(&t, &e, k.head.topology, k.head.text);
	int host = err ? err : topology_host(&t, &e, words[0]);
	if (host < 0 || detached_enter(&lab, &e, &k, &t, (unsigned)host))
		lab_leave(lab_own_failure(&e));
	int status = lab_command(&lab, &e, (unsigned)host, command ? command : words + 1);
	lab_leave(status < 0 ? lab_own_failure(&e) : lab_command_status(status));
}

static int lab_exec(int argc, char **argv)
{
	struct lab_options mine = { 0 };
	struct options o;
	int status = parse_words(&o, &mine, &exec_usage, 2, UINT_MAX, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	return run_in_lab(mine.words, NULL, "no COMMAND: sonde lab exec [NAME] HOST COMMAND...");
}

static int lab_shell(int argc, char **argv)
{
	struct lab_options mine = { 0 };
	struct options o;
	char *shell[] = { getenv("SHELL"), NULL }, usual[] = "/bin/sh";
	int status = parse_words(&o, &mine, &shell_usage, 1, 2, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!shell[0] || access(shell[0], X_OK))
		shell[0] = usual;
	return run_in_lab(mine.words, shell, "no HOST: sonde lab shell [NAME] HOST");
}

static const struct usage list_usage = {
	.args = "",
	.about = "List your labs that are up, and what is left of those that were killed.\v"
		 "With -v and --json also what became of the frames of impaired links.",
	.shared = OPTIONS_VERBOSE | OPTIONS_JSON,
	.parse = parse,
};

static int lab_list(int argc, char **argv)
{
	struct lab_options mine = { 0 };
	struct detached_lab *labs = NULL;
	struct sonde_error e = { 0 };
	struct options o;
	struct json j;
	int status = parse_words(&o, &mine, &list_usage, 0, 0, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	int n = detached_list(&labs, &e);
	status = lab_status(n < 0 ? n : 0, &e);
	if (o.json) {
		json_open(&j, stdout);
		summary_run(&j,
			    &(struct run){ .cmd = "lab", .argv = argv, .seed = o.seed, .uid = o.uid,
					     .time_ns = sonde_clock_real() });
		report_json(&j, labs, n);
		summary_begin(&j, "lab", sonde_clock_real());
		json_int(&j, "labs", n < 0 ? 0 : n);
		summary_end(&j, n < 0 ? LOOP_ERROR : LOOP_COMPLETE, status);
		json_close(&j);
	} else {
		report_list(labs, n, o.verbosity > 0);
	}
	free(labs);
	return status;
}

static const struct usage down_usage = {
	.args = "[NAME]",
	.about = "Take a lab down, or remove what is left of it.\v"
		 "NAME may be left out where there is one lab. What the wire could not carry is told, with -v all that "
		 "became of the frames of impaired links.",
	.shared = OPTIONS_VERBOSE,
	.parse = parse,
};

static int lab_down(int argc, char **argv)
{
	static struct detached_lab k;
	static struct topology t;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int status = parse_words(&o, &mine, &down_usage, 0, 1, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	int err = detached_find(&k, &e, mine.words[0], true);
	if (!err)
		err = detached_end(&k, &e);
	if (!e.code && topology_parse(&t, NULL, k.head.topology, k.head.text) == 0)
		report_counts(NULL, &t, &k.head.counts, o.verbosity > 0);
	return lab_status(err, &e);
}

/* --- The table --------------------------------------------------------------------------------------------------- */

static const struct usage show_usage = {
	.args = "TOPOLOGY",
	.about = "Draw a topology with its addresses.",
	.parse = parse,
};

static int lab_show(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int err, status = parse_words(&o, &mine, &show_usage, 1, 1, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!(err = topology_find(&topology, &e, mine.words[0])))
		draw_topology(stdout, &topology);
	return lab_status(err, &e);
}

static const struct command subcommands[] = {
	{ "run", lab_run, "build a network, run a command in it, take it down" },
	{ "up", lab_up, "build a network that stays" },
	{ "exec", lab_exec, "run a command in a lab that is up" },
	{ "shell", lab_shell, "run a shell in a lab that is up" },
	{ "list", lab_list, "list labs" },
	{ "down", lab_down, "take a lab down" },
	{ "show", lab_show, "draw a topology with its addresses" },
	{ 0 },
};

static void list_subcommands(FILE *out)
{
	fputs("Usage: sonde lab COMMAND [OPTION...] ARGUMENT...\n\n", out);
	command_list(out, subcommands);
	fputs("\nsonde lab COMMAND --help tells more.\n", out);
}

int cmd_lab(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *c = command_find(subcommands, word);

	if (c)
		return command_run(c, "sonde lab", argc - 1, argv + 1);
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
		list_subcommands(stdout);
		return STATUS_DONE;
	}
	if (*word)
		return command_unknown(subcommands, word, "sonde lab --help");
	list_subcommands(stderr);
	return STATUS_USAGE;
}
