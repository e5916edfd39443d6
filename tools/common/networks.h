/* The networks that this machine is in. */
#ifndef SONDE_TOOLS_COMMON_NETWORKS_H
#define SONDE_TOOLS_COMMON_NETWORKS_H

#include <stdbool.h>

#include "base/addr.h"

/* Whether an address is the broadcast address of a network that an interface is in, by its prefix. The interfaces are
 * read once; where they cannot be, none is. */
bool networks_broadcast(const struct sonde_addr *a);

#endif
