/* Labs that outlive the command that built them. Each has a name, which belongs to its user, and a file of that name,
 * which the holder, the process that built the lab, keeps locked while it lives: the lock says whether the lab is up,
 * and by which process its namespaces are reached. */
#ifndef SONDE_TOOLS_LAB_DETACHED_H
#define SONDE_TOOLS_LAB_DETACHED_H

#include "tools/lab/lab.h"

#define DETACHED_NAME 32 /* the longest name, and the 0 */

/* The head of the file. What the lab's processes write to standard error follows it. */
struct detached_head {
	size_t size; /* of this struct, 0 until the lab is up; what another version of sonde wrote is not read */
	uint64_t seed;
	char topology[LAB_LINE], text[LAB_TEXT];
	struct wire_counts counts; /* kept up to date by the wire */
};

struct detached_lab {
	char name[DETACHED_NAME];
	enum detached_state { DETACHED_UP, DETACHED_STARTING, DETACHED_KILLED } state;
	pid_t holder;
	struct detached_head head; /* zeros where it cannot be read */
};

struct detached_order {
	const char *name;
	const struct topology *topology;
	uint64_t seed;
	const char *capture; /* the file for the frames of all links, or NULL */
};

/* Build a lab in a process of its own and return when it is up. Returns an exit status, after a message where it is
 * not 0. */
int detached_start(const struct detached_order *order);

/* All labs of the user, in the order of their names; the caller frees *out. Returns how many, or a negative code with
 * the reason in e. */
int detached_list(struct detached_lab **out, struct sonde_error *e);

/* Find the lab of this name, or with NULL the only one that is up (any: or was killed). Returns 0, or a negative code
 * with the reason in e: SONDE_E_UNKNOWN where there is none of this name. */
int detached_find(struct detached_lab *out, struct sonde_error *e, const char *name, bool any);

/* End a lab, remove its file, read its counts for the last time, and print what its processes had said. Returns 0;
 * SONDE_E_LIBRARY where they had said something; or another negative code with the reason in e. */
int detached_end(struct detached_lab *k, struct sonde_error *e);

/* Take the calling process, and its children-to-be, into a lab that is up, and fill in what lab_command needs to run
 * something on a host of t, its topology. Returns 0, or a negative code with the reason in e. */
int detached_enter(struct lab *lab, struct sonde_error *e, const struct detached_lab *k, const struct topology *t,
	       unsigned host);

#endif
