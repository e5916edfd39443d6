/* The wire: the process that carries the frames of impaired links from one end to the other. The seed decides which it
 * loses, duplicates and holds back, and how long each takes. */
#ifndef SONDE_TOOLS_LAB_WIRE_H
#define SONDE_TOOLS_LAB_WIRE_H

#include "tools/lab/topology.h"

/* What became of the frames of one direction of a link. */
struct wire_count {
	uint64_t came, arrived;               /* sent at one end; received at the other */
	uint64_t lost, duplicated, held_back; /* as the link is configured to */
	uint64_t full;                        /* lost because the queue in front of its rate was full */
	uint64_t overload;                    /* lost because the wire could not keep up */
};

/* Of all directions: link N from end 0 is 2N, from end 1 2N + 1. */
struct wire_counts {
	struct wire_count lanes[LAB_LINKS * 2];
};

/* Carry frames in the calling process's network, which has to be the wire's, until SIGTERM. A byte goes to ready_fd
 * when all is set up; it is closed either way. counts is kept up to date, for other processes to read.
 * Returns an exit status, after a message where it is not 0. */
int wire_run(const struct topology *t, uint64_t seed, struct wire_counts *counts, int ready_fd);

#endif
