#include "flow/pool.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNKS 16

void sonde_pool_init(struct sonde_pool *p, size_t size)
{
	*p = (struct sonde_pool){ .size = (uint32_t)size };
}

void sonde_pool_free(struct sonde_pool *p)
{
	for (uint32_t i = 0; i < p->n_chunks; i++)
		free(p->chunks[i]);
	free(p->chunks);
	sonde_pool_init(p, p->size);
}

/* Returns whether there is room for one more. */
static int grow(struct sonde_pool *p)
{
	if (p->n == UINT32_MAX)
		return 0;
	if (p->n_chunks == p->cap_chunks) {
		uint32_t cap = p->cap_chunks ? 2 * p->cap_chunks : FIRST_CHUNKS;
		uint8_t **chunks = realloc(p->chunks, cap * sizeof *chunks);
		if (!chunks)
			return 0;
		p->chunks = chunks;
		p->cap_chunks = cap;
	}
	/* Large ones come from the system as zeros, untouched. */
	uint8_t *chunk = calloc(1u << SONDE_POOL_BITS, p->size);
	if (!chunk)
		return 0;
	p->chunks[p->n_chunks++] = chunk;
	return 1;
}

uint32_t sonde_pool_take(struct sonde_pool *p)
{
	uint32_t number = p->free;
	if (number) {
		memcpy(&p->free, sonde_pool_at(p, number), sizeof p->free);
		memset(sonde_pool_at(p, number), 0, p->size);
	} else {
		if (p->n >> SONDE_POOL_BITS == p->n_chunks && !grow(p))
			return 0;
		number = ++p->n;
	}
	p->n_used++;
	return number;
}

void sonde_pool_give(struct sonde_pool *p, uint32_t number)
{
	if (!number)
		return;
	memcpy(sonde_pool_at(p, number), &p->free, sizeof p->free);
	p->free = number;
	p->n_used--;
}
