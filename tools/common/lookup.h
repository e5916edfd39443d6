/* What the notation looks up on this machine: addresses of host names, interfaces of zones, contents of files. */
#ifndef SONDE_TOOLS_COMMON_LOOKUP_H
#define SONDE_TOOLS_COMMON_LOOKUP_H

#include <stdbool.h>

#include "packet/notation.h"

/* The files that were read. Zeroed, it is ready. */
struct lookup {
	struct lookup_file *files; /* kept until lookup_free: packets refer to their bytes */
};

/* The functions that the parser of the notation calls; files: whether a text may name files. Valid as long as l. */
struct sonde_notation_env lookup_env(struct lookup *l, bool files);
void lookup_free(struct lookup *l);

#endif
