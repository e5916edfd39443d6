/* sonde lab: a network of your own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/cmd.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/output.h"
#include "tools/common/status.h"
#include "tools/lab/command.h"
#include "tools/lab/lab.h"

struct lab_options {
	const char *topology, *at;
	char **command;
};

enum { KEY_AT = OPTIONS_OWN_KEY };

static const struct argp_option rows[] = {
	{ "topology", 't', "TOPOLOGY", 0, "the network to build (default: pair)", 0 },
	{ "at", KEY_AT, "HOST", 0, "where COMMAND runs (default: the first host)", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lab_options *o = state->input;

	switch (key) {
	case 't': o->topology = arg; return 0;
	case KEY_AT: o->at = arg; return 0;
	case ARGP_KEY_ARGS: o->command = state->argv + state->next; return 0;
	case ARGP_KEY_NO_ARGS: return option_bad("no COMMAND: sonde lab run COMMAND...");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage run_usage = {
	.args = "COMMAND...",
	.about = "Build a network, run COMMAND on a host of it, and take it down.\v"
		 "The exit status is COMMAND's; 125: the lab could not be built, 126: COMMAND cannot be executed, "
		 "127: there is no such command.",
	.shared = OPTIONS_VERBOSE | OPTIONS_SEED,
	.own = rows,
	.parse = parse,
	.numbers = true,
	.bad_status = STATUS_OWN_FAILURE,
};

/* What runs is told in words on stderr with -v. */
static void tell(const struct topology *t, unsigned at, uint64_t seed)
{
	char text[SONDE_ADDR_STRLEN];

	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		message("%s eth%u %s/%u", t->hosts[a->host].name, a->eth, sonde_addr_format(text, &a->prefix.addr),
			a->prefix.bits);
	}
	message("runs on %s, with seed %" PRIu64, t->hosts[at].name, seed);
}

static int fail(const struct sonde_error *e)
{
	message_error(e);
	return STATUS_OWN_FAILURE;
}

/* Nothing that forks at exit could do so, as the leak checker of ASan wants to: the process namespace of our children
 * is gone with the lab. */
static _Noreturn void leave(int status)
{
	_exit(output_close(status));
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
	if (topology_find(&topology, &e, mine.topology))
		return fail(&e);
	int at = mine.at ? topology_host(&topology, &e, mine.at) : 0;
	if (at < 0)
		return fail(&e);
	if (lab_open(&lab, &e, &topology, o.seed))
		leave(fail(&e));
	if (o.verbosity > 0)
		tell(&topology, (unsigned)at, o.seed);
	status = lab_command(&lab, &e, (unsigned)at, mine.command);
	lab_close(&lab);
	lab_tell_wire(&lab, o.verbosity > 0);
	leave(status < 0 ? fail(&e) : lab_command_status(status));
}

static const struct command subcommands[] = {
	{ "run", lab_run, "build a network, run a command in it, take it down" },
	{ 0 },
};

static void list_subcommands(FILE *out)
{
	fputs("Usage: sonde lab COMMAND [OPTION...] ARGUMENT...\n\n", out);
	for (const struct command *c = subcommands; c->name; c++)
		fprintf(out, "  %-9s %s\n", c->name, c->summary);
	fputs("\nsonde lab COMMAND --help tells more.\n", out);
}

static int run_subcommand(const struct command *c, int argc, char **argv)
{
	static char name[64];

	snprintf(name, sizeof(name), "sonde lab %s", c->name);
	argv[0] = name;
	message_name(name);
	return c->main(argc, argv);
}

int cmd_lab(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	struct sonde_nearest nearest = { .name = word, .len = strlen(word) };

	for (const struct command *c = subcommands; c->name; c++) {
		if (strcmp(c->name, word) == 0)
			return run_subcommand(c, argc - 1, argv + 1);
		sonde_nearest_offer(&nearest, c->name);
	}
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
		list_subcommands(stdout);
		return output_close(STATUS_DONE);
	}
	if (!*word)
		list_subcommands(stderr);
	else if (nearest.best)
		message("unknown command '%s' (did you mean %s?)", word, nearest.best);
	else
		message("unknown command '%s' (sonde lab --help lists them)", word);
	return STATUS_USAGE;
}
