/* The frames of files on several cores. One thread, which is the caller's, reads frames from the file; what comes next
 * is the work of any thread that has time: reading their ends, for several jobs at once, and having the table take
 * them, for one job after the other. So there is one table, and the result does not depend on the number of threads. */
#ifndef SONDE_TOOLS_FLOWS_THREADS_H
#define SONDE_TOOLS_FLOWS_THREADS_H

#include "flow/flows_read.h"
#include "io/file_read.h"

#define FLOWS_THREADS_MAX   8
#define FLOWS_THREADS_USUAL 2

struct flows_threads;

/* What is done with packets that were read, in the order of the capture, by one thread at a time. */
struct threads_work {
	const struct sonde_flows *table; /* for sonde_flows_read */
	int (*take)(void *arg, struct sonde_flows_packet *packets, size_t n); /* returns 0 or an exit status */
	void *arg;
};

/* How many there are where nobody says: as many as cores, up to FLOWS_THREADS_USUAL. Call before the sandbox. */
unsigned threads_usual(void);

/* Start n - 1 threads beside this one, in the sandbox, which they inherit. Returns 0 or a negated errno; *out is for
 * threads_free in any case. */
int threads_start(struct flows_threads **out, const struct threads_work *work, unsigned n);
void threads_free(struct flows_threads *t); /* NULL is fine; what was not taken is dropped */

/* The reader that frames come from next. */
void threads_read_from(struct flows_threads *t, struct sonde_reader *r);
/* Take a frame, now or later. Returns 0, or what .take returned for earlier ones. */
int threads_take(struct flows_threads *t, struct sonde_flows_frame frame);
/* Wait until all are taken: before the reader is closed, and at the end. Returns as threads_take. */
int threads_wait(struct flows_threads *t);

#endif
