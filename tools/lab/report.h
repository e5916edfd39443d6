/* What is told about labs: their addresses, what became of the frames of impaired links, and their list. */
#ifndef SONDE_TOOLS_LAB_REPORT_H
#define SONDE_TOOLS_LAB_REPORT_H

#include <stdio.h>

#include "tools/common/json.h"
#include "tools/lab/detached.h"

/* Say in messages which addresses a lab has, on which host something runs, and with which seed. */
void report_lab(const struct topology *t, unsigned at, uint64_t seed);

/* Print what became of the frames, a line a direction: all of it, or only what the wire could not carry. With out NULL
 * the lines are messages. */
void report_counts(FILE *out, const struct topology *t, const struct wire_counts *counts, bool all);

/* Print a table of n labs; with all, below each what became of its frames. */
void report_list(const struct detached_lab *labs, int n, bool all);

/* Write an object "lab" with all of it for each of n labs. */
void report_json(struct json *j, const struct detached_lab *labs, int n);

#endif
