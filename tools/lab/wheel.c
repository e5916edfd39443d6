#include "tools/lab/wheel.h"

#define WORDS (WHEEL_SLOTS / 64)

static const struct wheel_list empty = { WHEEL_NONE, WHEEL_NONE };

static int64_t tick_of(sonde_time ns)
{
	return ns >> WHEEL_TICK_BITS;
}

static unsigned slot_of(int64_t tick)
{
	return (unsigned)((uint64_t)tick % WHEEL_SLOTS);
}

static void append(struct wheel *w, struct wheel_list *l, uint32_t item)
{
	w->items[item].next = WHEEL_NONE;
	if (l->first == WHEEL_NONE)
		l->first = item;
	else
		w->items[l->last].next = item;
	l->last = item;
}

void wheel_init(struct wheel *w, struct wheel_item *items, sonde_time now_ns)
{
	w->items = items;
	w->tick = tick_of(now_ns);
	w->n = 0;
	w->ready = empty;
	for (unsigned i = 0; i < WHEEL_SLOTS; i++)
		w->slots[i] = empty;
	for (unsigned i = 0; i < WORDS; i++)
		w->used[i] = 0;
}

void wheel_add(struct wheel *w, uint32_t item, sonde_time due_ns)
{
	int64_t tick = tick_of(due_ns);

	/* What is late already is due with the current tick. */
	if (tick < w->tick)
		tick = w->tick;
	unsigned slot = slot_of(tick);
	w->items[item].due_ns = due_ns;
	append(w, &w->slots[slot], item);
	w->used[slot / 64] |= UINT64_C(1) << slot % 64;
	w->n++;
}

/* Ticks from w->tick to the next slot that is not empty, at most WHEEL_SLOTS. */
static unsigned distance(const struct wheel *w)
{
	unsigned from = slot_of(w->tick), word = from / 64;
	uint64_t bits = w->used[word] & ~UINT64_C(0) << from % 64;

	for (unsigned i = 0; i <= WORDS; i++) {
		if (bits) {
			unsigned slot = word * 64 + (unsigned)__builtin_ctzll(bits);
			return (slot - from) % WHEEL_SLOTS;
		}
		word = (word + 1) % WORDS;
		bits = w->used[word];
	}
	return WHEEL_SLOTS;
}

/* Items of later turns of the wheel share the slot and stay in it. */
static void empty_slot(struct wheel *w, unsigned slot, int64_t tick)
{
	uint32_t item = w->slots[slot].first;

	w->slots[slot] = empty;
	w->used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
	while (item != WHEEL_NONE) {
		uint32_t next = w->items[item].next;
		if (tick_of(w->items[item].due_ns) <= tick) {
			append(w, &w->ready, item);
		} else {
			append(w, &w->slots[slot], item);
			w->used[slot / 64] |= UINT64_C(1) << slot % 64;
		}
		item = next;
	}
}

static void turn(struct wheel *w, int64_t to)
{
	while (w->tick < to) {
		unsigned ahead = distance(w);
		if (ahead >= to - w->tick) {
			w->tick = to;
			return;
		}
		w->tick += ahead;
		empty_slot(w, slot_of(w->tick), w->tick);
		w->tick++;
	}
}

uint32_t wheel_take(struct wheel *w, sonde_time now_ns)
{
	if (w->ready.first == WHEEL_NONE && w->n)
		turn(w, tick_of(now_ns));
	else if (!w->n && tick_of(now_ns) > w->tick)
		w->tick = tick_of(now_ns);
	uint32_t item = w->ready.first;
	if (item == WHEEL_NONE)
		return item;
	w->ready.first = w->items[item].next;
	w->n--;
	return item;
}

sonde_time wheel_next(const struct wheel *w)
{
	if (w->ready.first != WHEEL_NONE)
		return 0;
	if (!w->n)
		return INT64_MAX;
	return (w->tick + distance(w) + 1) << WHEEL_TICK_BITS;
}
