/* The programs that build a lab: ip(8) and nft(8), each given a batch. */
#ifndef SONDE_TOOLS_LAB_HELPER_H
#define SONDE_TOOLS_LAB_HELPER_H

#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Run argv, found in PATH or in the directories of system commands, with text (len bytes) as its standard input, and
 * wait for it. Returns 0, or a negative code with the first line of what it said in e. */
int lab_helper(struct sonde_error *e, const char *const argv[], const char *text, size_t len);

/* Lines for ip(8) that go to it together: write them to out. */
struct lab_batch {
	FILE *out;
	char *text;
	size_t len;
};

/* Returns 0, or a negated errno with the reason in e. */
int lab_batch_open(struct lab_batch *b, struct sonde_error *e);

/* Hand the lines over, unless there are none, and free the batch. Returns as lab_helper does. */
int lab_batch_run(struct lab_batch *b, struct sonde_error *e);

#endif
