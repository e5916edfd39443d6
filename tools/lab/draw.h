/* A topology as a picture in letters, up to 80 columns wide, with its addresses below. */
#ifndef SONDE_TOOLS_LAB_DRAW_H
#define SONDE_TOOLS_LAB_DRAW_H

#include <stdio.h>

#include "tools/lab/topology.h"

/* Draw t: hosts in columns by their distance from the first one, then a table of all addresses. There is no picture
 * where it would be wider than 80 columns, or where a link joins hosts at the same distance. */
void draw_topology(FILE *out, const struct topology *t);

#endif
