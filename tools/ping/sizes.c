/* -s: a size, or sets of them as the notation has them (64,1300-1500:50). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/common/options.h"
#include "tools/ping/ping.h"

static bool read_number(uint64_t *out, const char *s, const char *end)
{
	return end > s && sonde_uint_parse(out, s, (size_t)(end - s)) == 0;
}

/* One part of a set, from s to end. */
static bool read_range(uint64_t *first, uint64_t *last, uint64_t *step, const char *s, const char *end)
{
	const char *dash = memchr(s, '-', (size_t)(end - s)), *colon = memchr(s, ':', (size_t)(end - s));
	*step = 1;
	if (!dash)
		return !colon && read_number(first, s, end) && read_number(last, s, end);
	bool good = read_number(first, s, dash) && read_number(last, dash + 1, colon ? colon : end);
	return good && (!colon || read_number(step, colon + 1, end)) && *step > 0 && *first <= *last;
}

int ping_sizes(struct ping_options *po, const char *arg)
{
	uint64_t first, last, step;
	po->n_sizes = 0;
	for (const char *s = arg, *end; s; s = *end ? end + 1 : NULL) {
		end = s + strcspn(s, ",");
		if (!read_range(&first, &last, &step, s, end))
			return option_bad("-s '%s': not a size, nor a set of them (1300-1500, 64-1500:100, 64,1400)",
					  arg);
		if (last > PING_MAX_SIZE)
			return option_bad("-s '%s': from 0 to %d", arg, PING_MAX_SIZE);
		uint64_t n = (last - first) / step + 1;
		uint32_t *more = realloc(po->sizes, (po->n_sizes + n) * sizeof *more);
		if (!more)
			return option_bad("out of memory");
		po->sizes = more;
		for (uint64_t size = first; size <= last; size += step)
			po->sizes[po->n_sizes++] = (uint32_t)size;
	}
	po->size_text = arg;
	return 0;
}
