/* From a topology to networks: namespaces, links, addresses, routes, filters, names. */
#ifndef SONDE_TOOLS_LAB_BUILD_H
#define SONDE_TOOLS_LAB_BUILD_H

#include "base/error.h"
#include "tools/lab/topology.h"

/* Build the network of t in the namespaces that namespace_leave made. net_fd gets a descriptor of each host's network.
 * An impaired link is two, each from a host to the network of the wire, which joins them: *wire_fd gets a descriptor of
 * that network (-1: no link is impaired), and build_wire_name names the interfaces in it. When lab_build returns, every
 * link without impairment carries frames, and packets to every address are taken. Returns 0, or a negative code with
 * the reason in e. */
int lab_build(int net_fd[static LAB_HOSTS], int *wire_fd, struct sonde_error *e, const struct topology *t);

#define BUILD_WIRE_NAME 16

/* The name of the interface in the wire's network that leads to an end (0 or 1) of a link. Returns out. */
char *build_wire_name(char out[static BUILD_WIRE_NAME], unsigned link, unsigned end);

#endif
