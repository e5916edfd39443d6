#include "tools/ping/live.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "tools/common/figures.h"
#include "tools/common/message.h"

#define REDRAW_NS  (SONDE_S / 10)
#define CELL_NS    100
#define TARGET_MIN 15
#define TARGET_MAX 39
#define STRIP_MIN  8
#define FIRST_ROW  2 /* below the title and the names of the columns */

/* --- What is shown ----------------------------------------------------------------------------------------------- */

/* Rounds that were begun since the last look wait for their answers. */
static void advance(struct ping_live_row *row, uint64_t n_rounds)
{
	if (n_rounds > row->n_rounds + PING_LIVE_CELLS)
		row->n_rounds = n_rounds - PING_LIVE_CELLS;
	for (; row->n_rounds < n_rounds; row->n_rounds++)
		row->cells[row->n_rounds % PING_LIVE_CELLS] = PING_CELL_WAITS;
}

static uint64_t rounds_begun(const struct sonde_ping *p, uint32_t target)
{
	return p->next_n / p->n_targets + (p->next_n % p->n_targets > target);
}

/* A clock that was set back makes times that are less than nothing. */
static int32_t cell_of(sonde_time rtt_ns)
{
	sonde_time units = rtt_ns / CELL_NS;
	return units < 0 ? 0 : units < INT32_MAX ? (int32_t)units : INT32_MAX;
}

void ping_live_event(struct ping_live *v, const struct sonde_ping_event *e)
{
	if (e->target >= v->n_rows)
		return;
	struct ping_live_row *row = &v->rows[e->target];
	advance(row, rounds_begun(v->ping, e->target));
	if (e->round + PING_LIVE_CELLS < row->n_rounds)
		return;
	int32_t *cell = &row->cells[e->round % PING_LIVE_CELLS];
	switch (e->kind) {
	case SONDE_PING_REPLY:
		*cell = sonde_ping_has_time(e) ? cell_of(e->rtt_ns) : PING_CELL_NO_TIME;
		if (sonde_ping_has_time(e))
			sonde_histogram_add(&row->histogram, e->rtt_ns);
		break;
	case SONDE_PING_LOST: *cell = PING_CELL_LOST; break;
	case SONDE_PING_DROPPED:
	case SONDE_PING_REFUSED: *cell = PING_CELL_NOT_SENT; break;
	default: break;
	}
}

/* --- Columns ----------------------------------------------------------------------------------------------------- */

enum column { COLUMN_SENT, COLUMN_LOSS, COLUMN_UNSENT, COLUMN_LAST, COLUMN_MIN, COLUMN_AVG, COLUMN_MAX, COLUMN_P99,
	      N_COLUMNS };

static const struct {
	const char *name;
	int width; /* the blank before it included */
} columns[N_COLUMNS] = {
	{ "sent", 8 }, { "loss", 7 }, { "unsent", 7 }, { "last", 8 }, { "min", 8 }, { "avg", 8 },
	{ "max", 8 }, { "p99", 8 },
};

/* What stands where, for a width: the most useful columns first, while the strip keeps its room. */
struct layout {
	int target, strip; /* widths; the strip is the rest */
	bool has[N_COLUMNS];
};

static struct layout lay_out(int width, int target, bool has_unsent)
{
	static const enum column by_use[N_COLUMNS] = {
		COLUMN_UNSENT, COLUMN_LOSS, COLUMN_LAST, COLUMN_AVG, COLUMN_MAX, COLUMN_P99, COLUMN_MIN, COLUMN_SENT,
	};
	struct layout l = { .target = target < TARGET_MIN ? TARGET_MIN : target > TARGET_MAX ? TARGET_MAX : target };
	if (l.target > width * 2 / 5)
		l.target = width * 2 / 5;
	l.strip = width - l.target - 1;
	for (unsigned i = !has_unsent; i < N_COLUMNS && l.strip - columns[by_use[i]].width >= STRIP_MIN; i++) {
		l.has[by_use[i]] = true;
		l.strip -= columns[by_use[i]].width;
	}
	return l;
}

/* Milliseconds in seven columns, with the digits that matter. */
static void format_time(char out[static 16], double ns)
{
	double ms = figures_ms(ns);
	snprintf(out, 16, ms < 100 ? "%.3f" : ms < 10000 ? "%.1f" : "%.0f", ms);
}

