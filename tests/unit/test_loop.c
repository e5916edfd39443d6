#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/common/loop.h"

static struct loop loop;
static char order[64];

static int set_up(void **state)
{
	(void)state;
	order[0] = 0;
	return loop_open(&loop);
}

static int tear_down(void **state)
{
	(void)state;
	loop_close(&loop);
	return 0;
}

static void note(void *arg)
{
	strcat(order, arg);
}

static void stop(void *arg)
{
	(void)arg;
	loop_stop(&loop, LOOP_COMPLETE);
}

static void timers_come_in_order_and_not_before_their_time(void **state)
{
	sonde_time start = sonde_clock_monotonic();
	struct loop_timer a = { .fn = note, .arg = "a" }, b = { .fn = note, .arg = "b" },
			  c = { .fn = note, .arg = "c" };
	struct loop_timer d = { .fn = note, .arg = "d" }, end = { .fn = stop };

	(void)state;
	loop_set(&loop, &end, start + 30 * SONDE_MS);
	loop_set(&loop, &c, start + 20 * SONDE_MS);
	loop_set(&loop, &a, start + 25 * SONDE_MS);
	loop_set(&loop, &b, start + 10 * SONDE_MS);
	loop_set(&loop, &d, start + 1 * SONDE_MS);
	loop_set(&loop, &a, start - 5); /* moved */
	loop_cancel(&loop, &d);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
	assert_string_equal(order, "abc");
	assert_true(sonde_clock_monotonic() - start >= 30 * SONDE_MS);
}

static void a_timer_at_time_zero_comes_at_once(void **state)
{
	struct loop_timer end = { .fn = stop };

	(void)state;
	loop_set(&loop, &end, 0);
	loop_limit(&loop, sonde_clock_monotonic() + 10 * SONDE_S);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
}

struct again {
	struct loop_timer timer;
	int n;
};

static void set_again(void *arg)
{
	struct again *again = arg;

	again->n++;
	loop_set(&loop, &again->timer, 1);
}

struct pipe_watch {
	struct loop_watch watch;
	int n;
};

static void read_one(void *arg, uint32_t events)
{
	struct pipe_watch *p = arg;
	char c;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(p->watch.fd, &c, 1), 1);
	if (++p->n == 3)
		loop_stop(&loop, LOOP_COMPLETE);
}

static void a_timer_always_late_does_not_starve_descriptors(void **state)
{
	struct again again = { .timer = { .fn = set_again, .arg = &again } };
	struct pipe_watch p = { .watch = { .events = EPOLLIN, .fn = read_one, .arg = &p } };
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	p.watch.fd = fds[0];
	assert_int_equal(loop_add(&loop, &p.watch), 0);
	assert_int_equal(loop_add(&loop, &p.watch), -EEXIST);
	loop_set(&loop, &again.timer, 1);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
	assert_int_equal(p.n, 3);
	assert_in_range(again.n, 1, 4);
	loop_remove(&loop, &p.watch);
	close(fds[0]);
	close(fds[1]);
}

struct remover {
	struct loop_watch watch;
	struct remover *other;
	int called;
};

static void remove_other(void *arg, uint32_t events)
{
	struct remover *r = arg;

	(void)events;
	r->called++;
	loop_remove(&loop, &r->other->watch);
	memset(r->other, 0xff, sizeof(*r->other));
}

/* Both are ready in the same round, and the first one called takes the other away. */
static void what_a_callback_removed_is_not_called(void **state)
{
	struct remover a = { .watch = { .events = EPOLLIN, .fn = remove_other, .arg = &a } };
	struct remover b = { .watch = { .events = EPOLLIN, .fn = remove_other, .arg = &b } };
	struct loop_timer end = { .fn = stop };
	int fds[2][2];

	(void)state;
	loop_set(&loop, &end, 0);
	a.other = &b;
	b.other = &a;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(fds[i]), 0);
		assert_int_equal(write(fds[i][1], "x", 1), 1);
	}
	a.watch.fd = fds[0][0];
	b.watch.fd = fds[1][0];
	assert_int_equal(loop_add(&loop, &a.watch), 0);
	assert_int_equal(loop_add(&loop, &b.watch), 0);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
	assert_true((a.other == &b && a.called == 1) || (b.other == &a && b.called == 1));
	for (int i = 0; i < 4; i++)
		close(fds[i / 2][i % 2]);
}

static void never(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	fail_msg("called though removed");
}

static void stop_later(void *arg, uint32_t events)
{
	struct remover *r = arg;

	(void)events;
	if (r->called++ == 0)
		loop_remove(&loop, &r->other->watch);
	else
		loop_stop(&loop, LOOP_COMPLETE);
}

