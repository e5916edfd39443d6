/* From a topology to networks: namespaces, links, addresses, filters, names. */
#ifndef SONDE_TOOLS_LAB_BUILD_H
#define SONDE_TOOLS_LAB_BUILD_H

#include "base/error.h"
#include "tools/lab/topology.h"

/* Build the network of t within the namespaces that lab_space_leave made. net_fd gets a descriptor of each host's
 * network. The two halves of an impaired link N end in a network of the wire's, whose descriptor *wire_fd gets (-1:
 * there is no such link), as interfaces named by build_wire_name. When it returns, every plain link carries frames and
 * every address can be used. Returns 0, or a negative code with the reason in e. */
int lab_build(int net_fd[static LAB_HOSTS], int *wire_fd, struct sonde_error *e, const struct topology *t);

#define BUILD_WIRE_NAME 16

/* The name of the wire's interface at one end (0 or 1) of a link. Returns out. */
char *build_wire_name(char out[static BUILD_WIRE_NAME], unsigned link, unsigned end);

#endif
