/* What a packet adds to its flow. Used by flow/flows.c, which finds the flow. */
#ifndef SONDE_FLOW_TRACK_H
#define SONDE_FLOW_TRACK_H

#include <stdbool.h>

#include "flow/details.h"
#include "flow/flow.h"
#include "flow/pool.h"
#include "flow/stalls.h"
#include "packet/ends.h"

/* Where the parts of flows are. */
struct sonde_flow_pools {
	struct sonde_pool flows;    /* struct sonde_flow */
	struct sonde_pool tcps;     /* struct sonde_flow_tcp */
	struct sonde_pool odds;     /* struct sonde_flow_odd */
	struct sonde_pool stalls;   /* struct sonde_flow_stalls */
	struct sonde_pool said;     /* struct sonde_flow_said */
	struct sonde_pool details;  /* struct sonde_flow_details */
	bool finds_stalls, finds_details;
	uint64_t n_again;           /* retransmissions of all */
	struct sonde_pool segments; /* struct sonde_segment */
	struct sonde_pool holes;    /* struct sonde_hole */
};

/* A packet of a flow, and what of it was found. */
struct sonde_tracked {
	struct sonde_flow_pools *pools;
	struct sonde_flow *flow;
	unsigned side; /* that sent it */
	const struct sonde_ends *ends;
	const uint8_t *frame;
	uint32_t frame_len; /* on the wire */
	sonde_time time;
	uint64_t number;    /* of the frame */
	bool wrong_sum;
	bool no_memory; /* set where something could not be kept */
};

/* A segment that waits for its acknowledgement. */
struct sonde_segment {
	uint32_t next; /* the one sent after it; of the newest: the oldest */
	uint32_t end;  /* the number behind it */
	sonde_time time; /* SONDE_SENT_AGAIN: it, or something before it, was sent again */
};
#define SONDE_SENT_AGAIN INT64_MIN
#define SONDE_MOST_SEGMENTS 256 /* of a side; later ones are not timed */

/* Numbers between others that were seen. */
struct sonde_hole {
	uint32_t next; /* the one above it, or 0 */
	uint32_t from, to;
	uint32_t told; /* the other side acknowledged all of it: the capture lacks these bytes */
};
#define SONDE_MOST_HOLES 128 /* of a side; the lowest is given up for another one */

static inline struct sonde_flow *sonde_flow_at(const struct sonde_flow_pools *p, uint32_t number)
{
	return (struct sonde_flow *)sonde_pool_at(&p->flows, number);
}

#define SONDE_FLOW_TCP 6 /* the IP protocol */

/* NULL where it has none. */
static inline struct sonde_flow_tcp *sonde_flow_tcp_of(const struct sonde_flow_pools *p, const struct sonde_flow *f)
{
	bool has = f->id.proto == SONDE_FLOW_TCP && f->more;
	return has ? (struct sonde_flow_tcp *)sonde_pool_at(&p->tcps, f->more) : NULL;
}

/* NULL where nothing odd happened. */
struct sonde_flow_odd *sonde_flow_odd_of(const struct sonde_flow_pools *p, const struct sonde_flow *f);
/* The same; it is made where there is none. NULL without memory, which is noted. */
struct sonde_flow_odd *sonde_flow_odd_need(struct sonde_tracked *t);

/* A packet was counted: if the flow was silent before it for long, that was a stall of this cause. */
void sonde_flow_track_stall(struct sonde_tracked *t, enum sonde_stall_cause cause, bool has_data);

/* Count a packet, and what is in it. */
void sonde_flow_track(struct sonde_tracked *t);
/* The TCP part of that: flow/track_tcp.c. */
void sonde_flow_track_tcp(struct sonde_tracked *t, struct sonde_flow_tcp *tcp);
/* What a segment looked like, after it was tracked: flow/details.c. */
void sonde_flow_track_details(struct sonde_tracked *t, const struct sonde_flow_tcp *tcp);

/* Sequence space (flow/space.c): take note of [from, to) of a side, which was sent now. Returns how many of these
 * numbers had been seen. *late: others fill holes below what was seen. */
uint32_t sonde_space_add(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t from, uint32_t to,
			 bool *late);
/* A hole up to `to` behind the numbers seen so far. */
void sonde_space_skip(struct sonde_tracked *t, unsigned side, struct sonde_flow_tcp_side *s, uint32_t to);
/* The other side acknowledged all before ack. Returns how many holes that shows to be gaps of the capture. */
uint32_t sonde_space_acknowledged(struct sonde_flow_pools *p, struct sonde_flow_odd_side *odd, uint32_t ack);
/* Bytes of the holes; acknowledged: only of those that are gaps. */
uint64_t sonde_space_missing(const struct sonde_flow_pools *p, const struct sonde_flow_odd_side *odd,
			     bool acknowledged);
void sonde_space_free(struct sonde_flow_pools *p, struct sonde_flow_odd_side *odd);

/* Round trips (flow/round_trip.c). */
void sonde_round_trip_sent(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t end);
void sonde_round_trip_sent_again(struct sonde_flow_pools *p, struct sonde_flow_tcp_side *s, uint32_t from);
void sonde_round_trip_acknowledged(struct sonde_tracked *t, struct sonde_flow_tcp_side *s, uint32_t ack);
/* When the newest segment that waits was sent, or SONDE_SENT_AGAIN when none does. */
sonde_time sonde_round_trip_newest(const struct sonde_flow_pools *p, const struct sonde_flow_tcp_side *s);
void sonde_round_trip_free(struct sonde_flow_pools *p, struct sonde_flow_tcp_side *s);

#define SONDE_FLOW_MOST_SPAN ((UINT64_C(1) << 48) - 1) /* ns; 78 hours */

/* A duration as flows keep it, in 48 bits: 0 for a negative one, and no more than fits. */
static inline uint64_t sonde_flow_span(sonde_time t)
{
	return t < 0 ? 0 : (uint64_t)t > SONDE_FLOW_MOST_SPAN ? SONDE_FLOW_MOST_SPAN : (uint64_t)t;
}

/* How far a is behind b in sequence space; negative: before it (RFC 9293, 3.4). */
static inline int32_t sonde_seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

#endif
