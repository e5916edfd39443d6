#include "tools/flows/screen.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "base/text.h"
#include "io/clock.h"
#include "tools/common/screen.h"
#include "tools/common/units.h"
#include "tools/flows/columns.h"

#define FIRST_ROW  2 /* below the totals and the names of the columns */
#define PORT_CHARS 6 /* the end of an address and port that is too long stays */

/* --- Which flows -------------------------------------------------------------------------------------------------- */

static unsigned room(void)
{
	int rows = screen_rows() - FIRST_ROW - 1;
	return rows > 0 ? (unsigned)rows : 0;
}

/* A picture takes a moment of a table that is full: what costs is left out where nobody asks for it. */
static bool look_at(struct flows_screen *v, struct flow_row *row, const struct sonde_flow *f)
{
	const struct flows_run *s = v->run;
	if (s->f->choices.n)
		flow_row_of(row, s->f, s->table, f);
	else if (s->f->sort)
		sonde_flow_report(&row->r, s->table, f);
	return choices_take(&s->f->choices, &flows_table, row);
}

static uint64_t key_of(const struct flows_screen *v, const struct flow_row *row, const struct sonde_flow *f)
{
	if (v->run->f->sort || v->run->f->has_sort)
		return flows_sort_key(v->run->f->sort, row, f);
	return f->counts[0].ip_bytes + f->counts[1].ip_bytes;
}

/* Put a flow where it belongs, and drop the last one where there are too many. */
static void keep(struct flows_screen *v, uint64_t key, const struct sonde_flow *f, unsigned most)
{
	if (v->n == most && (!most || v->rows[v->n - 1].key >= key))
		return;
	v->n += v->n < most;
	unsigned at = v->n - 1;
	for (; at > 0 && v->rows[at - 1].key < key; at--)
		v->rows[at] = v->rows[at - 1];
	v->rows[at] = (struct flows_screen_row){ key, f };
}

static void choose(struct flows_screen *v)
{
	const struct flows_options *f = v->run->f;
	unsigned most = f->top && f->top < FLOWS_SCREEN_ROWS ? (unsigned)f->top : FLOWS_SCREEN_ROWS;
	struct flow_row row;
	uint32_t place = 0;
	const struct sonde_flow *flow;
	v->n = 0;
	v->n_chosen = 0;
	/* Rows below the screen are sorted only when somebody went there. */
	if (v->first + room() + 1 < most)
		most = v->first + room() + 1;
	while ((flow = sonde_flows_next_open(v->run->table, &place))) {
		if (!look_at(v, &row, flow))
			continue;
		v->n_chosen++;
		keep(v, key_of(v, &row, flow), flow, most);
	}
	if (v->first >= v->n)
		v->first = v->n ? v->n - 1 : 0;
}

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

/* Append a part of the title, if it fits as a whole. */
static void put_part(struct sonde_text *t, int width, const char *part)
{
	if (t->len + strlen(part) <= (size_t)width)
		sonde_text_str(t, part);
}

static void draw_title(const struct flows_screen *v, int width)
{
	const struct flows_run *s = v->run;
	const struct sonde_flows_stats st = sonde_flows_stats(s->table);
	const sonde_time for_s = (sonde_clock_monotonic() - v->began_at) / SONDE_S;
	uint64_t dropped = 0;
	char line[200], part[80], number[UNITS_STRLEN];
	struct sonde_text t = sonde_text(line, sizeof line);
	for (unsigned i = 0; i < s->taps->n; i++)
		dropped += s->taps->list[i].stats.dropped_by_kernel;
	snprintf(part, sizeof part, "flows %lld:%02lld:%02lld", (long long)(for_s / 3600), (long long)(for_s / 60 % 60),
		 (long long)(for_s % 60));
	put_part(&t, width, part);
	snprintf(part, sizeof part, "  %llu open", (unsigned long long)v->n_chosen);
	put_part(&t, width, part);
	snprintf(part, sizeof part, ", %s dropped", units_count(number, dropped));
	put_part(&t, width, dropped ? part : "");
	snprintf(part, sizeof part, ", %s in all", units_count(number, st.flows));
	put_part(&t, width, part);
	snprintf(part, sizeof part, ", %s packets", units_count(number, st.frames));
	put_part(&t, width, part);
	snprintf(part, sizeof part, ", %s bytes", units_count(number, s->wire_bytes));
	put_part(&t, width, part);
	put_part(&t, width, "  (q quits)");
	screen_put(0, 0, width, dropped ? SCREEN_BAD : SCREEN_BOLD, line);
}

