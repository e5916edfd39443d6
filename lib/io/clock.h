/* The clocks of the machine, and waiting. */
#ifndef SONDE_IO_CLOCK_H
#define SONDE_IO_CLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"

/* For deadlines and pace: never set back. Its zero means nothing. */
sonde_time sonde_clock_monotonic(void);
/* Since 1970 UTC, the clock that the kernel stamps captured frames with. An administrator may set it back. */
sonde_time sonde_clock_real(void);

#define SONDE_WAIT_FDS 64 /* how many descriptors one wait takes */
#define SONDE_FOREVER  INT64_MAX

/* How long until the monotonic clock says `until`, as poll(2) and epoll_wait(2) have it: milliseconds, rounded up; 0
 * when it has passed; -1 for SONDE_FOREVER. */
int sonde_clock_left_ms(sonde_time until);

struct sonde_wait {
	int fd;       /* negative: none */
	bool writing; /* wait until it can be written to instead of read from */
	bool ready;   /* filled in: it can, or it failed, or its other end is closed */
};

/* Wait until one of n descriptors is ready, or until the monotonic clock says `until`; a time that has passed makes it
 * look once. Signals do not end the wait. Returns how many are ready, 0 when the time came first; -EINVAL for more than
 * SONDE_WAIT_FDS; or another negated errno. */
int sonde_wait(struct sonde_wait *fds, size_t n, sonde_time until);

#endif
