/* The names of a lab's hosts, which resolve from its own /etc/hosts. */
#ifndef SONDE_TOOLS_LAB_NAMES_H
#define SONDE_TOOLS_LAB_NAMES_H

#include "base/error.h"
#include "tools/lab/topology.h"

/* Let the hosts of t resolve in the mounts that namespace_leave made, and no other name, whatever the system's /etc has
 * or lacks; it stays as it is. Returns 0, or a negated errno with the reason in e. */
int names_set(struct sonde_error *e, const struct topology *t);

#endif
