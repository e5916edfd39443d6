/* Keyed hash (SipHash-2-4) and the random numbers made of it. */
#ifndef SONDE_BASE_HASH_H
#define SONDE_BASE_HASH_H

#include <stdint.h>

#include "base/bytes.h"

struct sonde_key {
	uint64_t k0, k1;
};

/* SipHash-2-4 of v under key (Aumasson and Bernstein, 2012). */
uint64_t sonde_siphash(struct sonde_key key, struct sonde_view v);

/* A key that follows from the user's seed. */
struct sonde_key sonde_key_from_seed(uint64_t seed);

/* A random number that depends on nothing but its arguments, so that shards and resumed runs agree: number k of the
 * stream (a, b), for instance packet k, layer a, field b. All 64 bits are uniform. */
uint64_t sonde_random(uint64_t seed, uint64_t k, uint32_t a, uint32_t b);

/* v reduced to 0..n-1 without favouring any (multiply and shift); 0 for n = 0. */
uint64_t sonde_random_below(uint64_t v, uint64_t n);

#endif
