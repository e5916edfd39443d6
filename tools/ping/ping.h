/* What the parts of `sonde ping` share. */
#ifndef SONDE_TOOLS_PING_PING_H
#define SONDE_TOOLS_PING_PING_H

#include "io/file_write.h"
#include "probe/ping.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/options.h"
#include "tools/common/targets.h"

struct ping_options {
	struct targets targets;
	const char *files[16], *excluded[16];
	unsigned n_files, n_excluded;
	enum sonde_ping_kind kind;
	uint64_t port, size, ttl, tos;
	bool size_given, df, histogram;
	sonde_time report_ns; /* 0: none */
};

/* Send, receive, tell. Returns the exit status. */
int ping_run(const struct options *o, const struct ping_options *po, char **argv);

/* --- What is told (tell.c) --------------------------------------------------------------------------------------- */

struct ping_teller {
	const struct options *o;
	const struct ping_options *po;
	const struct sonde_ping *ping;
	struct json json;
	struct sonde_writer *writer;
	bool one;           /* one target: lines as iputils has them; else fping's */
	sonde_time began_at;/* monotonic */
};

/* Returns 0 or an exit status after a message. */
int ping_tell_begin(struct ping_teller *t, char **argv);
void ping_tell_event(struct ping_teller *t, const struct sonde_event *e);
/* A line of status, on stderr or as a record of --report. */
void ping_tell_interval(struct ping_teller *t);
void ping_tell_status(const struct ping_teller *t);
/* The summary. Returns the status, or STATUS_SYSTEM when the file of -w could not be written. */
int ping_tell_end(struct ping_teller *t, uint64_t dropped, enum loop_end end, int status);

#endif
