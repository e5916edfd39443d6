#include "flow/stalls.h"

#include <stddef.h>

#include "base/span.h"

const char *sonde_stall_name(enum sonde_stall_cause cause)
{
	static const char *const names[] = { "server", "client", "window", "timeout", "fast retransmission", "path" };
	return names[cause];
}

void sonde_stall_keep(struct sonde_flow_stalls *s, const struct sonde_stall *stall)
{
	unsigned shortest = 0;
	s->n++;
	s->sums[stall->cause] = sonde_time_plus(s->sums[stall->cause], stall->duration);
	for (unsigned i = 1; i < SONDE_STALLS; i++)
		if (s->longest[i].duration < s->longest[shortest].duration)
			shortest = i;
	if (s->longest[shortest].duration >= stall->duration)
		return;
	/* The order of time stays: the new one is the last. */
	for (; shortest + 1 < SONDE_STALLS; shortest++)
		s->longest[shortest] = s->longest[shortest + 1];
	s->longest[SONDE_STALLS - 1] = *stall;
}

const struct sonde_stall *sonde_stall_longest(const struct sonde_flow_stalls *s)
{
	const struct sonde_stall *longest = NULL;
	for (unsigned i = 0; i < SONDE_STALLS; i++)
		if (s->longest[i].duration && (!longest || s->longest[i].duration > longest->duration))
			longest = &s->longest[i];
	return longest;
}
