/* Captures that a command reads, one after the other. Files are opened and the filter is compiled before the sandbox;
 * from then on they are only read. Damage is told, and passed over where the format allows it; signals end the reading
 * (tools/common/stop.h). */
#ifndef SONDE_TOOLS_COMMON_CAPTURES_H
#define SONDE_TOOLS_COMMON_CAPTURES_H

#include <stdbool.h>
#include <stdint.h>

#include "io/file_read.h"

#define CAPTURES_MAX        4096
#define CAPTURES_FILTER_MAX 4096

struct captures {
	const char *files[CAPTURES_MAX];
	unsigned n_files;
	char filter_text[CAPTURES_FILTER_MAX];
	size_t filter_len;
	struct {
		int fd; /* or a negated errno */
		bool may_wait;
	} inputs[CAPTURES_MAX];
	struct sonde_filter *filter;              /* NULL: none */
	const struct sonde_input_growth *growth;  /* the file grows; NULL: it does not */
};

/* What is done with frames. */
struct captures_taker {
	void *arg;
	/* A file was opened; or with NULL, it is about to be closed. NULL: nothing is done. */
	void (*opened)(void *arg, struct sonde_reader *r);
	/* Frames, some at a time. Returns 0, CAPTURES_ENOUGH, or an exit status to end with after a message. */
	int (*take)(void *arg, const struct sonde_record *records, int n);
};

#define CAPTURES_ENOUGH (-1)

/* Add an argument: a file, or with `filter` a word of the filter behind --. Returns 0 or what option_bad returned. */
int captures_argument(struct captures *c, const char *arg, bool filter);

/* Open all files. What cannot be opened is told when its turn comes. */
void captures_open(struct captures *c);
/* Whether more may come from one of them: somebody may follow the output line by line. */
bool captures_may_wait(const struct captures *c);
/* Compile the filter, and look its names up. Returns 0 or an exit status after a message. */
int captures_compile(struct captures *c);
void captures_close(struct captures *c);

/* The descriptor to read file i from, in place of standard input where a signal is to end it. Returns it, or an exit
 * status, negated, after a message. */
int captures_input(struct captures *c, unsigned i);
/* Read file i from there, and close it. Returns the exit status: STATUS_NOT where it is damaged. */
int captures_read_one(struct captures *c, unsigned i, int fd, const struct captures_taker *t);
/* Read all files. */
int captures_read(struct captures *c, const struct captures_taker *t);

#endif
