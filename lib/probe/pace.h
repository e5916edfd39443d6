/* Pace: a token bucket. Packets leave no faster than asked for; after a delay a limited burst makes up for lost
 * time. */
#ifndef SONDE_PROBE_PACE_H
#define SONDE_PROBE_PACE_H

#include "base/time.h"

struct sonde_pace {
	sonde_time gap_ns;   /* between packets; 0: no limit */
	sonde_time burst_ns; /* how far behind the pace may fall before the rest is given up */
	sonde_time due_at;   /* when the next one may go */
};

/* gap_ns between packets, bursts of at most `burst` of them, beginning now. */
static inline struct sonde_pace sonde_pace(sonde_time gap_ns, unsigned burst, sonde_time now)
{
	struct sonde_pace p = { gap_ns, gap_ns * (sonde_time)burst, now };
	return p;
}

/* A packet was sent. */
static inline void sonde_pace_take(struct sonde_pace *p, sonde_time now)
{
	if (p->due_at < now - p->burst_ns)
		p->due_at = now - p->burst_ns;
	p->due_at += p->gap_ns;
}

#endif
