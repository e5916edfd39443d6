/* Signals that end the reading of files: what was read is printed, and the ledger follows. */
#ifndef SONDE_TOOLS_COMMON_STOP_H
#define SONDE_TOOLS_COMMON_STOP_H

#include <stdbool.h>

/* From here on, the first SIGINT, SIGTERM or SIGHUP makes stop_requested true, and standard input end; a second one
 * ends the program. A SIGHUP that is ignored, as under nohup, stays so. Returns 0 or a negated errno. */
int stop_catch(void);
bool stop_requested(void);
/* Whether reading from it may wait for more: no regular file. */
bool stop_may_wait(int fd);
/* From which descriptor to read a file that is open as fd, so that a signal ends it: what may wait becomes standard
 * input, and fd is closed. */
int stop_input(int fd, bool may_wait);

#endif
