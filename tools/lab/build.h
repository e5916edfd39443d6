/* From a topology to networks: namespaces, links, addresses, filters, names. */
#ifndef SONDE_TOOLS_LAB_BUILD_H
#define SONDE_TOOLS_LAB_BUILD_H

#include "base/error.h"
#include "tools/lab/topology.h"

/* Build the network of t within the namespaces that lab_space_leave made. net_fd gets a descriptor of each host's
 * network. When it returns, every link carries frames and every address can be used.
 * Returns 0, or a negative code with the reason in e. */
int lab_build(int net_fd[static LAB_HOSTS], struct sonde_error *e, const struct topology *t);

#endif
