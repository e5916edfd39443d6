/* What became of the frames of links with faults, for people and for machines. */
#ifndef SONDE_TOOLS_LAB_COUNTS_H
#define SONDE_TOOLS_LAB_COUNTS_H

#include <stdio.h>

#include "tools/common/json.h"
#include "tools/lab/wire.h"

/* Say in messages what became of them, a line a direction: all of it, or only what the wire could not carry. */
void counts_tell(const struct topology *t, const struct wire_counts *counts, bool all);

/* Print all of it, each line behind an indent. */
void counts_print(FILE *out, const struct topology *t, const struct wire_counts *counts);

/* Add all of it as an array "links" of one object a direction. */
void counts_json(struct json *j, const struct topology *t, const struct wire_counts *counts);

#endif