/* The columns of the table of all flows, and where they stand here: what the order goes by is next to the ends. */
enum { KEY_CELL = 2 };
static const struct {
	struct table_head head;
	unsigned cell; /* of that table */
} columns_here[] = {
	{ { "originator", false, 0 }, 1 }, { { "responder", false, 0 }, 2 }, { { NULL, true, 0 }, 0 },
	{ { "proto", false, 1 }, 3 },      { { "state", false, 2 }, 4 },     { { "packets", true, 3 }, 6 },
	{ { "duration", true, 4 }, 9 },    { { "rexmt", true, 5 }, 8 },      { { "start", true, 6 }, 0 },
	{ { "history", false, 7 }, 5 },    { { "name", false, 8 }, 10 },     { { "process", false, 1 }, 11 },
};
#define N_COLUMNS (sizeof columns_here / sizeof *columns_here)

static void begin_table(struct flows_screen *v)
{
	const struct flows_options *f = v->run->f;
	for (unsigned i = 0; i < N_COLUMNS; i++)
		v->heads[i] = columns_here[i].head;
	v->heads[KEY_CELL].text = f->sort ? f->sort->name : f->has_sort ? "start" : "bytes";
	table_begin(&v->run->printer.table, v->heads, f->process ? N_COLUMNS : N_COLUMNS - 1);
}

static void format_key(char out[static TABLE_STRLEN], const struct flows_screen *v, const struct flow_row *row)
{
	const struct flows_options *f = v->run->f;
	struct column_value value = { .n = row->r.orig.ip_bytes + row->r.resp.ip_bytes };
	char text[UNITS_STRLEN];
	bool is_time = f->sort && f->sort->type != COLUMN_UINT && f->sort->type != COLUMN_BOOL;
	if (f->sort)
		column_get(&value, f->sort, row);
	if (value.none)
		*text = 0;
	else if (f->has_sort && !f->sort)
		units_seconds(text, sonde_time_since(row->r.first, v->run->printer.first));
	else if (is_time)
		units_duration(text, value.t);
	else
		units_count(text, value.n);
	snprintf(out, TABLE_STRLEN, "%s", text);
}

/* An address and port in at most so many columns: the middle goes. */
static void shorten(char *cell, size_t most)
{
	size_t len = strlen(cell), tail = PORT_CHARS;
	if (len <= most || most < PORT_CHARS + 2)
		return;
	size_t head = most - tail - 1;
	cell[head] = '~';
	memmove(cell + head + 1, cell + len - tail, tail + 1);
}

static void format_row(struct table_row *cells, struct flows_screen *v, unsigned i, int width)
{
	struct flow_row row;
	struct table_row all;
	flow_row_of(&row, v->run->f, v->run->table, v->rows[i].flow);
	flows_table_cells(&all, &v->run->printer, &row);
	for (unsigned k = 0; k < N_COLUMNS; k++)
		memcpy(cells->text[k], all.text[columns_here[k].cell], TABLE_STRLEN);
	format_key(cells->text[KEY_CELL], v, &row);
	/* Both ends fit beside it, whatever else has to go. */
	int key = (int)strlen(v->heads[KEY_CELL].text), most = (width - (key < 5 ? 5 : key) - 4) / 2;
	for (unsigned k = 0; k < KEY_CELL; k++)
		shorten(cells->text[k], most > 0 ? (size_t)most : 0);
}

