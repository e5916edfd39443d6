/* What the files of the machine that runs engines share; not for callers. */
#ifndef SONDE_SESSION_DRIVE_STATE_H
#define SONDE_SESSION_DRIVE_STATE_H

#include "session/drive.h"
#include "session/state.h"

/* A packet that waits for the address of its next hop. */
struct waiting {
	struct waiting *next;
	uint64_t id;
	sonde_time since;
	unsigned n_fragments; /* of it that are queued already */
	struct sonde_packet packet;
	uint8_t bytes[];
};

struct waiting_list {
	struct waiting *first, *last; /* last: where there is a first */
};

struct sonde_drive {
	struct sonde_engine *engine;
	struct sonde_session *session;
	struct sonde_drive_options o;
	struct sonde_batch batch;
	unsigned at;                             /* the batch's first item that is still to be sent */
	unsigned n_fragments;                    /* how many of its fragments are queued already */
	struct sonde_packet packet;              /* of the batch */
	uint8_t *room;                           /* and its bytes */
	uint8_t *fragment;                       /* room for one of its fragments */
	struct waiting_list *by_hop; /* packets that wait, by the number of their hop */
	uint32_t n_hops;
	struct waiting_list ready;   /* whose hop's question was answered or given up */
	unsigned n_waiting;          /* in all of these */
	uint64_t n_frames;        /* that were seen */
	sonde_time unseen_until;  /* when to ask next whether the kernel dropped copies of frames */
	uint64_t n_dropped;       /* frames that came in and were dropped, as the engine knows */
	sonde_time dropped_until; /* when to ask next */
	sonde_time now, real_now; /* monotonic time of this turn, real time of this batch */
	bool full;                /* the socket's buffer is full */
	sonde_time full_until;    /* when its packets are refused; 0: it took some since */
	bool more_frames;         /* the turn left frames unread */
	bool missed;              /* the kernel dropped copies of outbound frames */
	struct sonde_error *e;    /* of the turn */
};

#define FULL_NS (SONDE_MS / 10) /* a full socket is tried again after this long; it is empty in half a millisecond */

/* --- drive_send.c ------------------------------------------------------------------------------------------------ */

/* Send the packets whose next hop is resolved, refuse those whose next hop did not answer, leave the others. Returns 0
 * or what ends the run. */
int sonde_drive_send_waiting(struct sonde_drive *d);
/* Whether the next packet has to wait. */
bool sonde_drive_is_full(const struct sonde_drive *d);
/* Send what the engine has due, for the length of a turn. Returns as above. */
int sonde_drive_send_due(struct sonde_drive *d);

#endif
