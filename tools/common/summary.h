/* The first and the last JSON object of every command. */
#ifndef SONDE_TOOLS_COMMON_SUMMARY_H
#define SONDE_TOOLS_COMMON_SUMMARY_H

#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/status.h"

#define SUMMARY_SCHEMA 1 /* goes up when a field changes its meaning or goes away */

/* What the object `run` says. */
struct run {
	const char *cmd;   /* "send" */
	char *const *argv; /* the whole command line, ended by NULL */
	uint64_t seed;
	sonde_time time_ns; /* since 1970, when the run began */
	const char *iface;  /* NULL where none was chosen */
	uint64_t uid;       /* of the user, when the command began */
	const char *via;    /* how packets are sent; NULL where none are */
};

/* Write the first object, `run`. */
void summary_run(struct json *j, const struct run *run);

/* Begin the last object, `summary`; the caller adds its counters. */
void summary_begin(struct json *j, const char *cmd, sonde_time time);
/* Add why the run ended and the exit status, and write it. */
void summary_end(struct json *j, enum loop_end end, int status);

#endif
