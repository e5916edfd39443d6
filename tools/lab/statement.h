/* The statements of the topology language, one a line (topology.h). */
#ifndef SONDE_TOOLS_LAB_STATEMENT_H
#define SONDE_TOOLS_LAB_STATEMENT_H

#include <stddef.h>

#include "tools/lab/topology.h"

/* Add what a line (len bytes; number in the file) says to t. Returns 0, or a negative code with the reason in e. */
int statement_parse(struct topology *t, struct sonde_error *e, unsigned number, const char *line, size_t len);

#endif