static double time_of(enum column c, const struct sonde_ping_target *t, const struct ping_live_row *row)
{
	switch (c) {
	case COLUMN_LAST: return (double)t->rtt.last_ns;
	case COLUMN_MIN: return (double)t->rtt.min_ns;
	case COLUMN_AVG: return t->rtt.mean;
	case COLUMN_MAX: return (double)t->rtt.max_ns;
	default: return (double)sonde_histogram_quantile(&row->histogram, 0.99);
	}
}

/* Refused, or never left. */
static uint64_t unsent_of(const struct sonde_ping_target *t)
{
	return t->refused + t->dropped;
}

static void format_cell(char out[static 16], enum column c, const struct sonde_ping_target *t,
			const struct ping_live_row *row)
{
	snprintf(out, 16, "-");
	if (c == COLUMN_SENT)
		snprintf(out, 16, "%llu", (unsigned long long)t->sent);
	else if (c == COLUMN_LOSS && t->received + t->lost)
		snprintf(out, 16, "%.3g%%", figures_percent(t->lost, t->received + t->lost));
	else if (c == COLUMN_UNSENT && t->sent + unsent_of(t))
		snprintf(out, 16, "%.3g%%", figures_percent(unsent_of(t), t->sent + unsent_of(t)));
	else if (c > COLUMN_UNSENT && t->rtt.n)
		format_time(out, time_of(c, t, row));
}

/* --- Drawing ----------------------------------------------------------------------------------------------------- */

/* Half an octave a level above the least time of the target: the strip shows multiples of the best. */
static unsigned level_of(int32_t cell, sonde_time least_ns)
{
	double ratio = (double)cell * CELL_NS / (double)(least_ns > CELL_NS ? least_ns : CELL_NS);
	return ratio <= 1 ? 0 : (unsigned)fmin(SCREEN_LEVELS - 1, 2 * log2(ratio));
}

static void draw_cell(int y, int x, int32_t cell, sonde_time least_ns)
{
	unsigned level = cell >= 0 ? level_of(cell, least_ns) : 0;
	if (cell == PING_CELL_WAITS)
		screen_put(y, x, 1, SCREEN_DIM, screen_dot());
	else if (cell == PING_CELL_NO_TIME)
		screen_put(y, x, 1, SCREEN_FAIR, "?");
	else if (cell < 0)
		screen_put(y, x, 1, SCREEN_BAD, cell == PING_CELL_LOST ? "x" : "!");
	else
		screen_put(y, x, 1, level < 3 ? SCREEN_GOOD : level < 6 ? SCREEN_FAIR : SCREEN_BAD, screen_bar(level));
}

/* The newest round stands on the right. */
static void draw_strip(int y, int x, int width, const struct ping_live_row *row, sonde_time least_ns)
{
	uint64_t n = (uint64_t)(width < PING_LIVE_CELLS ? width : PING_LIVE_CELLS);
	if (width <= 0)
		return;
	if (n > row->n_rounds)
		n = row->n_rounds;
	for (uint64_t i = 0; i < n; i++)
		draw_cell(y, x + width - (int)(n - i), row->cells[(row->n_rounds - n + i) % PING_LIVE_CELLS], least_ns);
}

static const char *label(struct ping_live *v, uint32_t target)
{
	return v->t->one && !v->t->names ? ping_title(v->t) : ping_asked(v->t, target);
}

static void draw_row(struct ping_live *v, const struct layout *l, int y, uint32_t target)
{
	const struct sonde_ping_target *t = &v->ping->targets[target];
	struct ping_live_row *row = &v->rows[target];
	char text[16];
	int x = l->target;
	advance(row, rounds_begun(v->ping, target));
	bool silent = t->rtt.n == 0 && t->lost + unsent_of(t) > 0;
	screen_put(y, 0, l->target, silent ? SCREEN_BAD : SCREEN_NORMAL, label(v, target));
	for (enum column c = 0; c < N_COLUMNS; c++) {
		if (!l->has[c])
			continue;
		format_cell(text, c, t, row);
		x += columns[c].width;
		bool bad = (c == COLUMN_LOSS && t->lost > 0) || (c == COLUMN_UNSENT && unsent_of(t) > 0);
		screen_put(y, x - (int)strlen(text), columns[c].width, bad ? SCREEN_BAD : SCREEN_NORMAL, text);
	}
	draw_strip(y, x + 1, l->strip, row, t->rtt.n ? t->rtt.min_ns : 1);
}

