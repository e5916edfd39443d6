#include "tools/common/loop.h"

#include <errno.h>
#include <stddef.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"

static sigset_t stop_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

/* A signal that is blocked is read from signal_fd, whatever it would do. */
static bool is_ignored(int signo)
{
	struct sigaction now;

	return sigaction(signo, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

/* After the first Ctrl-C the signals are not blocked any more: a second one ends a program that hangs in its summary.
 */
static void interrupted(void *arg, const struct signalfd_siginfo *info)
{
	struct loop *l = arg;
	sigset_t set = stop_signals();

	(void)info;
	loop_stop(l, LOOP_INTERRUPTED);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void deadline_passed(void *arg)
{
	loop_stop(arg, LOOP_DEADLINE);
}

static int add_own(struct loop *l, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* What they do to a loop that was interrupted once. */
static void set_default(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (!is_ignored(SIGHUP))
		signal(SIGHUP, SIG_DFL);
}

int loop_open(struct loop *l)
{
	int err;

	*l = (struct loop){ .timer_fd = -1, .signal_fd = -1 };
	sigemptyset(&l->caught);
	sigprocmask(SIG_BLOCK, &l->caught, &l->mask_before);
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	l->signal_fd = signalfd(-1, &l->caught, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l->epoll_fd < 0 || l->timer_fd < 0 || l->signal_fd < 0) {
		err = -errno;
		loop_close(l);
		return err;
	}
	l->deadline = (struct loop_timer){ .fn = deadline_passed, .arg = l };
	l->interrupt = (struct loop_signal){ .signo = SIGINT, .fn = interrupted, .arg = l };
	l->terminate = (struct loop_signal){ .signo = SIGTERM, .fn = interrupted, .arg = l };
	l->hang_up = (struct loop_signal){ .signo = SIGHUP, .fn = interrupted, .arg = l };
	set_default();
	if ((err = add_own(l, l->timer_fd)) || (err = add_own(l, l->signal_fd)) ||
	    (err = loop_catch(l, &l->interrupt)) || (err = loop_catch(l, &l->terminate)) ||
	    (!is_ignored(SIGHUP) && (err = loop_catch(l, &l->hang_up))))
		loop_close(l);
	return err;
}

void loop_close(struct loop *l)
{
	int fds[] = { l->epoll_fd, l->timer_fd, l->signal_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	sigprocmask(SIG_SETMASK, &l->mask_before, NULL);
}

int loop_add(struct loop *l, struct loop_watch *w)
{
	struct epoll_event event = { .events = w->events, .data.ptr = w };

	w->is_regular = false;
	if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, w->fd, &event) == 0)
		return 0;
	if (errno != EPERM)
		return -errno;
	/* epoll refuses regular files, which never keep anyone waiting. */
	w->is_regular = true;
	w->next = l->regular;
	l->regular = w;
	return 0;
}

int loop_change(struct loop *l, struct loop_watch *w, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = w };

	w->events = events;
	if (w->is_regular)
		return 0;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, w->fd, &event) ? -errno : 0;
}

void loop_remove(struct loop *l, struct loop_watch *w)
{
	for (int i = 0; i < l->n_ready; i++)
		if (l->ready[i].data.ptr == w)
			l->ready[i].events = 0;
	if (!w->is_regular) {
		epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
		return;
	}
	if (l->next_regular == w)
		l->next_regular = w->next;
	for (struct loop_watch **p = &l->regular; *p; p = &(*p)->next) {
		if (*p == w) {
			*p = w->next;
			return;
		}
	}
}

void loop_set(struct loop *l, struct loop_timer *t, sonde_time at_ns)
{
	t->at_ns = at_ns;
	if (t->set)
		return;
	t->set = true;
	t->next = l->timers;
	l->timers = t;
}

void loop_cancel(struct loop *l, struct loop_timer *t)
{
	for (struct loop_timer **p = &l->timers; *p; p = &(*p)->next) {
		if (*p == t) {
			*p = t->next;
			t->set = false;
			return;
		}
	}
}

int loop_catch(struct loop *l, struct loop_signal *s)
{
	for (struct loop_signal **p = &l->signals; *p; p = &(*p)->next) {
		if ((*p)->signo == s->signo) {
			*p = (*p)->next;
			break;
		}
	}
	s->next = l->signals;
	l->signals = s;
	sigaddset(&l->caught, s->signo);
	sigprocmask(SIG_BLOCK, &l->caught, NULL);
	return signalfd(l->signal_fd, &l->caught, 0) < 0 ? -errno : 0;
}

void loop_limit(struct loop *l, sonde_time at_ns)
{
	loop_set(l, &l->deadline, at_ns);
}

void loop_stop(struct loop *l, enum loop_end end)
{
	if (l->end == LOOP_RUNS)
		l->end = end;
}

static bool has_regular(const struct loop *l)
{
	for (const struct loop_watch *w = l->regular; w; w = w->next)
		if (w->events)
			return true;
	return false;
}

static struct loop_timer *first_timer(const struct loop *l)
{
	struct loop_timer *first = l->timers;

	for (struct loop_timer *t = first; t; t = t->next)
		if (t->at_ns < first->at_ns)
			first = t;
	return first;
}

/* Returns false when a timer is due and there is nothing to wait for. timer_fd is never read: it stays ready until
 * it is set anew, and it is as soon as the first timer is another. */
static bool arm(struct loop *l)
{
	const struct loop_timer *first = first_timer(l);
	sonde_time at = !first ? 0 : first->at_ns > 0 ? first->at_ns : 1;

	if (first && first->at_ns <= sonde_clock_monotonic())
		return false;
	if (at == l->armed_ns)
		return true;
	struct itimerspec spec = { .it_value = { at / SONDE_S, at % SONDE_S } };
	timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	l->armed_ns = at;
	return true;
}

/* A timer that sets itself again for a time already past waits for the next round, so that descriptors get theirs. */
static void run_timers(struct loop *l)
{
	sonde_time now = sonde_clock_monotonic();
	unsigned n = 0;

	for (struct loop_timer *t = l->timers; t; t = t->next)
		n += t->at_ns <= now;
	while (n-- > 0 && l->end == LOOP_RUNS) {
		struct loop_timer *t = first_timer(l);
		if (!t || t->at_ns > now)
			break;
		loop_cancel(l, t);
		t->fn(t->arg);
	}
}

static void run_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (l->end == LOOP_RUNS && read(l->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		for (struct loop_signal *s = l->signals; s; s = s->next) {
			if (s->signo == (int)info.ssi_signo) {
				s->fn(s->arg, &info);
				break;
			}
		}
	}
}

static void run_watches(struct loop *l)
{
	for (int i = 0; i < l->n_ready && l->end == LOOP_RUNS; i++) {
		struct loop_watch *w = l->ready[i].data.ptr;
		if (w && l->ready[i].events)
			w->fn(w->arg, l->ready[i].events);
	}
	l->n_ready = 0;
	for (struct loop_watch *w = l->regular; w && l->end == LOOP_RUNS; w = l->next_regular) {
		l->next_regular = w->next;
		if (w->events)
			w->fn(w->arg, w->events & (EPOLLIN | EPOLLOUT));
	}
}

enum loop_end loop_run(struct loop *l)
{
	while (l->end == LOOP_RUNS) {
		bool waits = arm(l) && !has_regular(l);
		int n = epoll_wait(l->epoll_fd, l->ready, LOOP_BATCH, waits ? -1 : 0);
		if (n < 0 && errno != EINTR) {
			loop_stop(l, LOOP_ERROR);
			break;
		}
		l->n_ready = n < 0 ? 0 : n;
		run_signals(l);
		run_watches(l);
		run_timers(l);
	}
	enum loop_end end = l->end;
	l->end = LOOP_RUNS;
	return end;
}

const char *loop_end_name(enum loop_end end)
{
	static const char *const names[] = { "", "complete", "deadline", "interrupted", "error" };

	return names[end];
}