static void draw_rows(struct flows_screen *v, int width)
{
	char line[TABLE_LINE];
	struct table *t = &v->run->printer.table;
	struct table_row cells;
	unsigned n = v->n - v->first < room() ? v->n - v->first : room();
	begin_table(v);
	for (unsigned i = 0; i < n; i++) {
		format_row(&cells, v, v->first + i, width);
		table_measure(t, &cells);
	}
	table_fit(t, width);
	screen_put(1, 0, width, SCREEN_DIM, table_line(line, t, NULL));
	for (unsigned i = 0; i < n; i++) {
		format_row(&cells, v, v->first + i, width);
		bool closed = v->rows[v->first + i].flow->closed;
		screen_put(FIRST_ROW + (int)i, 0, width, closed ? SCREEN_DIM : SCREEN_NORMAL,
			   table_line(line, t, &cells));
	}
}

static void draw_foot(const struct flows_screen *v, int width)
{
	char text[80];
	const char *said = screen_message();
	uint64_t more = v->n_chosen > room() ? v->n_chosen - room() : 0;
	snprintf(text, sizeof text, "%llu more flows (arrows)", (unsigned long long)more);
	if (said || more)
		screen_put(screen_rows() - 1, 0, width, said ? SCREEN_FAIR : SCREEN_DIM, said ? said : text);
}

static void draw(struct flows_screen *v)
{
	const int width = screen_columns();
	choose(v);
	screen_clear();
	draw_title(v, width);
	draw_rows(v, width);
	draw_foot(v, width);
	screen_show();
}

/* --- The loop ----------------------------------------------------------------------------------------------------- */

static void on_redraw(void *arg)
{
	struct flows_screen *v = arg;
	draw(v);
	loop_set(v->loop, &v->redraw, sonde_clock_monotonic() + SONDE_S);
}

static void scroll_by(struct flows_screen *v, int rows)
{
	int first = (int)v->first + rows;
	v->first = first < 0 ? 0 : first >= FLOWS_SCREEN_ROWS ? FLOWS_SCREEN_ROWS - 1 : (unsigned)first;
	draw(v);
}

static void on_keys(void *arg, uint32_t events)
{
	struct flows_screen *v = arg;
	/* A keyboard that is gone stays readable for ever. */
	if (events & (EPOLLHUP | EPOLLERR)) {
		loop_stop(v->loop, LOOP_INTERRUPTED);
		return;
	}
	for (int key; (key = screen_key()) != SCREEN_NO_KEY;) {
		switch (key) {
		case 'q':
		case 'Q': loop_stop(v->loop, LOOP_INTERRUPTED); break;
		case SCREEN_UP: scroll_by(v, -1); break;
		case SCREEN_DOWN: scroll_by(v, 1); break;
		case SCREEN_PAGE_UP: scroll_by(v, -(int)room()); break;
		case SCREEN_PAGE_DOWN: scroll_by(v, (int)room()); break;
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

int flows_screen_open(struct flows_screen *v, struct flows_run *s, struct loop *loop)
{
	int status = screen_open();
	if (status)
		return status;
	v->run = s;
	v->loop = loop;
	v->keys = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_keys, .arg = v };
	v->redraw = (struct loop_timer){ .fn = on_redraw, .arg = v };
	v->resized = (struct loop_signal){ .signo = SIGWINCH, .fn = on_resized, .arg = v };
	if (isatty(STDIN_FILENO))
		loop_add(loop, &v->keys);
	loop_catch(loop, &v->resized);
	return 0;
}

void flows_screen_begin(struct flows_screen *v)
{
	v->began_at = sonde_clock_monotonic();
	on_redraw(v);
}

void flows_screen_close(struct flows_screen *v)
{
	if (v->run)
		screen_close();
	v->run = NULL;
}
