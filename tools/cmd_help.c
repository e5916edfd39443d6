/* sonde help: the commands, one command, the fields of the protocols, the sandbox. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tools/cmd.h"
#include "tools/common/status.h"
#include "tools/help/fields.h"
#include "tools/help/sandbox.h"

int cmd_help(int argc, char **argv)
{
	char help[] = "--help";
	if (argc < 2) {
		commands_list(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "fields") == 0)
		return help_fields(argc - 2, argv + 2);
	if (strcmp(argv[1], "sandbox") == 0)
		return help_sandbox(argc - 2, argv + 2);
	const struct command *c = command_find(commands, argv[1]);
	if (!c)
		return command_unknown(commands, argv[1], "sonde help");
	/* lab has commands of its own. */
	bool deeper = argc > 2 && c->main == cmd_lab;
	char *words[] = { argv[0], deeper ? argv[2] : help, deeper ? help : NULL, NULL };
	return command_run(c, "sonde", deeper ? 3 : 2, words);
}
