/* A keyed hash, SipHash-2-4, and random numbers made with it. */
#ifndef SONDE_BASE_HASH_H
#define SONDE_BASE_HASH_H

#include <stdint.h>

#include "base/bytes.h"

struct sonde_key {
	uint64_t k0, k1;
};

/* SipHash-2-4 of v (Aumasson and Bernstein, 2012). */
uint64_t sonde_siphash(struct sonde_key key, struct sonde_view v);

/* A key derived from the user's seed. */
struct sonde_key sonde_key_from_seed(uint64_t seed);

/* Random number k of the stream (a, b), for instance of packet k, layer a, field b. It depends on the arguments alone,
 * so that shards and resumed runs agree. All 64 bits are uniform. */
uint64_t sonde_random(uint64_t seed, uint64_t k, uint32_t a, uint32_t b);

/* Reduce v, a random number, to 0..n-1 by multiplication; 0 for n = 0. */
uint64_t sonde_random_below(uint64_t v, uint64_t n);

#endif
