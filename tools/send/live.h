/* A run of `sonde send` on the wire: what sending (live.c) and answers (answers.c) share. */
#ifndef SONDE_TOOLS_SEND_LIVE_H
#define SONDE_TOOLS_SEND_LIVE_H

#include "tools/common/loop.h"
#include "tools/common/record.h"
#include "tools/send/send.h"

/* A packet whose answers are waited for. */
struct waiting {
	struct waiting *next;
	struct question q;
	uint64_t replies;
	sonde_time give_up_at; /* of the monotonic clock */
	uint32_t len;
	uint8_t bytes[];
};

struct live {
	struct source *source;
	struct teller *t;
	const struct options *o;
	const struct send_options *so;
	struct sonde_session *session;
	struct loop loop;
	struct loop_timer send_timer, wait_timer;
	struct loop_signal quit;
	struct loop_watch watches[SONDE_SESSION_FDS];
	unsigned n_watches;
	struct record_routes routes;
	struct waiting *first, **last; /* in the order of sending, so of giving up */
	struct waiting *unstamped;     /* the first whose copy the kernel has not shown yet; or NULL */
	struct counters c;
	sonde_time gap_ns, next_send_at;
	uint64_t dropped;
	struct sonde_error told;   /* what was in the way of a packet last */
	int status;
	bool all_sent;
	bool held;                 /* packet is built, and its time has not come */
	struct sonde_packet packet;
	sonde_time began_at;
	uint8_t *room;
};

/* End the run with a status. */
void live_fail(struct live *l, int status);
/* End it when everything is sent and nothing is waited for. */
void live_end_if_done(struct live *l);

/* --- answers.c --------------------------------------------------------------------------------------------------- */

/* Wait for the answers to packet n, which left at sent_at. */
void live_wait(struct live *l, const struct sonde_packet *p, uint64_t n, sonde_time sent_at);
/* Take what came: the callback of the session's descriptors. */
void live_on_frames(void *arg, uint32_t events);
/* Give up what was waited for long enough: the callback of wait_timer. */
void live_on_give_up(void *arg);
/* Give up all. */
void live_forget_all(struct live *l);

#endif
