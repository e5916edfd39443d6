#include "tools/probe/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/colour.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/units.h"

#define REDRAW_NS (SONDE_S / 10)
#define FIRST_ROW 3  /* below the title, how far it is, and the legend */
#define ROUND     10 /* rows of the map have a multiple of so many cells */
#define STRIP_MIN 8
#define HOST_MAX  39

/* --- What is known ------------------------------------------------------------------------------------------------ */

static const uint8_t *states_of(const struct probe_live *v, uint64_t host)
{
	return v->states + host * v->t->r.n_ports;
}

void probe_live_event(struct probe_live *v, const struct sonde_scan_verdict *e)
{
	if (v->states)
		v->states[e->host * v->t->r.n_ports + e->port] = (uint8_t)e->state;
}

static bool is_answer(const struct sonde_rule *rule)
{
	enum sonde_question_kind kind;
	enum sonde_answer answer;
	bool from_target;
	return sonde_rule_at(sonde_rule_index(rule), &kind, &answer, &from_target) && answer != SONDE_SILENCE;
}

void probe_live_known(struct probe_live *v)
{
	struct sonde_scan_verdict known;
	for (uint64_t host = 0; v->states && host < v->t->r.n_hosts; host++)
		for (uint32_t port = 0; port < v->t->r.n_ports; port++)
			if (v->t->r.verdict(&known, &v->t->r, host, port) && is_answer(known.rule))
				probe_live_event(v, &known);
}

static void count(uint64_t out[static SONDE_N_STATES], const uint8_t *states, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		out[states[i]]++;
}

/* Several ports are open, or up, if any of them is, else what most of those are that answered. */
static enum sonde_state state_of(const uint64_t counts[static SONDE_N_STATES])
{
	enum sonde_state most = SONDE_STATE_UNKNOWN;
	if (counts[SONDE_STATE_OPEN])
		return SONDE_STATE_OPEN;
	if (counts[SONDE_STATE_UP])
		return SONDE_STATE_UP;
	for (enum sonde_state s = SONDE_STATE_UNKNOWN + 1; s < SONDE_N_STATES; s++)
		most = counts[s] > (most ? counts[most] : 0) ? s : most;
	return most;
}

/* --- The hosts that answer ---------------------------------------------------------------------------------------- */

static uint64_t open_ports(const struct probe_live_row *row)
{
	return row->states[SONDE_STATE_OPEN] + row->states[SONDE_STATE_UP];
}

/* Hosts come by address, and stay so among those with as many open ports. */
static void insert(struct probe_live *v, const struct probe_live_row *row)
{
	uint32_t at = v->n_rows;
	while (at > 0 && open_ports(row) > open_ports(&v->rows[at - 1]))
		at--;
	if (at == PROBE_LIVE_ROWS)
		return;
	v->n_rows += v->n_rows < PROBE_LIVE_ROWS;
	memmove(&v->rows[at + 1], &v->rows[at], (v->n_rows - at - 1) * sizeof *row);
	v->rows[at] = *row;
}

/* total: the ports of all hosts, by state. */
static void collect(struct probe_live *v, uint64_t total[static SONDE_N_STATES])
{
	const uint32_t n_ports = v->t->r.n_ports;
	v->n_rows = 0;
	v->n_answering = 0;
	for (uint64_t host = 0; host < v->t->r.n_hosts; host++) {
		struct probe_live_row row = { .host = host };
		count(row.states, states_of(v, host), n_ports);
		for (unsigned s = 0; s < SONDE_N_STATES; s++)
			total[s] += row.states[s];
		if (row.states[SONDE_STATE_UNKNOWN] == n_ports)
			continue;
		v->n_answering++;
		insert(v, &row);
	}
}

/* The row that is pointed at: the first one, whichever that is, until the user points at another. */
static uint32_t marked_row(const struct probe_live *v)
{
	uint32_t i = 0;
	while (i < v->n_rows && v->rows[i].host != v->marked)
		i++;
	return i < v->n_rows ? i : 0;
}

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

static enum screen_style style_of(enum sonde_state state)
{
	static const enum screen_style styles[] = { [COLOUR_NONE] = SCREEN_DIM,  [COLOUR_GOOD] = SCREEN_GOOD,
						    [COLOUR_FAIR] = SCREEN_FAIR, [COLOUR_BAD] = SCREEN_BAD };
	return styles[colour_of_state(state)];
}

