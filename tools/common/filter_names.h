/* Names of hosts in filters. libpcap looks them up itself, whenever it compiles a filter: for 26 link types that is 26
 * questions to a name server, by a process that still has its privileges. This program's getaddrinfo(3), which libpcap
 * is linked to as well, has the resolver ask, once for each name. */
#ifndef SONDE_TOOLS_COMMON_FILTER_NAMES_H
#define SONDE_TOOLS_COMMON_FILTER_NAMES_H

#include "base/error.h"

struct sonde_filter;

/* As sonde_filter_prepare_all. */
int filter_names_prepare_all(struct sonde_filter *f, struct sonde_error *e);

#endif
