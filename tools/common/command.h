/* Tables of commands: of sonde itself, and of commands that have commands of their own. */
#ifndef SONDE_TOOLS_COMMON_COMMAND_H
#define SONDE_TOOLS_COMMON_COMMAND_H

#include <stdio.h>

struct command {
	const char *name;                   /* NULL ends a table */
	int (*main)(int argc, char **argv); /* argv[0] is the full name; returns the exit status */
	const char *summary;                /* one line, lower case, no full stop */
};

/* NULL where there is none of this name. */
const struct command *command_find(const struct command *table, const char *name);
/* Run it under its full name: family ("sonde") and its own. argv[0] is its own. Returns the exit status. */
int command_run(const struct command *c, const char *family, int argc, char **argv);
/* Print that there is no such command, with the nearest name, or what lists them. Returns STATUS_USAGE. */
int command_unknown(const struct command *table, const char *name, const char *lister);
/* Print the names and summaries, a line each. */
void command_list(FILE *out, const struct command *table);

#endif
