/* Labs that stay up: each has a name that belongs to its user, a holder process, and a file that says where it is.
 *
 * The file is locked for as long as any process of the lab lives, so that what is left of one that was killed can be
 * told from one that is up, and so that nobody trusts the number of a process that is gone. */
#ifndef SONDE_TOOLS_LAB_KEEP_H
#define SONDE_TOOLS_LAB_KEEP_H

#include "tools/lab/lab.h"

#define KEEP_NAME 32 /* the longest name, and the 0 */

/* What the file of a lab says. */
struct kept {
	char name[KEEP_NAME];
	enum kept_state { KEPT_UP, KEPT_COMING, KEPT_LEFT } state; /* coming up; left: it was killed */
	pid_t holder, init;
	uint64_t seed;
	struct topology topology; /* not there when it is coming up or was killed before it was up */
};

/* The lab that is wanted. */
struct keep_order {
	const char *name;
	const struct topology *topology;
	uint64_t seed;
	const char *capture; /* the file for the frames of all links, or NULL */
};

/* Build a lab in a process of its own and return when it is up. Returns 0; -EEXIST when there is one of this name;
 * SONDE_E_SYNTAX for a name that is none; or another negative code. The reason is in e; where e is empty, the new
 * process said it. */
int keep_up(struct sonde_error *e, const struct keep_order *order);

/* End a lab, or remove what is left of it, and say in messages what its links lost: all, or only what the wire could
 * not carry. Returns 0, SONDE_E_UNKNOWN, or another negative code with the reason in e; where e is empty, a process
 * of the lab said it. When it returns 0 no process of the lab is left. */
int keep_down(struct sonde_error *e, const char *name, bool all);

/* What is known of a lab. Returns 0, or SONDE_E_UNKNOWN or another negative code with the reason in e. */
int keep_find(struct kept *out, struct sonde_error *e, const char *name);

/* The name of the user's only lab that is up; with any, also of one that was killed. Returns 0, or SONDE_E_ABSENT or
 * SONDE_E_TOO_MANY with the reason in e. */
int keep_only(char name[static KEEP_NAME], struct sonde_error *e, bool any);

/* Call fn for each lab of the user, in the order of their names. Returns how many there are, or a negative code with
 * the reason in e. */
int keep_each(struct sonde_error *e, void (*fn)(void *arg, const struct kept *k), void *arg);

/* What the links of a lab did so far. Returns 0 or a negated errno. */
int keep_counts(struct wire_counts *out, const char *name);

/* Take the calling process, and its children-to-be, into a lab that is up, and fill in what lab_command needs to run
 * something on host. Returns 0, or a negative code with the reason in e. */
int keep_enter(struct lab *lab, struct sonde_error *e, const struct kept *k, unsigned host);

#endif
