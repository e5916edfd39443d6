/* Runs an engine (session/drive.h) in the event loop of a command. --set is applied to the packets that are built, and
 * every frame is written to the file of -w.
 *
 *	struct drive d = { .engine = &ping.engine, .session = session, .loop = &loop, .ops = &ops, .arg = &state };
 *	end = drive_run(&d, -1);
 *	drive_close(&d);
 */
#ifndef SONDE_TOOLS_COMMON_DRIVE_H
#define SONDE_TOOLS_COMMON_DRIVE_H

#include "session/drive.h"
#include "tools/common/broker.h"
#include "tools/common/loop.h"
#include "tools/common/options.h"
#include "tools/common/overlay.h"
#include "tools/common/record.h"

/* Open a session, and start the broker that serves it in the sandbox, where one is wanted and it has something to do;
 * writer is the file of -w, or NULL. Returns 0, or an exit status after a message: STATUS_USAGE when there is no such
 * interface. *out is for sonde_session_close, and NULL on failure; *b, zeroed before, is for broker_stop in any case.
 */
int session_open(struct sonde_session **out, struct broker *b, const struct sonde_session_options *so,
		 const struct options *o, struct sonde_writer *writer);

/* The command's hooks; on_begin and on_sent may be NULL. An int that they return is 0, or an exit status that ends the
 * run. */
struct drive_ops {
	int (*on_begin)(void *arg); /* in the sandbox, before anything is sent */
	/* A packet is about to be sent, with --set applied; NULL: any may be. */
	int (*on_built)(void *arg, struct sonde_packet *p, uint64_t id);
	int (*on_sent)(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan);
	/* A packet was not sent; e says why, and the hook may add to it. */
	int (*on_refused)(void *arg, uint64_t id, struct sonde_error *e);
	void (*on_events)(void *arg);
	void (*on_quit)(void *arg); /* SIGQUIT: say how far the run is */
};

struct drive {
	/* The caller's. */
	struct sonde_engine *engine;
	struct sonde_session *session;
	const struct broker *broker; /* that session_open filled */
	const char *command;         /* whose sandbox it runs in */
	const struct options *options;
	struct loop *loop;
	const struct drive_ops *ops;
	void *arg;
	struct overlay *overlay;     /* --set, or NULL */
	struct sonde_writer *writer; /* the file of -w, or NULL */
	const struct sonde_transport *transport; /* NULL: frames */
	bool sends_only;             /* no frames are captured: the file gets what was handed to the kernel */
	/* The driver's; the caller reads them. */
	int status;                  /* why it could not go on, as an exit status after a message; or 0 */
	uint32_t ifindex;            /* where the last packet went */
	/* The driver's alone. */
	struct sonde_drive *drive;
	struct record_routes routes;
	struct loop_timer timer, flush;
	struct loop_signal quit;
	struct loop_watch watches[SONDE_DRIVE_FDS];
	unsigned n_watches;
};

/* Enter the sandbox, and run the engine in a loop that is open, for deadline_ns at most (negative: no limit). Returns
 * LOOP_COMPLETE when the engine has nothing left to do; LOOP_ERROR with d->status, after a message; or what else ended
 * the loop. */
enum loop_end drive_run(struct drive *d, sonde_time deadline_ns);
void drive_close(struct drive *d); /* a zeroed one is fine */

/* The number that a frame has in the file of -w; 0: there is none. */
uint64_t drive_file_number(const struct drive *d, uint64_t number);

#endif
