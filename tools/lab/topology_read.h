/* Topologies out of text, which is built in or in a file. */
#ifndef SONDE_TOOLS_LAB_TOPOLOGY_READ_H
#define SONDE_TOOLS_LAB_TOPOLOGY_READ_H

#include "tools/lab/topology.h"

/* Parse the text of a topology. Returns 0, or a negative code with the line and the reason in e. */
int topology_parse(struct topology *t, struct sonde_error *e, const char *name, const char *text);

/* Parse the built-in topology of this name, or else the file. Returns 0; SONDE_E_UNKNOWN with a suggestion in e where
 * there is neither; or what topology_parse returns. */
int topology_find(struct topology *t, struct sonde_error *e, const char *name);

#endif
