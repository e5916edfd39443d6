/* COMMAND of `sonde lab run`, `exec` and `shell`: how it is started, gets signals, and is waited for; and the exit
 * statuses of the subcommands. */
#ifndef SONDE_TOOLS_LAB_COMMAND_H
#define SONDE_TOOLS_LAB_COMMAND_H

#include "tools/lab/lab.h"

/* Run argv on a host and wait for its end. Returns its status as waitpid(2) has it; or a negative code with the reason
 * in e where no process could be started. What cannot be executed ends with status 126 or 127 after a message. */
int lab_command(const struct lab *lab, struct sonde_error *e, unsigned host, char **argv);

/* End as COMMAND ended: return its exit status, or die of the signal that it died of. */
int lab_command_status(int wait_status);

/* Print what is in e. Returns the exit status for err: 0, bad input, or a refusal of the system. */
int lab_status(int err, const struct sonde_error *e);

/* Print what is in e. Returns the exit status of `run`, `exec` and `shell` where not COMMAND failed, but the lab. */
int lab_own_failure(const struct sonde_error *e);

/* Flush what was printed and end the program with this status. To be called once the caller's children belong to a lab,
 * in place of a return from main. */
_Noreturn void lab_leave(int status);

#endif
