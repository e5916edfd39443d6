/* The run of `sonde flows`: what reading files (run.c) and interfaces (live.c) share. */
#ifndef SONDE_TOOLS_FLOWS_RUN_H
#define SONDE_TOOLS_FLOWS_RUN_H

#include "tools/common/taps.h"
#include "tools/flows/flows.h"
#include "tools/flows/threads.h"

struct flows_run {
	const struct options *o;
	struct flows_options *f;
	struct sonde_flows *table;
	struct flows_threads *threads; /* of files, or NULL: this one alone */
	int threads_status;            /* an exit status after a message, or 0 */
	struct flows_printer printer;
	const struct flows_form_row *form;
	struct flows_sums *sums; /* of --by */
	struct taps *taps;       /* of -I, or NULL */
	uint64_t n_frames, wire_bytes;
	enum loop_end end; /* why it ended */
};

/* Put frames into their table. Returns 0 or an exit status after a message. */
int run_take(struct flows_run *s, const struct sonde_record *records, int n);
/* Flows that ended are printed, or summed up, and forgotten. */
void run_print_ended(struct flows_run *s);
/* In the sandbox: make the table, and write what stands before all rows. Returns 0 or an exit status after a
 * message. */
int run_begin(struct flows_run *s, char **argv);
/* End all flows, and print what was not printed, and the summary. Returns the exit status. */
int run_end(struct flows_run *s, int status);

/* The run on interfaces (live.c). */
int run_live(struct flows_run *s, char **argv);

#endif