static void draw_head(const struct ping_live *v, const struct layout *l)
{
	char text[200];
	uint64_t sent = 0, received = 0, pending = 0, unsent = 0;
	sonde_time for_s = (sonde_clock_monotonic() - v->began_at) / SONDE_S;
	int x = l->target;
	for (uint32_t i = 0; i < v->ping->n_targets; i++) {
		sent += v->ping->targets[i].sent;
		received += v->ping->targets[i].received;
		pending += sonde_ping_pending(&v->ping->targets[i]);
		unsent += unsent_of(&v->ping->targets[i]);
	}
	int len = snprintf(text, sizeof text, "sonde ping  %lld:%02lld:%02lld  %llu sent, %llu received, %llu pending",
			   (long long)(for_s / 3600), (long long)(for_s / 60 % 60), (long long)(for_s % 60),
			   (unsigned long long)sent, (unsigned long long)received, (unsigned long long)pending);
	if (unsent)
		len += snprintf(text + len, sizeof text - (size_t)len, ", %llu unsent", (unsigned long long)unsent);
	snprintf(text + len, sizeof text - (size_t)len, "  (q quits)");
	screen_put(0, 0, screen_columns(), SCREEN_BOLD, text);
	screen_put(1, 0, l->target, SCREEN_DIM, "target (ms)");
	for (enum column c = 0; c < N_COLUMNS; c++) {
		if (!l->has[c])
			continue;
		x += columns[c].width;
		screen_put(1, x - (int)strlen(columns[c].name), columns[c].width, SCREEN_DIM, columns[c].name);
	}
}

static int widest_label(struct ping_live *v, uint32_t n)
{
	size_t widest = 0;
	for (uint32_t i = 0; i < n; i++) {
		size_t len = strlen(label(v, v->first + i));
		widest = len > widest ? len : widest;
	}
	return (int)widest;
}

static void draw(void *arg)
{
	struct ping_live *v = arg;
	char text[80];
	const char *said = screen_message();
	/* The last line is for what was said, and for what is below. */
	int room = screen_rows() - FIRST_ROW - 1;
	uint32_t fit = room > 0 ? (uint32_t)room : 0;
	if (v->first + fit > v->n_rows)
		v->first = v->n_rows > fit ? v->n_rows - fit : 0;
	uint32_t n = v->n_rows - v->first < fit ? v->n_rows - v->first : fit, more = v->ping->n_targets - n;
	bool has_unsent = false;
	for (uint32_t i = 0; i < n; i++)
		has_unsent |= unsent_of(&v->ping->targets[v->first + i]) > 0;
	struct layout l = lay_out(screen_columns(), widest_label(v, n), has_unsent);
	screen_clear();
	draw_head(v, &l);
	for (uint32_t i = 0; i < n; i++)
		draw_row(v, &l, FIRST_ROW + (int)i, v->first + i);
	snprintf(text, sizeof text, "%u more targets (arrows)", (unsigned)more);
	if (said || more)
		screen_put(screen_rows() - 1, 0, screen_columns(), said ? SCREEN_FAIR : SCREEN_DIM, said ? said : text);
	screen_show();
}

/* --- The loop ---------------------------------------------------------------------------------------------------- */

static void on_key(void *arg, int key)
{
	struct ping_live *v = arg;
	int64_t room = screen_rows() - FIRST_ROW - 1, page = room > 0 ? room : 1;
	int64_t first = v->first;
	switch (key) {
	case SCREEN_UP: first--; break;
	case SCREEN_DOWN: first++; break;
	case SCREEN_PAGE_UP: first -= page; break;
	case SCREEN_PAGE_DOWN: first += page; break;
	default: break;
	}
	v->first = first < 0 ? 0 : first >= v->n_rows ? v->n_rows - 1 : (uint32_t)first;
}

int ping_live_open(struct ping_live *v, const struct sonde_ping *ping, const struct ping_printer *t, struct loop *loop)
{
	*v = (struct ping_live){ .t = t, .began_at = sonde_clock_monotonic() };
	v->screen = (struct screen_loop){ .every_ns = REDRAW_NS, .draw = draw, .on_key = on_key, .arg = v };
	v->n_rows = ping->n_targets < PING_LIVE_ROWS ? ping->n_targets : PING_LIVE_ROWS;
	v->rows = calloc(v->n_rows, sizeof *v->rows);
	if (!v->rows)
		return message_out_of_memory();
	int status = screen_loop_open(&v->screen, loop);
	if (status) {
		free(v->rows);
		return status;
	}
	v->ping = ping;
	return 0;
}

void ping_live_close(struct ping_live *v)
{
	if (!v->ping)
		return;
	draw(v);
	screen_loop_close(&v->screen);
	free(v->rows);
	v->ping = NULL;
}
