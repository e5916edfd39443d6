/* Captures on interfaces that a command reads as frames come (-I): opened before the sandbox, read within the event
 * loop until there are enough, the time is over, a signal comes or no interface is left. What becomes of interfaces is
 * told; what the kernel dropped is counted. */
#ifndef SONDE_TOOLS_COMMON_TAPS_H
#define SONDE_TOOLS_COMMON_TAPS_H

#include <stdio.h>

#include "io/live.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/options.h"

#define TAPS_LEAST_RING 1000000 /* bytes, of --ring */
#define TAPS_MOST_RING  1000000000

struct taps;

struct tap {
	struct taps *all;
	struct sonde_live *live; /* NULL once the interface is gone */
	uint32_t ifindex;        /* 0: any */
	char name[SONDE_LINK_NAMELEN];
	bool is_down;
	uint32_t number; /* the caller's */
	struct sonde_live_stats stats;
	struct loop_watch watch;
};

/* What is done with frames. */
struct taps_taker {
	void *arg;
	/* A frame. Returns 0 or an exit status to end with, after a message. */
	int (*take)(void *arg, struct tap *t, struct sonde_record *rec);
	bool (*enough)(void *arg); /* NULL: never */
	/* Some frames were taken; unless `more`, no other ones wait. NULL: nothing is done. */
	void (*taken)(void *arg, bool more);
};

struct taps {
	const struct taps_taker *taker;
	struct loop *loop;
	struct loop_timer look;
	enum loop_end end;
	int status;
	unsigned n, n_left;
	struct tap list[OPTIONS_IFACE_MAX];
};

/* Open a capture on each interface of -I. filter is in libpcap's language, or ""; ring_bytes 0: the usual. t is for
 * taps_close in any case. Returns 0 or an exit status after a message. */
int taps_open(struct taps *t, const struct options *o, const char *filter, uint64_t ring_bytes);
void taps_close(struct taps *t);

/* Take frames within the loop, which ends after o->deadline_ns or earlier; t->end says why. The rings
 * are read to the end then. Returns the exit status: STATUS_NOT when an interface went away. */
int taps_run(struct taps *t, struct loop *loop, const struct taps_taker *taker, const struct options *o);
/* Read what waits, some frames of each interface at most. Returns whether that was all. */
bool taps_read(struct taps *t);
/* End the run with this status, after a message. */
void taps_end_with(struct taps *t, int status);

/* What each interface received and lost: a line each; unless `every`, only for those that lost something. */
void taps_print(FILE *out, const struct taps *t, bool every);
void taps_json(struct json *j, const struct taps *t);

#endif
