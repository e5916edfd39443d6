#include "probe/order.h"

#include "base/hash.h"

#define STREAM 3 /* of the seed's random numbers */

void sonde_order_init(struct sonde_order *o, uint64_t n, uint64_t seed)
{
	unsigned bits = 2;
	while (bits < 64 && n > 1ull << bits)
		bits++;
	*o = (struct sonde_order){ .n = n, .low = bits / 2, .high = bits - bits / 2 };
	for (unsigned i = 0; i < SONDE_ORDER_ROUNDS; i++)
		o->keys[i] = sonde_random(seed, i, STREAM, 0);
}

/* The round function: `bits` bits that depend on all bits of x and of the key. */
static uint64_t mix(uint64_t x, uint64_t key, unsigned bits)
{
	x = (x ^ key) * 0x9e3779b97f4a7c15u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x >> (64 - bits);
}

/* Rounds change the halves in turn. Undoing a round is doing it again. */
static uint64_t step(const struct sonde_order *o, uint64_t v, unsigned round)
{
	uint64_t low = v & ((1ull << o->low) - 1), high = v >> o->low;
	if (round % 2)
		high ^= mix(low, o->keys[round], o->high);
	else
		low ^= mix(high, o->keys[round], o->low);
	return high << o->low | low;
}

uint64_t sonde_order_at(const struct sonde_order *o, uint64_t i)
{
	do {
		for (unsigned round = 0; round < SONDE_ORDER_ROUNDS; round++)
			i = step(o, i, round);
	} while (i >= o->n);
	return i;
}

uint64_t sonde_order_find(const struct sonde_order *o, uint64_t v)
{
	do {
		for (unsigned round = SONDE_ORDER_ROUNDS; round-- > 0;)
			v = step(o, v, round);
	} while (v >= o->n);
	return v;
}
