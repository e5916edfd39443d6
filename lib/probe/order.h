/* The order in which targets are asked: a keyed permutation of 0..n-1, so that neighbours are not asked one after the
 * other, and no list is needed to ask each of them once.
 *
 *	sonde_order_init(&order, n_hosts * n_ports, seed);
 *	for (i = 0; i < order.n; i++)
 *		ask(sonde_order_at(&order, i));
 *
 * A Feistel network permutes the least power of two that is not below n; what falls behind n is permuted again until it
 * does not (cycle walking), less than once on average. */
#ifndef SONDE_PROBE_ORDER_H
#define SONDE_PROBE_ORDER_H

#include <stdint.h>

#define SONDE_ORDER_ROUNDS 8
#define SONDE_ORDER_MOST   (1ull << 48) /* of n */

struct sonde_order {
	uint64_t n;
	unsigned low, high; /* bits of either half */
	uint64_t keys[SONDE_ORDER_ROUNDS];
};

/* Of 1 to SONDE_ORDER_MOST numbers. The same n and seed give the same order. */
void sonde_order_init(struct sonde_order *o, uint64_t n, uint64_t seed);

/* The number at place i, which is below n. */
uint64_t sonde_order_at(const struct sonde_order *o, uint64_t i);

/* The place of a number below n. */
uint64_t sonde_order_find(const struct sonde_order *o, uint64_t v);

#endif
