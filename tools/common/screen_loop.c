#include "tools/common/screen_loop.h"

#include <unistd.h>

#include "io/clock.h"

#define REST 20 /* from one picture to the next at least, as a multiple of the time that drawing takes */

static void draw(struct screen_loop *s)
{
	sonde_time began = sonde_clock_monotonic();
	s->draw(s->arg);
	sonde_time now = sonde_clock_monotonic(), rest = REST * (now - began);
	loop_set(s->loop, &s->redraw, now + (rest > s->every_ns ? rest : s->every_ns));
}

static void on_redraw(void *arg)
{
	draw(arg);
}

static void on_keys(void *arg, uint32_t events)
{
	struct screen_loop *s = arg;
	bool any = false;
	/* A keyboard that is gone stays readable for ever. */
	if (events & (EPOLLHUP | EPOLLERR)) {
		loop_stop(s->loop, LOOP_INTERRUPTED);
		return;
	}
	for (int key; (key = screen_key()) != SCREEN_NO_KEY; any = true) {
		if (key == 'q' || key == 'Q')
			loop_stop(s->loop, LOOP_INTERRUPTED);
		else
			s->on_key(s->arg, key);
	}
	if (any)
		draw(s);
}

static void on_resized(void *arg, const struct signalfd_siginfo *info)
{
	(void)info;
	screen_resize();
	draw(arg);
}

int screen_loop_open(struct screen_loop *s, struct loop *loop)
{
	int status = screen_open();
	if (status)
		return status;
	s->loop = loop;
	s->keys = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_keys, .arg = s };
	s->redraw = (struct loop_timer){ .fn = on_redraw, .arg = s };
	s->resized = (struct loop_signal){ .signo = SIGWINCH, .fn = on_resized, .arg = s };
	if (isatty(STDIN_FILENO))
		loop_add(loop, &s->keys);
	loop_catch(loop, &s->resized);
	loop_set(loop, &s->redraw, sonde_clock_monotonic());
	return 0;
}

void screen_loop_close(struct screen_loop *s)
{
	if (s->loop)
		screen_close();
	s->loop = NULL;
}
