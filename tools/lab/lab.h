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
	uint64_t seed;               /* decides what impaired links do */
	int net_fd[LAB_HOSTS];       /* each host's network namespace */
	int wire_fd;                 /* the wire's, or -1: no link is impaired */
	pid_t init;                  /* process 1 of the lab: when it ends, the kernel ends all others */
	pid_t wire;                  /* or 0 */
	struct wire_counts *counts;  /* the wire writes them; NULL without one */
	struct sonde_writer *writer; /* of the capture of all links, or NULL */
	pid_t tap;                   /* the process that captures, or 0 */
};

/* Build the network of t, start its servers, and take the calling process out of the machine's own network for good:
 * what it forks from here on belongs to the lab. t has to outlive the lab. The frames of all links go to writer, which
 * is the lab's from here on (NULL: no capture). The wire counts in the shared memory counts (NULL: the lab takes its
 * own).
 * Returns 0, or a negative code with the reason in e; then nothing of the lab is left once the caller exits. */
int lab_open(struct lab *lab, struct sonde_error *e, const struct topology *t, uint64_t seed,
	     struct sonde_writer *writer, struct wire_counts *counts);

/* End every process of the lab, COMMAND's children included, and with them its networks. The counts and the capture are
 * complete then. Returns 0, or SONDE_E_LIBRARY when the capture misses frames, after a message. */
int lab_close(struct lab *lab);

/* Take the calling process, a child of the one that opened the lab, to a host: its network, its name, its view of
 * /proc and /sys. Returns 0 or a negated errno. */
int lab_enter_host(const struct lab *lab, unsigned host);

#endif
