/* The flows of files on several cores: this thread reads frames, others have a table each. The result is the same
 * whatever their number, for the tables' parts are those of flow/flows_read.h, and steps are taken together. */
#ifndef SONDE_TOOLS_FLOWS_THREADS_H
#define SONDE_TOOLS_FLOWS_THREADS_H

#include "flow/flows_read.h"

#define FLOWS_THREADS_MAX 8

struct flows_threads;

/* Make n tables, two at least, and a thread each, in the sandbox, which they inherit. Returns 0 or a negated errno;
 * *out is for threads_free in any case. */
int threads_start(struct flows_threads **out, const struct sonde_flows_options *o, unsigned n);
void threads_free(struct flows_threads *t); /* NULL is fine */

/* Put frames into their tables, now or later: their bytes are copied where that is needed. Returns 0 or a negated
 * errno. */
int threads_take(struct flows_threads *t, const struct sonde_flows_frame *frames, size_t n);
/* Wait until all are in their tables, and end all flows. Returns 0 or a negated errno. */
int threads_end(struct flows_threads *t);

/* For after threads_end. */
struct sonde_flows *const *threads_tables(const struct flows_threads *t, unsigned *n);
struct sonde_flows_stats threads_stats(const struct flows_threads *t);

#endif
