/* COMMAND of `sonde lab run`: started on a host, given all signals, waited for. */
#ifndef SONDE_TOOLS_LAB_COMMAND_H
#define SONDE_TOOLS_LAB_COMMAND_H

#include "tools/lab/lab.h"

/* Run argv on a host and wait for its end. Returns what waitpid(2) says of it; or, where it could not be started, a
 * negative code with the reason in e. A COMMAND that cannot be executed ends with status 126 or 127 after a message. */
int lab_command(const struct lab *lab, struct sonde_error *e, unsigned host, char **argv);

/* End as COMMAND ended: returns its exit status, or dies of the signal that it died of. */
int lab_command_status(int wait_status);

/* Print what is in e. Returns the exit status for err: 0, bad input, or a refusal of the system. */
int lab_status(int err, const struct sonde_error *e);

/* Print what is in e. Returns the exit status of `run`, `exec` and `shell` where not COMMAND failed, but the lab. */
int lab_own_failure(const struct sonde_error *e);

/* Flush what was printed and end the program, whose processes-to-be are a lab's, with this status. */
_Noreturn void lab_leave(int status);

#endif
