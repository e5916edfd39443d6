/* The table of commands. */
#include "tools/cmd.h"

#include <string.h>

#include "base/text.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/status.h"

const struct command commands[] = {
	{ "send", cmd_send, "build packets, send them, show each answer with its sockets" },
	{ "read", cmd_read, "print the packets of a capture" },
	{ "ping", cmd_ping, "is it there, and how far" },
	{ "connect", cmd_connect, "a plain client: stdin and stdout over a socket" },
	{ "listen", cmd_listen, "a plain server for many clients" },
	{ "lab", cmd_lab, "a network of your own, made of namespaces" },
	{ "help", cmd_help, "the commands; sonde help fields PROTOCOL tells every field" },
	{ 0 },
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int command_run(const struct command *c, int argc, char **argv)
{
	static char name[64];

	snprintf(name, sizeof(name), "sonde %s", c->name);
	argv[0] = name;
	message_name(name);
	return c->main(argc, argv);
}

int command_unknown(const char *name)
{
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };

	for (const struct command *c = commands; c->name; c++)
		sonde_nearest_offer(&nearest, c->name);
	if (name[0] == '-')
		message("unknown option %s (options follow the command; sonde help lists the commands)", name);
	else if (nearest.best)
		message("unknown command '%s' (did you mean %s?)", name, nearest.best);
	else
		message("unknown command '%s' (sonde help lists them)", name);
	return STATUS_USAGE;
}

void commands_list(FILE *out)
{
	fputs("Usage: sonde COMMAND [OPTION...] ARGUMENT...\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-9s %s\n", c->name, c->summary);
	fputs("\nsonde help COMMAND, or sonde COMMAND --help, tells more; sonde --version is the\nversion.\n", out);
}

static int run(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *c = command_find(word);

	if (c)
		return command_run(c, argc - 1, argv + 1);
	if (!*word) {
		commands_list(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(word, "--version") == 0)
		puts("sonde " SONDE_VERSION);
	else if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		commands_list(stdout);
	else
		return command_unknown(word);
	return STATUS_DONE;
}

int main(int argc, char **argv)
{
	static char name[] = "sonde";

	message_name(name);
	output_open();
	return output_close(run(argc, argv));
}
