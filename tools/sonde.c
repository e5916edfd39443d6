/* The table of commands. */
#include "tools/cmd.h"

#include <string.h>

#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/resolver.h"
#include "tools/common/status.h"

const struct command commands[] = {
	{ "send", cmd_send, "build packets, send them, show each answer with its sockets" },
	{ "read", cmd_read, "print the packets of a capture" },
	{ "ping", cmd_ping, "whether hosts answer, and how long that takes" },
	{ "probe", cmd_probe, "which ports of hosts answer, with no answer missed" },
	{ "flows", cmd_flows, "who talked to whom in a capture" },
	{ "sockets", cmd_sockets, "the sockets of this machine, and the processes that have them" },
	{ "connect", cmd_connect, "a plain client: stdin and stdout over a socket" },
	{ "listen", cmd_listen, "a plain server for many clients" },
	{ "lab", cmd_lab, "a network of your own, made of namespaces" },
	{ "help", cmd_help, "the commands; sonde help fields PROTOCOL tells every field" },
	{ 0 },
};

void commands_list(FILE *out)
{
	fputs("Usage: sonde COMMAND [OPTION...] ARGUMENT...\n\n", out);
	command_list(out, commands);
	fputs("\nsonde help COMMAND, or sonde COMMAND --help, tells more; sonde --version is the\nversion.\n", out);
}

static int run(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *c = command_find(commands, word);

	if (c)
		return command_run(c, "sonde", argc - 1, argv + 1);
	if (!*word) {
		commands_list(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(word, "--version") == 0) {
		puts("sonde " SONDE_VERSION);
		return STATUS_DONE;
	}
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
		commands_list(stdout);
		return STATUS_DONE;
	}
	return command_unknown(commands, word, "sonde help");
}

int main(int argc, char **argv)
{
	static char name[] = "sonde";

	message_name(name);
	int status = output_open();
	if (!status)
		status = output_close(run(argc, argv));
	resolver_stop();
	return status;
}
