/* The tap: the process that writes the frames of every link to a capture file. */
#ifndef SONDE_TOOLS_LAB_TAP_H
#define SONDE_TOOLS_LAB_TAP_H

#include "tools/lab/topology.h"

struct sonde_writer;

/* Create the file for the capture of a lab and write its head, so that a full disk is told at once, and other processes
 * that inherit the writer have nothing left to write. Returns 0, or a negative code with the reason in e. */
int tap_open(struct sonde_writer **out, struct sonde_error *e, const char *path, const struct topology *t,
	     uint64_t seed);

/* Capture at the first end of every link, in the hosts' networks net_fd, each link as an interface of the file, until
 * SIGTERM; then write what the kernel still has, and close the writer. A byte goes to ready_fd when every link is being
 * captured; it is closed either way. Returns an exit status, after a message where frames are missing. */
int tap_run(const struct topology *t, const int *net_fd, struct sonde_writer *writer, int ready_fd);

#endif
