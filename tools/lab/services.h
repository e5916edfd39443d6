/* The servers of a lab's hosts: whatever they are sent, they send back. */
#ifndef SONDE_TOOLS_LAB_SERVICES_H
#define SONDE_TOOLS_LAB_SERVICES_H

#include "tools/lab/topology.h"

/* Serve what t says of host, whose network the calling process is in, for both families and many clients at once,
 * until SIGTERM. When all ports are bound a byte goes to ready_fd, which is closed either way.
 * Returns an exit status, with a message where it could not. */
int lab_serve(const struct topology *t, unsigned host, int ready_fd);

#endif