/* Returns where the next text begins. */
static int put(int y, int x, enum screen_style style, const char *text)
{
	screen_put(y, x, screen_columns(), style, text);
	return x + (int)strlen(text);
}

static void put_state(int y, int x, enum screen_style style, enum sonde_state state)
{
	static const char *const letters[SONDE_N_STATES] = {
		[SONDE_STATE_OPEN] = "o",        [SONDE_STATE_CLOSED] = "c", [SONDE_STATE_FILTERED] = "f",
		[SONDE_STATE_UNFILTERED] = "u",  [SONDE_STATE_UP] = "U",     [SONDE_STATE_OPEN_FILTERED] = "?",
		[SONDE_STATE_UNREACHABLE] = "x", [SONDE_STATE_ON_THE_WAY] = "w",
	};
	screen_put(y, x, 1, style, letters[state] ? letters[state] : screen_dot());
}

/* Ports of a host in so many cells; those that mostly have not answered so far are dim. */
static void put_strip(int y, int x, uint32_t cells, const uint8_t *states, uint32_t n, uint32_t each)
{
	for (uint32_t i = 0, at = 0; i < cells && at < n; i++, at += each) {
		uint64_t counts[SONDE_N_STATES] = { 0 };
		uint32_t here = n - at < each ? n - at : each;
		count(counts, states + at, here);
		enum sonde_state state = state_of(counts);
		bool is_sparse = 2 * counts[SONDE_STATE_UNKNOWN] > here;
		put_state(y, x + (int)i, is_sparse && state != SONDE_STATE_OPEN ? SCREEN_DIM : style_of(state), state);
	}
}

static void draw_title(const struct probe_live *v, const char *what)
{
	char text[2 * NAMES_STRLEN + 64];
	const char *quits = "q quits";
	sonde_time s = probe_took(v->t) / SONDE_S;
	snprintf(text, sizeof text, "sonde probe %lld:%02lld:%02lld  %s", (long long)(s / 3600),
		 (long long)(s / 60 % 60), (long long)(s % 60), what);
	int x = put(0, 0, SCREEN_BOLD, text), at = screen_columns() - (int)strlen(quits);
	if (x + 2 <= at)
		put(0, at, SCREEN_DIM, quits);
}

/* What matters most comes first: the rest is left out where there is no room. */
static void draw_progress(const struct probe_live *v)
{
	const struct sonde_scan *s = v->t->scan;
	char pieces[6][64] = { "" }, number[UNITS_STRLEN];
	unsigned n = 0;
	double left = probe_seconds_left(v->t);
	if (s->times_limits)
		snprintf(pieces[n++], sizeof *pieces, "asking slowly (ICMP limits)");
	else
		snprintf(pieces[n++], sizeof *pieces, "pass %u: %.1f %%", s->pass + 1, probe_done(v->t));
	if (left >= 0)
		snprintf(pieces[n++], sizeof *pieces, "%.0f s left", left);
	snprintf(pieces[n++], sizeof *pieces, "%s answered", units_count(number, s->counts.answers));
	snprintf(pieces[n++], sizeof *pieces, "%s a second", units_count(number, (uint64_t)probe_rate(v->t)));
	if (s->counts.down)
		snprintf(pieces[n++], sizeof *pieces, "%s down", units_count(number, s->counts.down));
	snprintf(pieces[n++], sizeof *pieces, "%s sent", units_count(number, s->counts.sent));
	int x = 0;
	for (unsigned i = 0; i < n && x + (int)strlen(pieces[i]) + 2 * (i > 0) <= screen_columns(); i++) {
		x = i ? put(1, x, SCREEN_NORMAL, ", ") : 0;
		x = put(1, x, SCREEN_NORMAL, pieces[i]);
	}
}

static void draw_legend(const uint64_t states[static SONDE_N_STATES])
{
	char text[64], number[UNITS_STRLEN];
	int x = 0;
	for (unsigned i = 1; i <= SONDE_N_STATES; i++) {
		enum sonde_state state = i % SONDE_N_STATES; /* those without an answer come last */
		if (!states[state])
			continue;
		snprintf(text, sizeof text, "%s %s", units_count(number, states[state]),
			 state ? sonde_state_name(state) : "no answer");
		put_state(2, x, style_of(state), state);
		x = put(2, x + 2, SCREEN_NORMAL, text) + 2;
	}
}

static void draw_last(const char *text)
{
	const char *said = screen_message();
	put(screen_rows() - 1, 0, said ? SCREEN_FAIR : SCREEN_DIM, said ? said : text);
}

