/* Waiting for descriptors and for a time. */
#include "io/clock.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static int ends[2];

static int open_pipe(void **state)
{
	(void)state;
	return pipe(ends);
}

static int close_pipe(void **state)
{
	(void)state;
	return close(ends[0]) | close(ends[1]);
}

static void a_time_that_has_passed_looks_once(void **state)
{
	(void)state;
	struct sonde_wait fds[] = { { .fd = ends[0] }, { .fd = ends[1], .writing = true }, { .fd = -1 } };
	assert_int_equal(sonde_wait(fds, 3, 0), 1);
	assert_false(fds[0].ready);
	assert_true(fds[1].ready);
	assert_false(fds[2].ready);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(sonde_wait(fds, 3, INT64_MIN), 2);
	assert_true(fds[0].ready);
	/* What an earlier wait found is not left behind. */
	char byte;
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(sonde_wait(fds, 1, 0), 0);
	assert_false(fds[0].ready);
}

static void the_time_ends_it(void **state)
{
	(void)state;
	struct sonde_wait fd = { .fd = ends[0] };
	sonde_time until = sonde_clock_monotonic() + 20 * SONDE_MS;
	assert_int_equal(sonde_wait(&fd, 1, until), 0);
	assert_true(sonde_clock_monotonic() >= until);
	until = sonde_clock_monotonic() + SONDE_MS;
	assert_int_equal(sonde_wait(NULL, 0, until), 0);
	assert_true(sonde_clock_monotonic() >= until);
}

static void what_is_left_is_as_poll_has_it(void **state)
{
	(void)state;
	assert_int_equal(sonde_clock_left_ms(SONDE_FOREVER), -1);
	assert_int_equal(sonde_clock_left_ms(SONDE_FOREVER - 1), INT_MAX);
	assert_int_equal(sonde_clock_left_ms(sonde_clock_monotonic()), 0);
	assert_int_equal(sonde_clock_left_ms(INT64_MIN), 0);
	assert_in_range(sonde_clock_left_ms(sonde_clock_monotonic() + 1000 * SONDE_S), 990 * 1000, 1000 * 1000);
	/* Who polls for it does not wake too early, and look in vain. */
	sonde_time until = sonde_clock_monotonic() + 10 * SONDE_S + 1;
	int left_ms = sonde_clock_left_ms(until);
	assert_true(sonde_clock_monotonic() + left_ms * SONDE_MS >= until);
}

static int signals;

static void count_signal(int number)
{
	(void)number;
	if (++signals == 3)
		(void)!write(ends[1], "x", 1);
}

static void signals_do_not(void **state)
{
	(void)state;
	struct sonde_wait fd = { .fd = ends[0] };
	struct sigaction act = { .sa_handler = count_signal }, before;
	struct itimerval every = { { .tv_usec = 2000 }, { .tv_usec = 2000 } }, never = { 0 };
	sigaction(SIGALRM, &act, &before);
	setitimer(ITIMER_REAL, &every, NULL);
	int got = sonde_wait(&fd, 1, SONDE_FOREVER);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	assert_int_equal(got, 1);
	assert_true(fd.ready);
	assert_true(signals >= 3);
}

static void a_closed_end_and_a_bad_descriptor_are_ready(void **state)
{
	(void)state;
	struct sonde_wait fds[] = { { .fd = dup(ends[0]) }, { .fd = 9999 } };
	close(ends[1]);
	assert_int_equal(sonde_wait(fds, 2, SONDE_FOREVER), 2);
	assert_true(fds[0].ready && fds[1].ready);
	close(fds[0].fd);
	ends[1] = dup(ends[0]);
}

static void too_many_are_refused(void **state)
{
	(void)state;
	struct sonde_wait fds[SONDE_WAIT_FDS + 1];
	for (size_t i = 0; i < SONDE_WAIT_FDS + 1; i++)
		fds[i] = (struct sonde_wait){ .fd = ends[1], .writing = true };
	assert_int_equal(sonde_wait(fds, SONDE_WAIT_FDS, 0), SONDE_WAIT_FDS);
	assert_int_equal(sonde_wait(fds, SONDE_WAIT_FDS + 1, 0), -EINVAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_pipe, close_pipe)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_time_that_has_passed_looks_once),
		TEST(the_time_ends_it),
		TEST(what_is_left_is_as_poll_has_it),
		TEST(signals_do_not),
		TEST(a_closed_end_and_a_bad_descriptor_are_ready),
		TEST(too_many_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
