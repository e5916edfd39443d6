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
	struct sonde_filter *filter;
	struct sonde_reader *reader; /* of the file at hand */
	uint64_t unfit_times;
};

/* Add an argument: a file, or with `filter` a word of the filter behind --. Returns 0 or what option_bad returned. */
int captures_argument(struct captures *c, const char *arg, bool filter);

/* Open all of them. What cannot be opened is told when its turn comes. Returns 0 or an exit status after a message. */
int captures_open(struct captures *c);
void captures_close(struct captures *c);

/* Read them. take gets the frames, some at a time, and returns 0, or an exit status to end with after a message.
 * Returns the exit status: STATUS_NOT where a file is damaged. */
int captures_read(struct captures *c, int (*take)(void *arg, const struct sonde_record *records, int n), void *arg);

#endif
