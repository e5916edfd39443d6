/* Signals that end `sonde read`: what was read is printed, and the ledger follows. */
#ifndef SONDE_TOOLS_READ_STOP_H
#define SONDE_TOOLS_READ_STOP_H

#include <stdbool.h>

/* From here on, the first SIGINT, SIGTERM or SIGHUP makes stop_requested true, and standard input end; a second one
 * ends the program. A SIGHUP that is ignored, as under nohup, stays so. Returns 0 or a negated errno. */
int stop_catch(void);
bool stop_requested(void);
/* Whether reading the file at path may wait for more: standard input, a named pipe. */
bool stop_may_wait(const char *path);
/* How to read the file at path so that a signal ends it: what may wait becomes standard input, "-". */
const char *stop_input(const char *path);

#endif