/* --- A host ------------------------------------------------------------------------------------------------------- */

/* The open ports by name, as many as fit. */
static void draw_open(const struct probe_live *v, const uint8_t *states, int y, int rows)
{
	char text[64];
	int x = 0;
	for (uint32_t i = 0; i < v->t->r.n_ports && rows > 0; i++) {
		const struct sonde_scan_port *p = &v->t->r.ports[i];
		if (states[i] != SONDE_STATE_OPEN)
			continue;
		const char *service = probe_service(p);
		int len = snprintf(text, sizeof text, "%s%s%s", probe_port_text(p), *service ? " " : "", service);
		if (x && x + len > screen_columns()) {
			x = 0;
			y++;
			rows--;
		}
		if (rows > 0)
			x = put(y, x, SCREEN_GOOD, text) + 2;
	}
}

static void draw_host(const struct probe_live *v, uint64_t host)
{
	const uint8_t *states = states_of(v, host);
	const uint32_t n = v->t->r.n_ports;
	const struct sonde_addr a = v->t->r.addr(&v->t->r, host);
	uint64_t counts[SONDE_N_STATES] = { 0 };
	char text[96];
	int room = screen_rows() - FIRST_ROW - 1, names = room / 3, rows = room - (names ? names + 1 : 0);
	int cells = screen_columns() - v->label - 1;
	cells -= cells > ROUND ? cells % ROUND : 0;
	count(counts, states, n);
	draw_title(v, probe_host(v->t, &a));
	draw_progress(v);
	draw_legend(counts);
	if (rows <= 0 || cells <= 0)
		return;
	uint32_t all = (uint32_t)(rows * cells), each = (n + all - 1) / all, a_row = (uint32_t)cells * each;
	int y = FIRST_ROW;
	for (uint32_t at = 0; at < n; at += a_row, y++) {
		const char *name = probe_port_text(&v->t->r.ports[at]);
		put(y, v->label - (int)strlen(name), SCREEN_DIM, name);
		put_strip(y, v->label + 1, (uint32_t)cells, states + at, n - at, each);
	}
	if (names)
		draw_open(v, states, y + 1, screen_rows() - 1 - (y + 1));
	snprintf(text, sizeof text, "%u port%s a cell%s", (unsigned)each, each == 1 ? "" : "s",
		 v->t->r.n_hosts > 1 ? ", Enter: all hosts" : "");
	if (v->t->scan->down[host / 8] >> host % 8 & 1)
		snprintf(text, sizeof text, "down: it does not tell its link address");
	draw_last(text);
}

/* --- All hosts ---------------------------------------------------------------------------------------------------- */

struct layout {
	int host, strip;     /* columns; the strip is the rest */
	bool has_open, has_answered;
};

enum { NUMBER = 7 }; /* columns of a number, the blank before it included */

static struct layout lay_out(int width, int host)
{
	struct layout l = { .host = host > HOST_MAX ? HOST_MAX : host };
	if (l.host > width * 2 / 5)
		l.host = width * 2 / 5;
	l.strip = width - l.host - 3;
	l.has_open = l.strip >= STRIP_MIN + NUMBER;
	l.strip -= l.has_open ? NUMBER : 0;
	l.has_answered = l.strip >= STRIP_MIN + NUMBER;
	l.strip -= l.has_answered ? NUMBER : 0;
	return l;
}

static const char *label(const struct probe_live *v, const struct probe_live_row *row)
{
	const struct sonde_addr a = v->t->r.addr(&v->t->r, row->host);
	return probe_host(v->t, &a);
}

static int put_number(int y, int x, enum screen_style style, const char *text)
{
	put(y, x + NUMBER - (int)strlen(text), style, text);
	return x + NUMBER;
}

static void draw_row(const struct probe_live *v, const struct layout *l, int y, const struct probe_live_row *row,
		     bool is_marked)
{
	const uint32_t n = v->t->r.n_ports, cells = l->strip > 0 ? (uint32_t)l->strip : 1;
	char number[UNITS_STRLEN];
	int x = l->host + 2;
	put(y, 0, SCREEN_BOLD, is_marked ? ">" : " ");
	screen_put(y, 2, l->host, is_marked ? SCREEN_BOLD : SCREEN_NORMAL, label(v, row));
	if (l->has_open)
		x = put_number(y, x, open_ports(row) ? SCREEN_GOOD : SCREEN_NORMAL,
			       units_count(number, open_ports(row)));
	if (l->has_answered)
		x = put_number(y, x, SCREEN_NORMAL, units_count(number, n - row->states[SONDE_STATE_UNKNOWN]));
	put_strip(y, x + 1, cells, states_of(v, row->host), n, (n + cells - 1) / cells);
}

