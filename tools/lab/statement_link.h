/* What a link does to frames, as the topology language says it. */
#ifndef SONDE_TOOLS_LAB_STATEMENT_LINK_H
#define SONDE_TOOLS_LAB_STATEMENT_LINK_H

#include "tools/lab/topology.h"

/* Read pairs of words, `delay 10ms` and so on, up to a NULL. Returns 0, or a negative code with the reason in e. */
int statement_link_options(struct lab_link *l, struct sonde_error *e, char *const *word);

#endif
