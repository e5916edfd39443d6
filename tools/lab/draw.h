/* A topology as a picture in letters, at most 80 columns wide where that can be, with its addresses below. */
#ifndef SONDE_TOOLS_LAB_DRAW_H
#define SONDE_TOOLS_LAB_DRAW_H

#include <stdio.h>

#include "tools/lab/topology.h"

/* Draw t. Hosts stand in columns by their distance from the first one; where that is wider than 80 columns, or links
 * join hosts at the same distance, there is no picture, and the table says it all. */
void draw_topology(FILE *out, const struct topology *t);

#endif
