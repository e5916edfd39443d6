/* An output file that appears under its name only when the caller says so: it is written beside it, then renamed. What
 * is no regular file, such as a device or a pipe, is written to directly. */
#ifndef SONDE_IO_OUTPUT_H
#define SONDE_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Who gives the output its name, or takes away what has none, instead of this process: one that may, and that has a
 * copy of the struct sonde_output. */
struct sonde_output_namer {
	void *arg;
	int (*appear)(void *arg);
};

struct sonde_output {
	int fd;
	bool is_file;   /* a regular file */
	bool truncates; /* the file that is there is emptied by the first write: nothing can be written beside it */
	uint64_t most;  /* bytes that a file may have: RLIMIT_FSIZE when it was opened */
	char *target;   /* its name, symbolic links followed */
	char *beside;   /* the name it is written under; NULL once it has appeared */
	const struct sonde_output_namer *namer; /* NULL: this process */
};

/* Open path for writing, "-" for standard output. A file that is there stays as it is, and hands its owner and mode on
 * to its successor. Returns 0; -EACCES also for a file or link of another user in a sticky directory that everybody
 * may write to (as fs.protected_symlinks in proc(5)); or another negated errno. *o is for sonde_output_close. */
int sonde_output_open(struct sonde_output *o, const char *path);

/* Write v, waiting where the descriptor does not. *written, of v.len, is right on failure, too. At RLIMIT_FSIZE it
 * returns -EFBIG, and no signal comes. Returns 0 or a negated errno. */
int sonde_output_write(size_t *written, struct sonde_output *o, struct sonde_view v);
/* Take back the last n bytes that were written, if this is a regular file. */
void sonde_output_cut(struct sonde_output *o, size_t n);

/* Let the file appear under its name, in place of the one that is there. Returns 0 or a negated errno. */
int sonde_output_appear(struct sonde_output *o);
/* Close, and remove a file that has not appeared. Standard output stays open. Returns 0 or a negated errno. */
int sonde_output_close(struct sonde_output *o);

#endif