static void draw_hosts(const struct probe_live *v, const uint64_t total[static SONDE_N_STATES])
{
	char text[96], number[UNITS_STRLEN], all[UNITS_STRLEN];
	int room = screen_rows() - FIRST_ROW - 2, width = 7;
	uint32_t marked = marked_row(v), fit = room > 0 ? (uint32_t)room : 0;
	uint32_t first = marked >= fit ? marked - fit + 1 : 0, n = v->n_rows - first < fit ? v->n_rows - first : fit;
	for (uint32_t i = 0; i < n; i++) {
		int len = (int)strlen(label(v, &v->rows[first + i]));
		width = len > width ? len : width;
	}
	struct layout l = lay_out(screen_columns(), width);
	snprintf(text, sizeof text, "%s of %s hosts", units_count(number, v->n_answering),
		 units_count(all, v->t->r.n_hosts));
	draw_title(v, text);
	draw_progress(v);
	draw_legend(total);
	int x = l.host + 2;
	put(FIRST_ROW, 2, SCREEN_DIM, "host");
	if (l.has_open)
		x = put_number(FIRST_ROW, x, SCREEN_DIM, v->t->po->discover ? "up" : "open");
	if (l.has_answered)
		put_number(FIRST_ROW, x, SCREEN_DIM, "answer");
	for (uint32_t i = 0; i < n; i++)
		draw_row(v, &l, FIRST_ROW + 1 + (int)i, &v->rows[first + i], first + i == marked);
	draw_last("arrows choose a host, Enter: its ports");
}

/* --- The loop ----------------------------------------------------------------------------------------------------- */

static void draw(void *arg)
{
	struct probe_live *v = arg;
	uint64_t total[SONDE_N_STATES] = { 0 };
	screen_clear();
	if (v->t->r.n_hosts == 1) {
		draw_host(v, 0);
	} else {
		collect(v, total);
		if (v->shows_map)
			draw_host(v, v->marked);
		else
			draw_hosts(v, total);
	}
	screen_show();
}

static void mark_by(struct probe_live *v, int64_t rows)
{
	int64_t at = (int64_t)marked_row(v) + rows, last = (int64_t)v->n_rows - 1;
	at = at < 0 ? 0 : at > last ? last : at;
	if (v->n_rows)
		v->marked = v->rows[at].host;
}

static void on_key(void *arg, int key)
{
	struct probe_live *v = arg;
	int page = screen_rows() - FIRST_ROW - 2;
	switch (key) {
	case SCREEN_UP: mark_by(v, -1); break;
	case SCREEN_DOWN: mark_by(v, 1); break;
	case SCREEN_PAGE_UP: mark_by(v, -page); break;
	case SCREEN_PAGE_DOWN: mark_by(v, page); break;
	case '\r':
	case '\n':
		mark_by(v, 0);
		v->shows_map = !v->shows_map && v->n_rows;
		break;
	default: break;
	}
}

int probe_live_open(struct probe_live *v, const struct probe_printer *t, struct loop *loop)
{
	const struct probe_results *r = &t->r;
	*v = (struct probe_live){ .t = t,
				  .marked = UINT64_MAX,
				  .screen = { .every_ns = REDRAW_NS, .draw = draw, .on_key = on_key, .arg = v } };
	if (r->n_hosts > PROBE_LIVE_MOST / r->n_ports) {
		message("--live draws up to %u ports of all hosts together: ask fewer at a time", PROBE_LIVE_MOST);
		return STATUS_USAGE;
	}
	v->states = calloc(r->n_hosts, r->n_ports);
	if (!v->states)
		return message_out_of_memory();
	for (uint32_t i = 0; i < r->n_ports; i++) {
		int len = (int)strlen(probe_port_text(&r->ports[i]));
		v->label = len > v->label ? len : v->label;
	}
	return screen_loop_open(&v->screen, loop);
}

void probe_live_close(struct probe_live *v)
{
	if (v->screen.loop)
		draw(v);
	screen_loop_close(&v->screen);
	free(v->states);
	v->states = NULL;
}
