/* What a process keeps of its privileges once it reads from the network or from files: no user id of root, no
 * capability but those it names, the system calls of its row in sandbox_calls.c, no file but the output's directory.
 * docs/security.md tells the whole. */
#ifndef SONDE_TOOLS_COMMON_SANDBOX_H
#define SONDE_TOOLS_COMMON_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct options;
struct sonde_writer;

enum sandbox_mode {
	SANDBOX_BEST_EFFORT, /* what the kernel lacks is left out, and told with -v */
	SANDBOX_STRICT,      /* all of it, or the command refuses to start */
	SANDBOX_OFF,
};

/* The system calls of a kind of process. */
struct sandbox_row {
	const char *name;  /* of the command, or of what stands beside it */
	const char *calls; /* by name, with blanks between */
	bool connects;     /* it opens TCP connections */
};
extern const struct sandbox_row sandbox_rows[]; /* the last has no name */
/* The row of this name, or NULL. */
const struct sandbox_row *sandbox_row(const char *name);

#define SANDBOX_CALL 32 /* bytes of the longest name of a system call, and the 0 */
/* The next name in calls, which moves behind it. Returns false at the end. */
bool sandbox_next_call(char out[static SANDBOX_CALL], const char **calls);

struct sandbox {
	const char *name;   /* of the row */
	uint64_t keep;      /* capabilities (SONDE_PRIVILEGE_KEEP) */
	const char *output; /* a file in whose directory names may be made and removed; NULL: none */
	bool writes;        /* and files opened for writing */
	/* Landlock, under which no process sees another one's descriptors, is left out. */
	bool sees_processes;
};

/* What came of it. */
struct sandbox_state {
	unsigned uid;
	unsigned n_calls; /* system calls that are allowed; 0: no filter */
	int landlock;     /* the ABI of Landlock that is in force; 0: none */
};

/* Put this process into it, for good. state and e may be NULL. Returns 0 or a negated errno; what the kernel lacks is
 * no error, and missing in *state. */
int sandbox_apply(struct sandbox_state *state, const struct sandbox *s, struct sonde_error *e);

/* Why this process cannot be in one, or NULL: a debugger or a memory checker, whose own calls would not pass. */
const char *sandbox_obstacle(void);

/* Whether a command shall run in one: not with --sandbox=off, and not under a debugger or memory checker, whose own
 * calls would not pass. Such a reason is told with -v; with --sandbox=strict it is refused: then *status is not 0,
 * after a message. */
bool sandbox_wanted(int *status, const struct options *o);

/* Give up all privileges but the capabilities in keep, if a sandbox is wanted: for commands that look names up before
 * they can enter it. Returns 0 or an exit status after a message. */
int sandbox_drop(uint64_t keep, const struct options *o);

/* Put a command into its sandbox, if wanted, when all is open and nothing is parsed yet. From here on, a crash or a
 * system call that is not in the row ends the program with one line that says what happened, and what of writer's
 * packets (which may be NULL) is lost. Tells the state with -v. Returns 0 or an exit status after a message. */
int sandbox_enter(const char *name, const struct options *o, const struct sonde_writer *writer);

#endif
