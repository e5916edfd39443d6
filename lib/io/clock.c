#include "io/clock.h"

#include <time.h>

static sonde_time clock_read(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (sonde_time)t.tv_sec * SONDE_S + t.tv_nsec;
}

sonde_time sonde_clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

sonde_time sonde_clock_real(void)
{
	return clock_read(CLOCK_REALTIME);
}
