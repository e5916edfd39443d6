/* An output file that appears under its name only when the caller says so: it is written beside it, then renamed. What
 * is no regular file, such as a device or a pipe, is written to directly. */
#ifndef SONDE_IO_OUTPUT_H
#define SONDE_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

/* Who gives the output its name, takes away what has none, and opens the next file of a series, instead of this
 * process: one that may, and that has a copy of the struct sonde_output. */
struct sonde_output_namer {
	void *arg;
	int (*appear)(void *arg);
	int (*next)(void *arg, int *fd);
};

/* Files with numbers in their names: out-00001.pcapng, out-00002.pcapng and so on for out.pcapng. */
struct sonde_output_series {
	char *path;         /* without a number; NULL: there is one file */
	unsigned number;    /* of the file at hand, from 1 */
	unsigned keep;      /* files; older ones are removed; 0: all */
	uid_t uid;          /* owner of the first, and so of all */
	gid_t gid;
};

struct sonde_output {
	int fd;
	bool is_file;   /* a regular file */
	bool truncates; /* the file that is there is emptied by the first write: nothing can be written beside it */
	uint64_t most;  /* bytes that a file may have: RLIMIT_FSIZE when it was opened */
	char *target;   /* its name, symbolic links followed */
	char *beside;   /* the name it is written under; NULL once it has appeared */
	bool replaces;  /* a file that is there already */
	const struct sonde_output_namer *namer; /* NULL: this process */
	struct sonde_output_series series;
};

/* Open path for writing, "-" for standard output. A file that is there stays as it is, and hands its owner and mode on
 * to its successor. Returns 0; -EACCES also for a file or link of another user in a sticky directory that everybody
 * may write to (as fs.protected_symlinks in proc(5)); or another negated errno. *o is for sonde_output_close. */
int sonde_output_open(struct sonde_output *o, const char *path);
/* Open the first file of a series. Others of its names that are there are replaced when it is their turn, links as
 * well. Returns as sonde_output_open. */
int sonde_output_open_series(struct sonde_output *o, const char *path, unsigned keep);
/* Open the next file of the series, the one at hand having appeared, and remove the oldest if there are too many.
 * Returns 0 or a negated errno, also of closing the one at hand. */
int sonde_output_next(struct sonde_output *o);
/* The same for a process that is a namer: the file at hand is another's. *fd is the caller's. */
int sonde_output_next_for(int *fd, struct sonde_output *o);

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
