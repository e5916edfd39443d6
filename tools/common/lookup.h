/* What the notation looks up on this machine: addresses of host names, interfaces of zones, contents of files. */
#ifndef SONDE_TOOLS_COMMON_LOOKUP_H
#define SONDE_TOOLS_COMMON_LOOKUP_H

#include <stdbool.h>

#include "packet/notation.h"

/* The first address of a host name in a family (SONDE_NO_ADDR: in any). Returns 0, or what gai_strerror(3) explains. */
int lookup_host(struct sonde_addr *out, enum sonde_family family, const char *name);

/* The files that were read. Zeroed, it is ready. */
struct lookup {
	struct lookup_file *files; /* kept until lookup_free: packets refer to their bytes */
};

/* The functions that the parser of the notation calls; files: whether a text may name files. Valid as long as l. */
struct sonde_notation_env lookup_env(struct lookup *l, bool files);
void lookup_free(struct lookup *l);

#endif
