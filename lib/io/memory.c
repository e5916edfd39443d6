#include "io/memory.h"

#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

/* The kernel uses huge pages where whole ones fit: so many bytes are mapped. */
static size_t mapped(size_t size)
{
	return (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

void *sonde_memory_alloc(size_t size)
{
	if (size == 0 || size > SIZE_MAX - 2 * HUGE_PAGE)
		return NULL;
	size_t len = mapped(size) + HUGE_PAGE;
	uint8_t *all = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED)
		return NULL;
	/* Begin at a huge page's boundary, and give back what is before and behind. */
	size_t before = (HUGE_PAGE - (uintptr_t)all % HUGE_PAGE) % HUGE_PAGE;
	if (before)
		munmap(all, before);
	munmap(all + before + mapped(size), len - before - mapped(size));
	madvise(all + before, mapped(size), MADV_HUGEPAGE);
	return all + before;
}

void sonde_memory_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, mapped(size));
}