/* epoll refuses plain files; the last added is called first. */
static void plain_files_are_always_ready(void **state)
{
	struct remover a = { .watch = { .events = EPOLLIN, .fn = never } };
	struct remover b = { .watch = { .events = EPOLLIN, .fn = stop_later, .arg = &b }, .other = &a };

	(void)state;
	a.watch.fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	b.watch.fd = open("/etc/group", O_RDONLY | O_CLOEXEC);
	assert_int_equal(loop_add(&loop, &a.watch), 0);
	assert_int_equal(loop_add(&loop, &b.watch), 0);
	loop_limit(&loop, sonde_clock_monotonic() + 10 * SONDE_S);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
	assert_int_equal(b.called, 2);
	close(a.watch.fd);
	close(b.watch.fd);
}

static void no_events_means_no_call(void **state)
{
	struct loop_watch w = { .events = EPOLLIN, .fn = never };
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	w.fd = fds[0];
	assert_int_equal(loop_add(&loop, &w), 0);
	assert_int_equal(loop_change(&loop, &w, 0), 0);
	loop_limit(&loop, sonde_clock_monotonic() + 10 * SONDE_MS);
	assert_int_equal(loop_run(&loop), LOOP_DEADLINE);
	close(fds[0]);
	close(fds[1]);
}

static sonde_time cpu_time(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * SONDE_S + ts.tv_nsec;
}

static void a_plain_file_without_events_costs_nothing(void **state)
{
	struct loop_watch w = { .events = EPOLLIN, .fn = never };
	sonde_time before = cpu_time();

	(void)state;
	w.fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	assert_int_equal(loop_add(&loop, &w), 0);
	assert_int_equal(loop_change(&loop, &w, 0), 0);
	loop_limit(&loop, sonde_clock_monotonic() + 200 * SONDE_MS);
	assert_int_equal(loop_run(&loop), LOOP_DEADLINE);
	assert_true(cpu_time() - before < 50 * SONDE_MS);
	loop_remove(&loop, &w);
	close(w.fd);
}

static void an_earlier_stop_is_kept(void **state)
{
	(void)state;
	loop_stop(&loop, LOOP_ERROR);
	loop_stop(&loop, LOOP_COMPLETE);
	assert_int_equal(loop_run(&loop), LOOP_ERROR);
	loop_limit(&loop, 0);
	assert_int_equal(loop_run(&loop), LOOP_DEADLINE);
}

static void kill_self(void *arg)
{
	kill(getpid(), *(int *)arg);
}

static void interrupt_ends_the_loop(void **state)
{
	int signo = SIGINT;
	struct loop_timer t = { .fn = kill_self, .arg = &signo };

	(void)state;
	loop_set(&loop, &t, 0);
	assert_int_equal(loop_run(&loop), LOOP_INTERRUPTED);
}

/* Even where the parent had it ignored, as a shell does for what runs in the background. */
static void a_second_interrupt_ends_the_program(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0) {
		struct loop l;
		struct loop_timer t = { .fn = kill_self, .arg = &(int){ SIGINT } };
		signal(SIGINT, SIG_IGN);
		loop_open(&l);
		loop_set(&l, &t, 0);
		if (loop_run(&l) == LOOP_INTERRUPTED)
			kill(getpid(), SIGINT);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

static int caught_from;

static void caught(void *arg, const struct signalfd_siginfo *info)
{
	(void)arg;
	caught_from = (int)info->ssi_pid;
	loop_stop(&loop, LOOP_COMPLETE);
}

static void a_signal_may_be_caught_otherwise(void **state)
{
	struct loop_signal first = { .signo = SIGTERM, .fn = NULL }, s = { .signo = SIGTERM, .fn = caught };
	struct loop_timer t = { .fn = kill_self, .arg = &(int){ SIGTERM } };

	(void)state;
	assert_int_equal(loop_catch(&loop, &first), 0);
	assert_int_equal(loop_catch(&loop, &s), 0);
	loop_set(&loop, &t, 0);
	assert_int_equal(loop_run(&loop), LOOP_COMPLETE);
	assert_int_equal(caught_from, getpid());
}

static void closing_gives_the_signals_back(void **state)
{
	sigset_t before, after;
	struct loop l;

	(void)state;
	sigprocmask(SIG_BLOCK, NULL, &before);
	assert_int_equal(loop_open(&l), 0);
	sigprocmask(SIG_BLOCK, NULL, &after);
	assert_int_equal(sigismember(&after, SIGINT), 1);
	loop_close(&l);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int signo = 1; signo < SIGRTMAX; signo++)
		assert_int_equal(sigismember(&before, signo), sigismember(&after, signo));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(timers_come_in_order_and_not_before_their_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_timer_at_time_zero_comes_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_timer_always_late_does_not_starve_descriptors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_callback_removed_is_not_called, set_up, tear_down),
		cmocka_unit_test_setup_teardown(plain_files_are_always_ready, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_events_means_no_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_plain_file_without_events_costs_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_earlier_stop_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(interrupt_ends_the_loop, set_up, tear_down),
		cmocka_unit_test(a_second_interrupt_ends_the_program),
		cmocka_unit_test_setup_teardown(a_signal_may_be_caught_otherwise, set_up, tear_down),
		cmocka_unit_test(closing_gives_the_signals_back),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
