/* The run of `sonde read`: what reading files (run.c) and interfaces (live.c) share. */
#ifndef SONDE_TOOLS_READ_RUN_H
#define SONDE_TOOLS_READ_RUN_H

#include "tools/common/broker.h"
#include "tools/common/ledger.h"
#include "tools/common/loop.h"
#include "tools/read/copy.h"
#include "tools/read/print.h"
#include "tools/read/tail.h"

struct live;

struct run_state {
	const struct options *o;
	struct read_options *r;
	bool prints_text; /* standard output carries text or JSON, not a file */
	struct printer printer;
	struct ledger ledger;
	uint64_t n_seen;             /* frames, those that --match leaves out included: they keep their numbers */
	struct copy copy;
	struct broker broker;        /* for the file of -w */
	const char *iface;           /* of the frame at hand, or NULL */
	struct tail tail;            /* of --tail */
	bool any;
	struct live *live;           /* of -I, or NULL */
	enum loop_end end;           /* why it ended */
};

/* Count a frame and print it, as far as that is wanted; it begins with this header. Returns 0, RUN_LEFT_OUT when
 * --match does not choose it, or an exit status after a message. */
#define RUN_LEFT_OUT (-1)
int run_show(struct run_state *s, const struct sonde_record *rec, struct sonde_id first);

#endif
