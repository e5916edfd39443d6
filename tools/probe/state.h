/* sonde probe --resume: what a run knows, in a file from which a later one goes on. The file is lines of JSON: the
 * first says to which arguments it belongs, the second how far the run is, those behind them what was found. */
#ifndef SONDE_TOOLS_PROBE_STATE_H
#define SONDE_TOOLS_PROBE_STATE_H

#include <stdio.h>

#include "probe/scan_resume.h"
#include "tools/common/channel.h"
#include "tools/common/json.h"
#include "tools/common/options.h"

#define STATE_LETTERS 52 /* that stand for rules */

/* --- The file (state_file.c) ------------------------------------------------------------------------------------- */

/* It is replaced as a whole, by a process beside the sandbox, which opens what is written and renames it. */
struct state_file {
	const char *name; /* as it was given */
	char *target;     /* the file, links followed */
	char *beside;     /* what is written */
	unsigned uid, gid; /* whose it is */
	unsigned mode;
	bool is_empty, has_sandbox;
	struct channel channel;
	FILE *in;         /* what an earlier run left; NULL: nothing */
	char buffer[1 << 16];
};

/* Before the sandbox: create the file or open it, and start that process. Returns 0 or an exit status after a
 * message. */
int state_file_open(struct state_file *f, const char *name, const struct options *o);
/* Begin to write a new one: *fd is the caller's. Put it in the place of the old one. Each returns 0 or a negated
 * errno. */
int state_file_begin(int *fd, struct state_file *f);
int state_file_replace(struct state_file *f);
/* Zeroed is fine. */
void state_file_close(struct state_file *f);

/* --- What is in it (state.c, state_read.c) ----------------------------------------------------------------------- */

struct state {
	struct state_file file;
	struct sonde_scan *scan;
	char **argv;
	sonde_time began_at;             /* monotonic */
	sonde_time past_took_ns;         /* earlier runs, together */
	/* Of the file that is being written: */
	struct json json;
	int fd;                          /* -1: none */
	uint64_t place, host;            /* what comes next */
	unsigned char letters[UINT8_MAX + 1]; /* of each rule, by 1 + its index; 0: none yet */
	unsigned n_letters;
	sonde_time busy_ns;              /* what writing took so far; the caller sets it back */
};

/* Of the arguments that say which target is at which place: two runs are parts of one if all of these agree. */
uint64_t state_digest(const struct sonde_scan_options *o);

/* Read what an earlier run left. *seed is replaced by its own, unless has_seed says that it was given; then init(arg)
 * makes the scan ready, and what was found is put into it. Returns 0 or an exit status after a message. */
int state_read(struct state *s, uint64_t *seed, bool has_seed, int (*init)(void *arg), void *arg);

/* Write the state, in parts that take a moment each. Returns 1, 0 when it is written and in place, or a negated
 * errno: then what was in place stays. */
int state_write_part(struct state *s);
/* The whole at once. Returns 0 or a negated errno. */
int state_write(struct state *s);
void state_close(struct state *s);

/* Fields of struct sonde_scan_progress, each a number. */
struct state_number {
	const char *key;
	size_t at; /* offset of its uint64_t */
};
extern const struct state_number state_numbers[]; /* the last has no key */

#endif
