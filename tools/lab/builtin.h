/* The topologies that are there without a file. */
#ifndef SONDE_TOOLS_LAB_BUILTIN_H
#define SONDE_TOOLS_LAB_BUILTIN_H

#include "base/error.h"
#include "base/text.h"

/* Write the text of a built-in topology, `lan:N` and `line:N` with their number. Returns 0; SONDE_E_ABSENT when there
 * is none of this name, with every name offered to n; or SONDE_E_RANGE or SONDE_E_SPACE with the reason in e. */
int builtin_text(struct sonde_text *out, struct sonde_error *e, const char *name, struct sonde_nearest *n);

/* The names, joined by blanks. */
extern const char builtin_names[];

#endif
