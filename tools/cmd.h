/* The commands. Each has a file cmd_NAME.c, and a row in the table of sonde.c. */
#ifndef SONDE_TOOLS_CMD_H
#define SONDE_TOOLS_CMD_H

#include <stddef.h>
#include <stdio.h>

struct command {
	const char *name;
	int (*main)(int argc, char **argv); /* argv[0] is "sonde NAME"; returns the exit status */
	const char *summary;                /* one line, lower case, no full stop */
};

/* All of them, ended by a row without a name. */
extern const struct command commands[];

/* NULL where there is none. */
const struct command *command_find(const char *name);
/* Run it under its full name. argv[0] is the command's name. Returns the exit status. */
int command_run(const struct command *c, int argc, char **argv);
/* Print that there is no such command, with the nearest name. Returns STATUS_USAGE. */
int command_unknown(const char *name);
/* The usage and the list of commands. */
void commands_list(FILE *out);

int cmd_connect(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_lab(int argc, char **argv);
int cmd_listen(int argc, char **argv);
int cmd_ping(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_send(int argc, char **argv);

#endif
