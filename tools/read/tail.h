/* sonde read --tail: a file that grows. */
#ifndef SONDE_TOOLS_READ_TAIL_H
#define SONDE_TOOLS_READ_TAIL_H

#include <stdbool.h>

#include "io/input.h"

struct sonde_writer;

struct tail {
	const char *path, *name;     /* name: without the folder */
	int fd;                      /* of the file */
	int events_fd;               /* inotify(7); -1: the system has none for it */
	struct sonde_writer *writer; /* of -w, or NULL */
	bool is_told;                /* that it was cut or replaced */
	bool failed;                 /* -w: the message was printed */
	struct sonde_input_growth growth;
};

/* Watch a file that is open. Call before the sandbox. */
void tail_open(struct tail *t, const char *path, int fd, struct sonde_writer *writer);
void tail_close(struct tail *t); /* zeroed is fine */

#endif
