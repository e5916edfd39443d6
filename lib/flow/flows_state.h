/* The table of flows from inside. */
#ifndef SONDE_FLOW_FLOWS_STATE_H
#define SONDE_FLOW_FLOWS_STATE_H

#include <string.h>

#include "flow/datagrams.h"
#include "flow/flows.h"
#include "flow/flows_read.h"
#include "flow/track.h"
#include "flow/tunnels.h"
#include "flow/wheel.h"

#define FLOW_ID_WORDS (sizeof(struct sonde_flow_id) / 4)

struct flow_slot {
	uint32_t hash;
	uint32_t flow; /* its number; 0: free */
};

struct sonde_flows {
	struct sonde_flows_options o;
	uint64_t secret[FLOW_ID_WORDS + 1], shard_secret[FLOW_ID_WORDS + 1];
	struct flow_slot *slots;
	uint32_t n_slots, n_open; /* slots: a power of 2 */
	uint32_t first_ended, last_ended;
	uint64_t ended_bytes;
	bool has_time;           /* the three below are known */
	sonde_time newest;       /* of all times of frames, and of those that were told */
	sonde_time last_time;    /* of the last frame */
	sonde_time steady_since; /* times have not jumped since then */
	struct sonde_flow_pools pools;
	struct sonde_wheel wheels[2]; /* of TCP, of others */
	struct sonde_datagrams datagrams;
	struct sonde_tunnels tunnels;
	struct sonde_flows_stats stats;
	struct sonde_flows_packet *packets; /* FLOW_STEPS, that sonde_flows_add reads */
	struct flow_step *steps;            /* FLOW_STEPS */
};

/* A packet on its way into the table. */
struct flow_step {
	struct sonde_flows_packet *packet; /* its ends are sorted with the flow's */
	struct sonde_flow_id id; /* of its flow; of an ICMP error: of the flow of the packet that it quotes */
	uint32_t hash;
	uint32_t likely;         /* the number of its flow, as far as the hash tells; 0: none */
	uint32_t tunnel;         /* the number of what encloses the packet; 0: nothing */
	uint8_t side;            /* of the flow, that sent it */
	bool is_error, has_flow;
};

#define FLOW_STEPS 32 /* packets that are on their way together */

/* The key of a flow with these ends, which are sorted. */
static inline struct sonde_flow_id sonde_flow_id_of(const struct sonde_ends *e, uint32_t tunnel)
{
	struct sonde_flow_id id;
	memcpy(&id, e, SONDE_ENDS_TUPLE_LEN);
	id.vlan = e->vlan;
	id.tunnel = tunnel;
	return id;
}
uint32_t sonde_flow_hash(const struct sonde_flows *t, const struct sonde_flow_id *id);
bool sonde_flow_is_mine(const struct sonde_flows *t, const struct sonde_flow_id *id);

/* The flow of a packet, or NULL. */
struct sonde_flow *sonde_flow_find(const struct sonde_flows *t, const struct flow_step *step);
/* The same; a flow that is not there begins. Its .grade is SONDE_FLOW_NOT_KNOWN then. NULL without memory. */
struct sonde_flow *sonde_flow_need(struct sonde_flows *t, const struct flow_step *step);
/* The number of an open flow; 0: there is none. */
uint32_t sonde_flow_number(const struct sonde_flows *t, const struct sonde_flow_id *id, uint32_t hash);
/* A flow that is not there begins at this time. Returns its number, or 0 without memory. */
uint32_t sonde_flow_put(struct sonde_flows *t, const struct sonde_flow_id *id, uint32_t hash, sonde_time time);
void sonde_flows_end_open(struct sonde_flows *t);
/* End flows until the memory that is in use fits. */
void sonde_flow_make_room(struct sonde_flows *t);

/* What a packet will need, fetched while others are worked on, one after the other. */
void sonde_flow_prefetch_slot(const struct sonde_flows *t, uint32_t hash);
void sonde_flow_prefetch(const struct sonde_flows *t, struct flow_step *step);
void sonde_flow_prefetch_tcp(const struct sonde_flows *t, const struct flow_step *step);
void sonde_flow_prefetch_rest(const struct sonde_flows *t, const struct flow_step *step);

#endif
