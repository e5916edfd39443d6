/* An engine at work: what it has due goes out, what comes in is shown to it, until nothing is left to do.
 *
 *	struct drive d = { .engine = &ping.engine, .session = session, .loop = &loop, .ops = &ops, .arg = &state };
 *	if (drive_open(&d) == 0)
 *		end = loop_run(&loop);
 *	drive_close(&d);
 */
#ifndef SONDE_TOOLS_COMMON_DRIVE_H
#define SONDE_TOOLS_COMMON_DRIVE_H

#include "probe/engine.h"
#include "session/session.h"
#include "tools/common/loop.h"
#include "tools/common/overlay.h"
#include "tools/common/record.h"

struct drive;

/* What the command does with what happens. */
struct drive_ops {
	void (*on_event)(void *arg, const struct sonde_event *e);
	/* The kernel, or the session before it, did not take a packet; e says why and may be made to say more. The
	 * engine hears of it next. */
	void (*on_refused)(void *arg, uint64_t id, struct sonde_error *e);
	/* An interface that was sent through is gone; the run ends. */
	void (*on_gone)(void *arg, const struct sonde_error *e);
};

/* How packets leave and answers come, where it is not by frames of the session. */
struct drive_way {
	/* Send a packet that is finished, and tell the engine. Returns 0 or a negated errno. */
	int (*send)(void *arg, const struct sonde_packet *p, uint64_t id);
	/* Hand the next thing that came to the engine. Returns 1, 0 when there is none, or a negated errno. */
	int (*next)(void *arg);
	/* Whether the next packet has to wait. */
	bool (*is_full)(const void *arg);
	/* Descriptors to watch. Returns how many. */
	unsigned (*fds)(const void *arg, int fds[static SONDE_SESSION_FDS]);
};

struct drive {
	/* The caller's. */
	struct sonde_engine *engine;
	struct sonde_session *session;
	struct loop *loop;
	const struct drive_ops *ops;
	void *arg;
	struct overlay *overlay;     /* --set */
	struct sonde_writer *writer; /* the file of -w, or NULL */
	const struct drive_way *way; /* NULL: frames */
	void *way_arg;
	/* The driver's; the caller reads them. */
	int status;                  /* why it could not go on, as an exit status after a message; or 0 */
	uint32_t ifindex;            /* where the last packet went */
	uint64_t frame;              /* during on_event: the number in the file of what it is about; 0: in no file */
	/* The driver's alone. */
	struct record_routes routes;
	struct loop_timer timer;
	struct loop_watch watches[SONDE_SESSION_FDS];
	unsigned n_watches;
	bool stuck;  /* packets wait in line for the socket */
	bool missed; /* copies of frames that left were missed */
	uint8_t *room;
};

/* Start at once, in a loop that is open and that the driver ends: LOOP_COMPLETE when the engine has no deadline left,
 * LOOP_ERROR with a status. Returns 0 or a negated errno. */
int drive_open(struct drive *d);
void drive_close(struct drive *d); /* one that is zeroed, too */

#endif
