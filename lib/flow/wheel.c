#include "flow/wheel.h"

#include "base/span.h"

#define SPANS_OF_SILENCE 128 /* slots that silence takes: the wheel has room for as much again */
#define LEAST_SPAN       SONDE_US /* turns are far from what 64 bits can count */

void sonde_wheel_init(struct sonde_wheel *w, sonde_time silence, sonde_time closed_silence)
{
	*w = (struct sonde_wheel){
		.silence = silence, .closed_silence = closed_silence, .span = silence / SPANS_OF_SILENCE + LEAST_SPAN,
	};
}

static struct sonde_flow *flow_at(const struct sonde_pool *flows, uint32_t number)
{
	return (struct sonde_flow *)sonde_pool_at(flows, number);
}

/* The turn at which a flow has been silent for long enough. */
static int64_t turn_of(const struct sonde_wheel *w, const struct sonde_flow *f)
{
	return sonde_time_plus(f->last, f->closed ? w->closed_silence : w->silence) / w->span + 1;
}

/* Times may jump: what is due before now, or after `most` slots, goes into the next or the last. */
static void put_at(struct sonde_wheel *w, struct sonde_flow *f, uint32_t number, int64_t most)
{
	int64_t turn = turn_of(w, f);
	if (turn <= w->turn)
		turn = w->turn + 1;
	if (turn > w->turn + most)
		turn = w->turn + most;
	uint32_t *slot = &w->slots[(uint64_t)turn % SONDE_WHEEL_SLOTS];
	f->next = *slot;
	f->due = 1;
	*slot = number;
}

/* Within how many slots a flow is looked at: as long as it takes for one that closes now to be due. */
static int64_t look_within(const struct sonde_wheel *w)
{
	return w->closed_silence < w->silence ? w->closed_silence / w->span + 1 : SONDE_WHEEL_SLOTS - 1;
}

void sonde_wheel_put(struct sonde_wheel *w, const struct sonde_pool *flows, uint32_t number)
{
	struct sonde_flow *f = flow_at(flows, number);
	if (!w->turning) {
		w->turn = f->last / w->span;
		w->turning = true;
	}
	put_at(w, f, number, look_within(w));
}

static uint32_t take_first(uint32_t *slot, const struct sonde_pool *flows)
{
	uint32_t number = *slot;
	struct sonde_flow *f = flow_at(flows, number);
	*slot = f->next;
	f->due = 0;
	return number;
}

/* Take flows out of the slot of this turn until one is due at it. */
static uint32_t due_in_slot(struct sonde_wheel *w, const struct sonde_pool *flows)
{
	uint32_t *slot = &w->slots[(uint64_t)w->turn % SONDE_WHEEL_SLOTS];
	while (*slot) {
		uint32_t number = take_first(slot, flows);
		if (turn_of(w, flow_at(flows, number)) <= w->turn)
			return number;
		put_at(w, flow_at(flows, number), number, look_within(w));
	}
	return 0;
}

uint32_t sonde_wheel_due(struct sonde_wheel *w, const struct sonde_pool *flows, sonde_time now)
{
	int64_t wanted = now / w->span;
	/* After a jump, one turn of the wheel passes all. */
	if (w->turning && wanted - w->turn > 2 * SONDE_WHEEL_SLOTS)
		w->turn = wanted - 2 * SONDE_WHEEL_SLOTS;
	while (w->turning && w->turn <= wanted) {
		uint32_t number = due_in_slot(w, flows);
		if (number)
			return number;
		if (w->turn == wanted)
			break;
		w->turn++;
	}
	return 0;
}

uint32_t sonde_wheel_longest(struct sonde_wheel *w, const struct sonde_pool *flows)
{
	/* Each flow is put back at most once, into a slot of the present turn or later: where it is due as it is now,
	 * so that one that closes then is found late. */
	for (unsigned i = 1; w->turning && i < 2 * SONDE_WHEEL_SLOTS; i++) {
		uint32_t *slot = &w->slots[(uint64_t)(w->turn + i) % SONDE_WHEEL_SLOTS];
		uint32_t rest = *slot;
		*slot = 0;
		while (rest) {
			uint32_t number = rest;
			struct sonde_flow *f = flow_at(flows, number);
			int64_t turn = turn_of(w, f);
			rest = f->next;
			if (turn <= w->turn + i || i >= SONDE_WHEEL_SLOTS) {
				f->due = 0;
				/* The others of the slot stay in it. */
				while (rest) {
					uint32_t other = rest;
					rest = flow_at(flows, other)->next;
					flow_at(flows, other)->next = *slot;
					*slot = other;
				}
				return number;
			}
			put_at(w, f, number, SONDE_WHEEL_SLOTS - 1);
		}
	}
	return 0;
}
