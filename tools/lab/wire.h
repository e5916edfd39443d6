/* The wire: the process that carries frames between the two ends of every impaired link, each after its delay, and
 * loses, doubles and holds back what the seed says. */
#ifndef SONDE_TOOLS_LAB_WIRE_H
#define SONDE_TOOLS_LAB_WIRE_H

#include "tools/lab/topology.h"

/* What became of the frames of one direction of a link. */
struct wire_count {
	uint64_t came, arrived;               /* at the one end, and at the other */
	uint64_t lost, duplicated, held_back; /* as the link was told to */
	uint64_t full;                        /* for the queue in front of its rate was full */
	uint64_t overload;                    /* for the wire could not follow */
};

/* Of all directions: link N from end 0 is 2N, from end 1 2N + 1. */
struct wire_counts {
	struct wire_count lanes[LAB_LINKS * 2];
};

/* Carry frames in the wire's network, which the calling process is in, until SIGTERM. A byte goes to ready_fd when all
 * is set up, and it is closed either way. counts is kept up to date, in memory that others may look at.
 * Returns an exit status, with a message where it could not. */
int wire_run(const struct topology *t, uint64_t seed, struct wire_counts *counts, int ready_fd);

#endif
