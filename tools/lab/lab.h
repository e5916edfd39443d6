/* A lab that is up: a network namespace for each host, joined by links, and the processes that live in them. */
#ifndef SONDE_TOOLS_LAB_LAB_H
#define SONDE_TOOLS_LAB_LAB_H

#include <sys/types.h>

#include "base/error.h"
#include "tools/lab/topology.h"
#include "tools/lab/wire.h"

struct sonde_writer;

struct lab {
	const struct topology *topology;
	uint64_t seed;               /* of all that its links do */
	int net_fd[LAB_HOSTS];       /* each host's network namespace */
	int wire_fd;                 /* that of the wire, or -1 */
	pid_t init;                  /* process 1 of the lab; every process of the lab ends with it */
	pid_t wire;                  /* 0 where every link is plain */
	struct wire_counts *counts;  /* written by the wire; NULL without one */
	struct sonde_writer *writer; /* of the capture of all links, or NULL */
	pid_t tap;
};

/* Build the network of t, servers included, and take the calling process out of the machine's own network for good.
 * The processes that are forked from here on belong to the lab. t has to outlive it. The links follow seed.
 * All links are captured to writer, unless it is NULL; it belongs to the lab from then on. The wire counts
 * in counts, shared memory; NULL: in memory of its own.
 * Returns 0, or a negative code with the reason in e; then nothing of it is left once the caller exits. */
int lab_open(struct lab *lab, struct sonde_error *e, const struct topology *t, uint64_t seed,
	     struct sonde_writer *writer, struct wire_counts *counts);

/* End every process of the lab, COMMAND's children included, and with them its networks. The counts are final then,
 * and the capture is complete. Returns 0, or SONDE_E_LIBRARY when something is missing in it, which was said. */
int lab_close(struct lab *lab);

/* Take the calling process, a child of the one that opened the lab, to a host: its network, its name, its view of
 * /proc and /sys. Returns 0 or a negated errno. */
int lab_settle(const struct lab *lab, unsigned host);

#endif
