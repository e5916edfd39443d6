/* When flows are due: a wheel of slots, each a span of time. A flow stays in the slot it was put into while it goes on
 * talking; when that slot is due, it is either silent, or put into a later one. So a packet costs nothing here. Where
 * closed flows are due sooner than others, all are looked at that often. */
#ifndef SONDE_FLOW_WHEEL_H
#define SONDE_FLOW_WHEEL_H

#include "flow/flow.h"
#include "flow/pool.h"

#define SONDE_WHEEL_SLOTS 256

struct sonde_wheel {
	sonde_time silence; /* after which a flow is due, */
	sonde_time closed_silence; /* and one that is closed; no larger */
	sonde_time span;    /* of a slot, ns */
	int64_t turn;       /* slots that have passed since 1970 */
	bool turning;       /* turn is set */
	uint32_t slots[SONDE_WHEEL_SLOTS]; /* the first flow of each, chained by .next; 0: none */
};

void sonde_wheel_init(struct sonde_wheel *w, sonde_time silence, sonde_time closed_silence);
/* Put a flow into the slot of its last packet's time. */
void sonde_wheel_put(struct sonde_wheel *w, const struct sonde_pool *flows, uint32_t number);
/* The next flow that is silent at this time, taken out of the wheel; 0: none. */
uint32_t sonde_wheel_due(struct sonde_wheel *w, const struct sonde_pool *flows, sonde_time now);
/* The flow that was silent for longest, within the span of a slot, taken out of the wheel; 0: none is there. */
uint32_t sonde_wheel_longest(struct sonde_wheel *w, const struct sonde_pool *flows);

#endif
