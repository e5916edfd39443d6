/* What the processes of a lab have in common. */
#ifndef SONDE_TOOLS_LAB_PROCESS_H
#define SONDE_TOOLS_LAB_PROCESS_H

#include <sys/types.h>

/* Leave the terminal's session and take a name, as ps(1) shows it: 15 characters. */
void lab_process_begin(const char *name);

/* Tell the one who waits at the other end of ready_fd that this process is ready, unless err says that it is not, and
 * close it. Returns err, or a negated errno. */
int lab_process_ready(int ready_fd, int err);

/* Let input and output be /dev/null, for whoever started us may wait for their end. Returns 0 or a negated errno. */
int lab_process_hush(void);

/* Send a process a signal that ends it, and wait for that. Returns 0, also where it is gone already; -ETIMEDOUT; or
 * another negated errno. */
int lab_process_end(pid_t pid, int signo, int wait_ms);

/* A descriptor, of the caller's, that is readable when SIGTERM, blocked from now on, has come; or a negated errno. */
int lab_process_term_fd(void);

#endif
