/* The programs that build a lab: ip(8) and nft(8), each given a batch. */
#ifndef SONDE_TOOLS_LAB_HELPER_H
#define SONDE_TOOLS_LAB_HELPER_H

#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Run argv with text (len bytes) as its standard input, and wait for it. It is searched for in PATH and where system
 * commands are. Returns 0, or a negative code with the first line of its output in e. */
int lab_helper(struct sonde_error *e, const char *const argv[], const char *text, size_t len);

/* Commands for one run of ip(8): write them to out, a line each. */
struct lab_batch {
	FILE *out;
	char *text;
	size_t len;
};

/* Returns 0, or a negated errno with the reason in e. */
int lab_batch_open(struct lab_batch *b, struct sonde_error *e);

/* Run them, unless there are none, and free the batch. Returns as lab_helper does. */
int lab_batch_run(struct lab_batch *b, struct sonde_error *e);

#endif
