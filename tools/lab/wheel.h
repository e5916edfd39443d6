/* A timing wheel: items, which are small numbers, come out at their time. Adding and taking cost the same however many
 * are in it. */
#ifndef SONDE_TOOLS_LAB_WHEEL_H
#define SONDE_TOOLS_LAB_WHEEL_H

#include <stdint.h>

#include "base/time.h"

#define WHEEL_TICK_BITS 13 /* a tick is 2^13 ns, 8 us */
#define WHEEL_SLOTS     32768
#define WHEEL_NONE      UINT32_MAX

struct wheel_item {
	sonde_time due_ns;
	uint32_t next;
};

struct wheel_list {
	uint32_t first, last;
};

struct wheel {
	struct wheel_item *items;
	int64_t tick;            /* items that were due before it are in ready, or were taken */
	uint32_t n;              /* items in the wheel */
	struct wheel_list ready; /* due, in order */
	struct wheel_list slots[WHEEL_SLOTS];
	uint64_t used[WHEEL_SLOTS / 64]; /* a bit for each slot that is not empty */
};

/* Make an empty wheel whose time is now_ns. items, which the caller owns, has room for every number that will be in
 * it. */
void wheel_init(struct wheel *w, struct wheel_item *items, sonde_time now_ns);

/* Add an item that is not in it. It comes out up to a tick after due_ns, never before, and items of the same tick in
 * the order in which they were added. */
void wheel_add(struct wheel *w, uint32_t item, sonde_time due_ns);

/* Take the next item that is due at now_ns, or WHEEL_NONE. now_ns never goes back. */
uint32_t wheel_take(struct wheel *w, sonde_time now_ns);

/* When to call wheel_take again: no later than a tick after the next item is due; INT64_MAX when the wheel is empty. */
sonde_time wheel_next(const struct wheel *w);

#endif
