/* sonde sockets --live: a screen that is read anew each second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/screen_loop.h"
#include "tools/common/status.h"
#include "tools/sockets/snapshot.h"

#define FIRST_ROW 2 /* below the title and the names of the columns */

struct live {
	const struct sockets_options *s;
	struct snapshots snapshots;
	struct screen_loop screen;
	struct loop loop;
	struct gathered g;
	struct rows rows;
	sonde_time stale_at; /* when all is read anew */
	uint32_t first;      /* the row on top of the screen */
	int status;
};

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

/* The last line is for what could not be seen. */
static uint32_t room(void)
{
	int rows = screen_rows() - FIRST_ROW - 1;
	return rows > 0 ? (uint32_t)rows : 0;
}

static void draw_rows(struct live *v)
{
	char line[TABLE_LINE];
	struct table t;
	const int width = screen_columns();
	if (v->first + room() > v->rows.n)
		v->first = v->rows.n > room() ? v->rows.n - room() : 0;
	sockets_table_begin(&t, &v->rows, NULL, width);
	screen_clear();
	snprintf(line, sizeof line, "sonde sockets  %u sockets  (q quits)", v->rows.n);
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

/* Keys draw what was read last. */
static void draw(void *arg)
{
	struct live *v = arg;
	struct sonde_error e;
	sonde_time now = sonde_clock_monotonic();
	if (now >= v->stale_at) {
		forget(v);
		v->stale_at = now + SONDE_S;
		if (snapshot_take(&v->g, &v->snapshots, &e)) {
			message_error(&e);
			v->status = STATUS_SYSTEM;
			loop_stop(&v->loop, LOOP_ERROR);
			return;
		}
		sockets_choose(&v->rows, &v->g, v->s);
	}
	draw_rows(v);
}

static void on_key(void *arg, int key)
{
	struct live *v = arg;
	int64_t page = room(), by = 0;
	switch (key) {
	case SCREEN_UP: by = -1; break;
	case SCREEN_DOWN: by = 1; break;
	case SCREEN_PAGE_UP: by = -page; break;
	case SCREEN_PAGE_DOWN: by = page; break;
	default: break;
	}
	v->first = v->first + by < 0 ? 0 : (uint32_t)(v->first + by);
}

int sockets_live(const struct sockets_options *s, uint64_t keep, const struct options *o)
{
	struct live v = { .s = s };
	v.screen = (struct screen_loop){ .every_ns = SONDE_S, .draw = draw, .on_key = on_key, .arg = &v };
	int err = loop_open(&v.loop);
	if (err) {
		message_code(err, "cannot wait for events");
		return STATUS_SYSTEM;
	}
	v.status = snapshots_open(&v.snapshots, s, keep, o);
	if (!v.status)
		v.status = screen_loop_open(&v.screen, &v.loop);
	if (!v.status)
		v.status = sandbox_enter("sockets-live", o, NULL);
	if (!v.status)
		loop_run(&v.loop);
	screen_loop_close(&v.screen);
	snapshots_close(&v.snapshots);
	forget(&v);
	loop_close(&v.loop);
	return v.status;
}
