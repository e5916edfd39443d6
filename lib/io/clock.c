#include "io/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
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

int sonde_clock_left_ms(sonde_time until)
{
	sonde_time now = sonde_clock_monotonic();
	if (until == SONDE_FOREVER)
		return -1;
	if (until <= now)
		return 0;
	sonde_time left_ms = (until - now - 1) / SONDE_MS + 1;
	return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

int sonde_wait(struct sonde_wait *fds, size_t n, sonde_time until)
{
	struct pollfd polled[SONDE_WAIT_FDS];
	int got;
	if (n > SONDE_WAIT_FDS)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = fds[i].fd, .events = fds[i].writing ? POLLOUT : POLLIN };
	do {
		sonde_time now = sonde_clock_monotonic(), left = until > now ? until - now : 0;
		struct timespec limit = { left / SONDE_S, left % SONDE_S };
		got = ppoll(polled, n, until == SONDE_FOREVER ? NULL : &limit, NULL);
	} while (got < 0 && errno == EINTR);
	for (size_t i = 0; i < n; i++)
		fds[i].ready = got > 0 && polled[i].revents;
	return got < 0 ? -errno : got;
}
