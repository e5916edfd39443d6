/* The commands. Each has a file cmd_NAME.c, and a row in the table of sonde.c. */
#ifndef SONDE_TOOLS_CMD_H
#define SONDE_TOOLS_CMD_H

#include <stdio.h>

#include "tools/common/command.h"

/* All of them. */
extern const struct command commands[];

/* The usage and the list of commands. */
void commands_list(FILE *out);

int cmd_connect(int argc, char **argv);
int cmd_flows(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_lab(int argc, char **argv);
int cmd_listen(int argc, char **argv);
int cmd_ping(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_sockets(int argc, char **argv);

#endif
