/* What the segments of a connection looked like, for those who ask: the figures of tcptrace's long report that are not
 * kept of every flow. */
#ifndef SONDE_FLOW_DETAILS_H
#define SONDE_FLOW_DETAILS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

/* Of one side; counts are of segments that it sent. */
struct sonde_flow_details_side {
	sonde_time last, longest_idle;    /* its last segment, and the longest time between two, in ns */
	sonde_time first_data, last_data;
	uint32_t syns, fins, resets, acks;
	uint32_t pure_acks;               /* without data, SYN, FIN or RST */
	uint32_t n_data;                  /* with data; of these: */
	uint32_t pushed, urgent, cut;     /* with PSH; with URG; with bytes that were not captured */
	uint64_t urgent_bytes, cut_bytes; /* urgent_bytes: the urgent pointers, summed up */
	uint32_t least_len, most_len;     /* bytes of data; 0: none had any */
	/* Windows as they were advertised, scaled; where both sides scale, those since then. least: but 0. n_windows:
	 * its segments, also those whose window says nothing. */
	uint32_t least_window, most_window, n_windows;
	uint64_t window_sum;
	uint64_t initial_bytes;           /* data before the other side acknowledged any, and */
	uint32_t initial_segments;        /* in so many segments */
	uint32_t n_again;                 /* retransmissions up to now */
	uint8_t most_sacks;               /* blocks in one segment */
	bool acknowledged;                /* the other side did, of data */
	bool has_timestamps, scales;      /* its SYN has that option; its windows are scaled by now */
};

struct sonde_flow_details {
	struct sonde_flow_details_side sides[2]; /* as those of the flow */
};

#endif
