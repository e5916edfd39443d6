/* What makes a network namespace a host of a topology: settings of the kernel, addresses, routes, filters. All of these
 * are to be called with the host's network entered. */
#ifndef SONDE_TOOLS_LAB_CONFIGURE_H
#define SONDE_TOOLS_LAB_CONFIGURE_H

#include "base/error.h"
#include "tools/lab/topology.h"

/* Set what has to be set before there are interfaces. Returns 0, or a negated errno with the reason in e. */
int configure_kernel(struct sonde_error *e, enum lab_kind kind);

/* Give the interfaces that are there their addresses, and switch them on; then routes and filters.
 * Returns 0, or a negative code with the reason in e. */
int configure_host(struct sonde_error *e, const struct topology *t, unsigned host);

/* Let the frames of an interface leave whole and summed: no segmentation and no sums left to hardware that is not
 * there. Returns 0, or a negated errno with the reason in e. */
int configure_whole_frames(struct sonde_error *e, const char *interface);

/* Wait until an interface carries frames and its addresses can be used. Returns 0, or a negated errno with the
 * reason in e. */
int configure_await(struct sonde_error *e, const char *host, unsigned eth);

#endif
