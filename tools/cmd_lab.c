/* sonde lab: a network of your own. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/cmd.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/status.h"
#include "tools/lab/command.h"
#include "tools/lab/counts.h"
#include "tools/lab/draw.h"
#include "tools/lab/kept.h"
#include "tools/lab/lab.h"
#include "tools/lab/options.h"
#include "tools/lab/tap.h"
#include "tools/lab/topology_read.h"

static const struct argp_option run_rows[] = {
	LAB_TOPOLOGY_ROW,
	{ "at", LAB_KEY_AT, "HOST", 0, "where COMMAND runs (default: the first host)", 0 },
	{ 0 },
};

static const struct usage run_usage = {
	.args = "COMMAND...",
	.about = "Build a network, run COMMAND on a host of it, and take it down.\v"
		 "The exit status is COMMAND's; 125: the lab could not be built, 126: COMMAND cannot be executed, "
		 "127: there is no such command.",
	.shared = OPTIONS_VERBOSE | OPTIONS_SEED | OPTIONS_WRITE,
	.own = run_rows,
	.parse = lab_options_parser,
	.numbers = true,
	.bad_status = STATUS_OWN_FAILURE,
};

static const struct usage show_usage = {
	.args = "TOPOLOGY",
	.about = "Draw a topology with its addresses.",
	.parse = lab_options_parser,
};

/* Before the lab is there: what the user's path means is not the same in it. */
static int open_capture(struct sonde_writer **out, struct sonde_error *e, const struct options *o,
			const struct topology *t)
{
	if (options_write_stdout(o))
		return sonde_fail(e, SONDE_E_UNSUPPORTED, "-w -: standard output is COMMAND's");
	return tap_open(out, e, o->write, t, o->seed);
}

static int lab_run(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { .topology = "pair" };
	struct options o;
	struct sonde_error e = { 0 };
	struct lab lab;
	int status = options_parse(&o, &mine, &run_usage, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!mine.words[0]) {
		message("no COMMAND: sonde lab run COMMAND...");
		return STATUS_OWN_FAILURE;
	}
	if (topology_find(&topology, &e, mine.topology))
		return lab_own_failure(&e);
	int at = mine.at ? topology_host(&topology, &e, mine.at) : 0;
	if (at < 0)
		return lab_own_failure(&e);
	struct sonde_writer *writer = NULL;
	if (o.write && open_capture(&writer, &e, &o, &topology))
		return lab_own_failure(&e);
	if (lab_open(&lab, &e, &topology, o.seed, writer, -1))
		lab_leave(lab_own_failure(&e));
	if (o.verbosity > 0)
		lab_tell(&topology, (unsigned)at, o.seed);
	status = lab_command(&lab, &e, (unsigned)at, mine.words);
	int err = lab_close(&lab);
	if (lab.counts)
		counts_tell(&topology, lab.counts, o.verbosity > 0);
	if (status < 0)
		lab_leave(lab_own_failure(&e));
	lab_leave(err ? STATUS_OWN_FAILURE : lab_command_status(status));
}

static int lab_show(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int err, status = lab_options_parse(&o, &mine, &show_usage, 1, 1, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if ((err = topology_find(&topology, &e, mine.words[0])))
		return lab_status(err, &e);
	draw_topology(stdout, &topology);
	return output_close(STATUS_DONE);
}

static const struct command subcommands[] = {
	{ "run", lab_run, "build a network, run a command in it, take it down" },
	{ "up", lab_up, "build a network and keep it" },
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
		return output_close(STATUS_DONE);
	}
	if (*word)
		return command_unknown(subcommands, word, "sonde lab --help");
	list_subcommands(stderr);
	return STATUS_USAGE;
}
