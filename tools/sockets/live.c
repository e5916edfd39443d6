/* sonde sockets --live: a screen that is read anew each second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/screen.h"
#include "tools/common/status.h"
#include "tools/sockets/sockets.h"

#define FIRST_ROW 2 /* below the title and the names of the columns */

struct live {
	const struct sockets_options *s;
	struct loop loop;
	struct loop_watch keys;
	struct loop_timer again;
	struct loop_signal resized;
	struct gathered g;
	struct rows rows;
	uint32_t first; /* the row on top of the screen */
	int status;
};

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

/* The last line is for what could not be seen. */
static uint32_t room(void)
{
	int rows = screen_rows() - FIRST_ROW - 1;
	return rows > 0 ? (uint32_t)rows : 0;
}

static void draw(struct live *v)
{
	char line[TABLE_LINE];
	struct table t;
	const int width = screen_columns();
	if (v->first + room() > v->rows.n)
		v->first = v->rows.n > room() ? v->rows.n - room() : 0;
	sockets_table_begin(&t, &v->rows, NULL, width);
	screen_clear();
	snprintf(line, sizeof line, "sonde sockets  %u sockets  (q quits, arrows move)", v->rows.n);
	screen_put(0, 0, width, SCREEN_BOLD, line);
	screen_put(1, 0, width, SCREEN_DIM, table_line(line, &t, NULL));
	for (uint32_t i = 0; i < room() && v->first + i < v->rows.n; i++)
		screen_put(FIRST_ROW + (int)i, 0, width, SCREEN_NORMAL,
			   sockets_table_line(line, &t, &v->rows.list[v->first + i], NULL));
	snprintf(line, sizeof line, "owners of %u sockets are not visible (CAP_SYS_PTRACE)", v->rows.n_unseen);
	if (screen_message() || v->rows.n_unseen)
		screen_put(screen_rows() - 1, 0, width, SCREEN_FAIR, screen_message() ? screen_message() : line);
	screen_show();
}

/* --- The loop ----------------------------------------------------------------------------------------------------- */

static void forget(struct live *v)
{
	free(v->rows.list);
	gathered_free(&v->g);
	v->rows = (struct rows){ 0 };
}

static void on_again(void *arg)
{
	struct live *v = arg;
	struct sonde_error e;
	forget(v);
	if (gathered_read(&v->g, v->s, &e)) {
		message_error(&e);
		v->status = STATUS_SYSTEM;
		loop_stop(&v->loop, LOOP_ERROR);
		return;
	}
	sockets_choose(&v->rows, &v->g, v->s);
	draw(v);
	loop_set(&v->loop, &v->again, sonde_clock_monotonic() + SONDE_S);
}

static void scroll_by(struct live *v, int64_t rows)
{
	int64_t first = (int64_t)v->first + rows;
	v->first = first < 0 ? 0 : (uint32_t)first;
	draw(v);
}

static void on_keys(void *arg, uint32_t events)
{
	struct live *v = arg;
	/* A keyboard that is gone stays readable for ever. */
	if (events & (EPOLLHUP | EPOLLERR)) {
		loop_stop(&v->loop, LOOP_INTERRUPTED);
		return;
	}
	for (int key; (key = screen_key()) != SCREEN_NO_KEY;) {
		switch (key) {
		case 'q':
		case 'Q': loop_stop(&v->loop, LOOP_INTERRUPTED); break;
		case SCREEN_UP: scroll_by(v, -1); break;
		case SCREEN_DOWN: scroll_by(v, 1); break;
		case SCREEN_PAGE_UP: scroll_by(v, -(int64_t)room()); break;
		case SCREEN_PAGE_DOWN: scroll_by(v, room()); break;
		default: break;
		}
	}
}

static void on_resized(void *arg, const struct signalfd_siginfo *info)
{
	(void)info;
	screen_resize();
	draw(arg);
}

int sockets_live(const struct sockets_options *s)
{
	struct live v = { .s = s };
	int err = loop_open(&v.loop);
	if (err) {
		message_code(err, "cannot wait for events");
		return STATUS_SYSTEM;
	}
	v.status = screen_open();
	if (!v.status) {
		v.keys = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_keys, .arg = &v };
		v.again = (struct loop_timer){ .fn = on_again, .arg = &v };
		v.resized = (struct loop_signal){ .signo = SIGWINCH, .fn = on_resized, .arg = &v };
		if (isatty(STDIN_FILENO))
			loop_add(&v.loop, &v.keys);
		loop_catch(&v.loop, &v.resized);
		on_again(&v);
		loop_run(&v.loop);
		screen_close();
	}
	forget(&v);
	loop_close(&v.loop);
	return v.status;
}
