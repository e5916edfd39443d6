/* sonde connect --check: which of some ports are open, as connecting to them shows. */
#ifndef SONDE_TOOLS_BERKELEY_CHECK_H
#define SONDE_TOOLS_BERKELEY_CHECK_H

#include "base/addr.h"
#include "tools/common/options.h"

/* Connect to each port of a set (numbers, ranges, services, joined by commas) at the addresses of a host, one address
 * after the other until one of them is open, and print a line a port, in the order of the set. With datagram an empty
 * datagram is sent, and an answer makes the port open.
 * Returns 0 where a port is open, or another exit status. */
int check_ports(const struct options *o, bool datagram, const char *ports, struct sonde_endpoint *ends,
		unsigned n_ends);

#endif
