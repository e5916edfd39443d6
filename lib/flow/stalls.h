/* What a flow waited for: silences of SONDE_STALL_LEAST and more, each with its cause and the frames around it. The
 * longest are kept. */
#ifndef SONDE_FLOW_STALLS_H
#define SONDE_FLOW_STALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define SONDE_STALL_LEAST (100 * SONDE_MS)
#define SONDE_STALLS      4 /* that are kept of a flow */

enum sonde_stall_cause {
	SONDE_STALL_SERVER,  /* the responder had nothing to say */
	SONDE_STALL_CLIENT,  /* the originator had nothing to say */
	SONDE_STALL_WINDOW,  /* the receiver's window was closed */
	SONDE_STALL_TIMEOUT, /* a segment was lost, and only a timeout told it */
	SONDE_STALL_FAST,    /* a segment was lost, and duplicate acknowledgements told it */
	SONDE_STALL_PATH,    /* an acknowledgement, or the answer to a SYN, was on its way, or held back */
	SONDE_STALL_CAUSES,
};

struct sonde_stall {
	sonde_time start, duration;
	uint64_t frame; /* the one that ended it; the one before it in this flow is .frame_before */
	uint64_t frame_before;
	uint8_t side;   /* that ended it */
	uint8_t cause;  /* enum sonde_stall_cause */
	bool asked;     /* the other side had sent data before: what came is an answer */
};

struct sonde_flow_stalls {
	uint64_t last_frame; /* 0: none yet */
	sonde_time last_time;
	uint8_t last_data;   /* the side that sent data last, + 1; 0: none did */
	uint32_t n;          /* all of them */
	sonde_time sums[SONDE_STALL_CAUSES]; /* their durations */
	struct sonde_stall longest[SONDE_STALLS]; /* in the order of time; .duration 0: none */
};

/* The cause as a word: server, client, window, timeout, fast retransmission, path. */
const char *sonde_stall_name(enum sonde_stall_cause cause);

/* Add one. */
void sonde_stall_keep(struct sonde_flow_stalls *s, const struct sonde_stall *stall);
/* The longest, or NULL. */
const struct sonde_stall *sonde_stall_longest(const struct sonde_flow_stalls *s);

#endif
