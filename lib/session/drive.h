/* Runs an engine on the network: sends the packets that it has due and shows it the frames that come in, until it has
 * nothing left to do. Everything that probes is run by this, from a single exchange to a scan.
 *
 *	sonde_drive_open(&d, session, &ping.engine, NULL);
 *	do {
 *		sonde_drive_wait(d, SONDE_FOREVER);
 *		turn = sonde_drive_turn(d, &e);
 *		while (sonde_ping_next_event(&ping, &event))
 *			...
 *	} while (turn == 1);
 *	sonde_drive_close(d);
 *
 * The last turn has events, too. An engine keeps few of them, so a turn does little unless on_events takes them, which
 * is faster. A program with a loop of its own polls sonde_drive_fds until sonde_drive_deadline instead of
 * sonde_drive_wait.
 */
#ifndef SONDE_SESSION_DRIVE_H
#define SONDE_SESSION_DRIVE_H

#include "capture/record.h"
#include "probe/engine.h"
#include "session/session.h"

struct sonde_drive;

/* A frame that was seen on an interface. */
struct sonde_received {
	struct sonde_record record;
	struct sonde_packet packet;
	uint32_t ifindex;
	bool is_elsewhere; /* by which no question left: only answers are shown to hooks */
};

/* Replaces raw sockets and captured frames, for users who may not open them. */
struct sonde_transport {
	void *arg;
	/* Send what is finished, and tell the engine. Returns 0 or a negated errno. */
	int (*send)(void *arg, const struct sonde_packet *p, uint64_t id);
	/* Show the engine the next thing that came. Returns 1, 0 when there is none, or a negated errno. */
	int (*take)(void *arg);
	/* Whether the next packet has to wait. */
	bool (*is_full)(const void *arg);
	/* Descriptors that are readable when something came. Returns how many, 4 at most. */
	unsigned (*fds)(const void *arg, int *fds);
};

/* Options and hooks of a run; all of them may be 0. Hooks are called from sonde_drive_turn. One that returns something
 * other than 0 ends the run, and the turn returns it. */
struct sonde_drive_options {
	const struct sonde_transport *transport; /* NULL: frames */
	bool sends_only;                         /* nothing is listened to */
	void *arg;
	/* A packet is built and has open fields: it may be changed. */
	int (*on_built)(void *arg, struct sonde_packet *p, uint64_t id, const struct sonde_addr *dst);
	/* A packet was handed over. */
	int (*on_sent)(void *arg, const struct sonde_sent *sent, const struct sonde_plan *plan);
	/* A packet was refused, by the kernel or before; the hook may add to e, which says why. The engine is told
	 * next. */
	int (*on_refused)(void *arg, uint64_t id, struct sonde_error *e);
	/* A frame was seen, and the engine said what it is. Its events are not taken yet. */
	int (*on_frame)(void *arg, struct sonde_received *got, const struct sonde_seen *seen);
	/* The engine may have events: after each frame, and when time passed. */
	int (*on_events)(void *arg);
};

/* Start at once. o may be NULL. All arguments stay the caller's. Returns 0 or -ENOMEM. */
int sonde_drive_open(struct sonde_drive **out, struct sonde_session *s, struct sonde_engine *engine,
		     const struct sonde_drive_options *o);
/* End the run: packets that wait for their next hop are not sent, and the engine is told. */
void sonde_drive_stop(struct sonde_drive *d);
void sonde_drive_close(struct sonde_drive *d); /* stops it, too; NULL is fine */

/* Capture on the interface towards dst from now on; NULL: on the one that was chosen, if one was. Setting a capture up
 * takes time, which would delay the second packet of a run. An error here comes back with the first packet. */
void sonde_drive_listen(struct sonde_session *s, const struct sonde_addr *dst);

/* Do what can be done now, without waiting. Returns 1, 0 when nothing is left to do, what a hook returned, or an error:
 * -ENODEV when an interface that is listened to is gone, an error of the builder, another negated errno. */
int sonde_drive_turn(struct sonde_drive *d, struct sonde_error *e);

/* Wait until there is something to do, or until the monotonic clock says `until`. */
void sonde_drive_wait(struct sonde_drive *d, sonde_time until);

#define SONDE_DRIVE_FDS 32
/* Descriptors that are readable when there is something to do. A turn may add some. Returns how many. */
unsigned sonde_drive_fds(const struct sonde_drive *d, int fds[SONDE_AT_LEAST(SONDE_DRIVE_FDS)]);
/* And when there is, by the monotonic clock, if none is readable before. */
sonde_time sonde_drive_deadline(const struct sonde_drive *d);

#endif
