/* The event loop of all commands: descriptors, deadlines, signals, and why it ended.
 *
 * Watches, timers and signal rows belong to the caller and stay where they are while they are in the loop; nothing is
 * allocated. Everything may be added, changed and removed from within callbacks. */
#ifndef SONDE_TOOLS_COMMON_LOOP_H
#define SONDE_TOOLS_COMMON_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include "base/time.h"

enum loop_end { LOOP_RUNS = 0, LOOP_COMPLETE, LOOP_DEADLINE, LOOP_INTERRUPTED, LOOP_ERROR };

/* A descriptor and what to call, with the events that are there, when it is ready. */
struct loop_watch {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT; change them with loop_change */
	void (*fn)(void *arg, uint32_t events);
	void *arg;
	bool is_regular; /* the loop's: a regular file, always ready */
	struct loop_watch *next;
};

/* Something to call once, not before a time of the monotonic clock (io/clock.h). Meant for a handful: an engine
 * keeps its own queue and shows the loop the first deadline of it. */
struct loop_timer {
	sonde_time at_ns;
	void (*fn)(void *arg);
	void *arg;
	bool set; /* the loop's */
	struct loop_timer *next;
};

/* A signal and what to call when it came. */
struct loop_signal {
	int signo;
	void (*fn)(void *arg, const struct signalfd_siginfo *info);
	void *arg;
	struct loop_signal *next; /* the loop's */
};

#define LOOP_BATCH 64

struct loop {
	int epoll_fd, timer_fd, signal_fd;
	sonde_time armed_ns; /* what timer_fd waits for; 0: nothing */
	enum loop_end end;
	struct loop_timer *timers;
	struct loop_timer deadline;
	struct loop_signal *signals;
	struct loop_signal interrupt, terminate, hang_up;
	struct loop_watch *regular;
	struct loop_watch *next_regular; /* whose turn it is after the callback that runs now */
	sigset_t caught, mask_before;
	struct epoll_event ready[LOOP_BATCH]; /* of this round, cleared as watches are removed */
	int n_ready;
};

/* Make l ready. From here to loop_close SIGINT, SIGTERM and, unless it is ignored, SIGHUP end the loop
 * (LOOP_INTERRUPTED), a second one ends the program at once. Returns 0 or a negated errno. */
int loop_open(struct loop *l);
/* Give back what loop_open took, the signal mask included. */
void loop_close(struct loop *l);

/* Watch w->fd. Returns 0 or a negated errno (-EEXIST: it is watched already). */
int loop_add(struct loop *l, struct loop_watch *w);
/* Watch for other events (0: for errors only). Returns 0 or a negated errno. */
int loop_change(struct loop *l, struct loop_watch *w, uint32_t events);
/* Call before the descriptor is closed. */
void loop_remove(struct loop *l, struct loop_watch *w);

/* Call t->fn at at_ns of the monotonic clock; a timer that is set already moves. */
void loop_set(struct loop *l, struct loop_timer *t, sonde_time at_ns);
void loop_cancel(struct loop *l, struct loop_timer *t);

/* Call s->fn for s->signo, instead of what was called for it before. Returns 0 or a negated errno. */
int loop_catch(struct loop *l, struct loop_signal *s);

/* End the run with LOOP_DEADLINE at at_ns of the monotonic clock. */
void loop_limit(struct loop *l, sonde_time at_ns);
/* End the run after the callback that runs now, or the next one before it begins. The first reason given stays. */
void loop_stop(struct loop *l, enum loop_end end);
/* Run until something stops it. Returns the reason. */
enum loop_end loop_run(struct loop *l);

/* complete, deadline, interrupted, error: as summaries have it. */
const char *loop_end_name(enum loop_end end);

#endif
