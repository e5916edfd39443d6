/* What the processes of a lab have in common. */
#ifndef SONDE_TOOLS_LAB_PROCESS_H
#define SONDE_TOOLS_LAB_PROCESS_H

#include <sys/types.h>

#include "base/error.h"

struct sonde_writer;

/* Leave the terminal's session and take a name, as ps(1) shows it: 15 characters. */
void lab_process_begin(const char *name);

/* Write a 0 to ready_fd, whose other end is waited at, unless err says that this process is not ready; close it.
 * Returns err, or a negated errno. */
int lab_process_ready(int ready_fd, int err);

/* Give up all privileges, for what is parsed from here on is anybody's: the process keeps what is open, and the system
 * calls of this row (tools/common/sandbox.h). A crash is told, with what of writer's packets (which may be NULL) is
 * lost. Under a debugger or memory checker nothing changes. Returns 0, or a negated errno with the reason in e. */
int lab_process_confine(const char *row, const struct sonde_writer *writer, struct sonde_error *e);

/* Point standard input, output and error to /dev/null: a pipe there would not end for whoever reads it. Returns 0 or a
 * negated errno. */
int lab_process_close_stdio(void);

/* Send a process a signal that ends it, and wait for that. Returns 0, also where it is gone already; -ETIMEDOUT; or
 * another negated errno. */
int lab_process_end(pid_t pid, int signo, int wait_ms);

/* Block SIGTERM. Returns a descriptor of the caller's that is readable once SIGTERM has come, or a negated errno. */
int lab_process_term_fd(void);

#endif
