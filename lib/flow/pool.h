/* Items of one size, known by numbers from 1, which are smaller than pointers and stay good while the pool grows. */
#ifndef SONDE_FLOW_POOL_H
#define SONDE_FLOW_POOL_H

#include <stddef.h>
#include <stdint.h>

struct sonde_pool {
	uint8_t **chunks;
	uint32_t n_chunks, cap_chunks;
	uint32_t n;    /* numbers given out so far */
	uint32_t free; /* the first that was given back; 0: none */
	uint32_t n_used;
	uint32_t size; /* bytes of an item, 4 at least */
};

#define SONDE_POOL_BITS 10 /* items of a chunk, as a power of 2 */

void sonde_pool_init(struct sonde_pool *p, size_t size);
void sonde_pool_free(struct sonde_pool *p);

static inline void *sonde_pool_at(const struct sonde_pool *p, uint32_t number)
{
	uint32_t i = number - 1;
	return p->chunks[i >> SONDE_POOL_BITS] + (size_t)(i & ((1u << SONDE_POOL_BITS) - 1)) * p->size;
}

/* A zeroed item. Returns its number, or 0 without memory. */
uint32_t sonde_pool_take(struct sonde_pool *p);
/* Give it back. 0 is fine. */
void sonde_pool_give(struct sonde_pool *p, uint32_t number);

/* Bytes of the items in use. */
static inline size_t sonde_pool_bytes(const struct sonde_pool *p)
{
	return (size_t)p->n_used * p->size;
}

#endif
