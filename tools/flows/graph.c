/* sonde flows --graph: sequence numbers over time, as tcptrace's time-sequence graphs show them: a panel for each
 * direction with its segments, what the other side acknowledged of it, and up to where its window lets it send. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/span.h"
#include "proto/tcp.h"
#include "tools/common/units.h"
#include "tools/flows/picture.h"
#include "tools/flows/svg.h"

#define WIDTH  960.0
#define LEFT   96.0
#define RIGHT  24.0
#define HEAD   64.0  /* above the first panel */
#define TOP    40.0  /* in a panel, above what is drawn */
#define PLOT   300.0 /* height of what is drawn */
#define BOTTOM 48.0  /* below it */
#define LEAST  3.0   /* pixels of a segment, however few bytes it has */

/* A direction, and where it is drawn. */
struct panel {
	FILE *out;
	const struct picture *p;
	bool responder; /* it sends what is drawn */
	double top;     /* of what is drawn */
	double span;    /* of the time, ns */
	double least, most; /* numbers at the bottom and at the top */
	double least_edge; /* of the window */
	bool has_window;
};

/* Numbers before the initial one are below 0. */
static double number_of(uint32_t seq)
{
	return seq >= 0xc0000000 ? (double)(int32_t)seq : (double)seq;
}

static double x_of(const struct panel *g, sonde_time time)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * (g->span > 0 ? (double)time / g->span : 0.5);
}

static double y_of(const struct panel *g, double number)
{
	return g->top + PLOT * (1 - (number - g->least) / (g->most - g->least));
}

static uint32_t end_of(const struct picture_packet *k)
{
	return k->seq + k->len + ((k->flags & SONDE_TCP_SYN) != 0) + ((k->flags & SONDE_TCP_FIN) != 0);
}

static bool sends(const struct panel *g, const struct picture_packet *k)
{
	return k->from_responder == g->responder && !(k->flags & SONDE_TCP_RST);
}

/* Whether a packet acknowledges what the panel's side sends. */
static bool acknowledges(const struct panel *g, const struct picture_packet *k)
{
	return k->from_responder != g->responder && k->has_ack && !(k->flags & SONDE_TCP_RST);
}

/* --- Axes --------------------------------------------------------------------------------------------------------- */

/* The window's edge may lie far above what is sent: it has as much room above that, and no more. */
static void measure(struct panel *g)
{
	double least = INFINITY, most = -INFINITY, edge = -INFINITY, lowest = INFINITY;
	for (size_t i = 0; i < g->p->n; i++) {
		const struct picture_packet *k = &g->p->packets[i];
		if (sends(g, k)) {
			least = fmin(least, number_of(k->seq));
			most = fmax(most, number_of(end_of(k)));
		} else if (acknowledges(g, k)) {
			most = fmax(most, number_of(k->ack));
			edge = fmax(edge, number_of(k->ack) + k->win);
			lowest = fmin(lowest, number_of(k->ack) + k->win);
			g->has_window = true;
		}
	}
	if (!(least <= most))
		least = most = 0;
	double size = fmax(most - least, 1);
	g->least_edge = lowest;
	g->least = least;
	g->most = most + size * (edge > most + size * 0.05 ? 0.6 : 0.05);
	if (edge > most && edge < g->most)
		g->most = edge + size * 0.02;
}

static void draw_axes(const struct panel *g)
{
	const double bottom = g->top + PLOT, right = WIDTH - RIGHT, unit = picture_unit(g->span);
	char text[64];
	double step = svg_step(g->most - g->least, 6);
	step = step < 1 ? 1 : step;
	for (double v = ceil(g->least / step) * step; v <= g->most; v += step) {
		svg_line(g->out, "grid", LEFT, y_of(g, v), right, y_of(g, v));
		snprintf(text, sizeof text, "%.0f", v);
		svg_text(g->out, "label", LEFT - 8, y_of(g, v) + 4, SVG_END, text);
	}
	step = svg_step(g->span > 0 ? g->span : 1, 8);
	for (double v = 0; v <= g->span; v += step) {
		svg_line(g->out, "grid", x_of(g, (sonde_time)v), g->top, x_of(g, (sonde_time)v), bottom);
		svg_text(g->out, "label", x_of(g, (sonde_time)v), bottom + 16, SVG_MIDDLE, picture_time(text, v, unit));
	}
	svg_line(g->out, "axis", LEFT, g->top, LEFT, bottom);
	svg_line(g->out, "axis", LEFT, bottom, right, bottom);
	svg_text(g->out, "small", (LEFT + right) / 2, bottom + 36, SVG_MIDDLE, "time since the first packet");
	svg_text_turned(g->out, "small", 14, g->top + PLOT / 2, SVG_MIDDLE, -90,
			"sequence number from the initial one, bytes");
}

/* --- What is drawn ------------------------------------------------------------------------------------------------ */

/* Segments of a kind, as one path of upright strokes. Returns how many. */
static uint64_t draw_segments(const struct panel *g, bool again)
{
	uint64_t n = 0;
	for (size_t i = 0; i < g->p->n; i++) {
		const struct picture_packet *k = &g->p->packets[i];
		if (!sends(g, k) || k->again != again || end_of(k) == k->seq)
			continue;
		double x = x_of(g, k->time), low = y_of(g, number_of(k->seq)), high = y_of(g, number_of(end_of(k)));
		fprintf(g->out, "%sM%.1f %.1fV%.1f", n++ ? "" : again ? "<path class=\"again\" d=\""
			: "<path class=\"seg\" d=\"", x, low, low - high < LEAST ? low - LEAST : high);
	}
	fputs(n ? "\"/>\n" : "", g->out);
	return n;
}

/* Acknowledgements, or with them the edge of the window, as stairs. */
static void draw_stairs(const struct panel *g, bool edge)
{
	bool began = false;
	for (size_t i = 0; i < g->p->n; i++) {
		const struct picture_packet *k = &g->p->packets[i];
		if (!acknowledges(g, k))
			continue;
		double y = y_of(g, number_of(k->ack) + (edge ? k->win : 0)), x = x_of(g, k->time);
		if (began)
			fprintf(g->out, "H%.1fV%.1f", x, y);
		else
			fprintf(g->out, "<path class=\"%s\" clip-path=\"url(#plot%d)\" d=\"M%.1f %.1f",
				edge ? "edge" : "ack", g->responder, x, y);
		began = true;
	}
	if (began)
		fprintf(g->out, "H%.1f\"/>\n", WIDTH - RIGHT);
}

static uint64_t draw_sacks(const struct panel *g)
{
	uint64_t n = 0;
	for (size_t i = 0; i < g->p->n; i++) {
		const struct picture_packet *k = &g->p->packets[i];
		for (unsigned b = 0; acknowledges(g, k) && b < k->n_sacks; b++)
			fprintf(g->out, "%sM%.1f %.1fV%.1f", n++ ? "" : "<path class=\"sack\" d=\"", x_of(g, k->time),
				y_of(g, number_of(k->sacks[b].from)), y_of(g, number_of(k->sacks[b].to)));
	}
	fputs(n ? "\"/>\n" : "", g->out);
	return n;
}

/* SYN, FIN and RST stand beside their segments; of each only the first, so that they do not lie over each other. */
static void draw_flags(const struct panel *g)
{
	static const struct {
		unsigned flag;
		const char *name;
		double dy;
	} flags[] = { { SONDE_TCP_SYN, "SYN", -8 }, { SONDE_TCP_FIN, "FIN", -12 }, { SONDE_TCP_RST, "RST", -24 } };
	for (unsigned f = 0; f < 3; f++) {
		for (size_t i = 0; i < g->p->n; i++) {
			const struct picture_packet *k = &g->p->packets[i];
			if (k->from_responder != g->responder || !(k->flags & flags[f].flag))
				continue;
			double x = x_of(g, k->time), y = y_of(g, number_of(end_of(k))) + flags[f].dy;
			svg_text(g->out, "label", x + 5 > WIDTH - RIGHT - 28 ? WIDTH - RIGHT : x + 5,
				 y < g->top + 10 ? g->top + 10 : y, x + 5 > WIDTH - RIGHT - 28 ? SVG_END : SVG_START,
				 flags[f].name);
			break;
		}
	}
}

static double draw_key(const struct panel *g, double x, const char *class, const char *text)
{
	const double y = g->top - 12;
	svg_line(g->out, class, x, y - 4, x + 18, y - 4);
	svg_text(g->out, "label", x + 23, y, SVG_START, text);
	return x + 23 + SVG_LETTER * (double)strlen(text) + 16;
}

static void draw_panel(struct panel *g)
{
	char text[600];
	measure(g);
	snprintf(text, sizeof text, "%s sends", g->p->names[g->responder]);
	svg_text(g->out, "", LEFT, g->top - TOP + 10, SVG_START, text);
	fprintf(g->out, "<clipPath id=\"plot%d\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
		g->responder, LEFT, g->top, WIDTH - LEFT - RIGHT, PLOT + 1);
	fputs("</clipPath>\n", g->out);
	draw_axes(g);
	draw_stairs(g, true);
	draw_stairs(g, false);
	uint64_t sacks = draw_sacks(g), n = draw_segments(g, false), again = draw_segments(g, true);
	draw_flags(g);
	double x = LEFT;
	snprintf(text, sizeof text, "segments (%" PRIu64 ")", n);
	x = draw_key(g, x, "seg", text);
	snprintf(text, sizeof text, "sent again (%" PRIu64 ")", again);
	x = again ? draw_key(g, x, "again", text) : x;
	if (g->has_window) {
		x = draw_key(g, x, "ack", "acknowledged");
		snprintf(text, sizeof text, "edge of the window (far above, from %.0f)", g->least_edge);
		x = draw_key(g, x, "edge", g->least_edge > g->most ? text : "edge of the window");
	}
	snprintf(text, sizeof text, "SACK blocks (%" PRIu64 ")", sacks);
	if (sacks)
		draw_key(g, x, "sack", text);
}

static bool has_data(const struct picture *p, bool responder)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->packets[i].from_responder == responder && p->packets[i].len)
			return true;
	return false;
}

void picture_graph(FILE *out, const struct picture *p)
{
	char title[700], text[256], span[UNITS_STRLEN];
	bool both = has_data(p, true) && has_data(p, false), responder = has_data(p, true) && !both;
	const double height = HEAD + (both ? 2 : 1) * (TOP + PLOT + BOTTOM);
	sonde_time last = p->n ? p->packets[p->n - 1].time : 0;
	snprintf(title, sizeof title, "%s to %s, %s", p->names[0], p->names[1], p->proto);
	snprintf(text, sizeof text, "%" PRIu64 " packets in %s%s; what each side sent, by sequence number, over time",
		 p->n_all, units_duration(span, sonde_time_since(p->row->r.last, p->row->r.first)),
		 p->n_all > p->n ? ", the first 20000 of them drawn" : "");
	svg_begin(out, WIDTH, height, title, text);
	svg_text(out, "head", LEFT, 26, SVG_START, title);
	svg_text(out, "small", LEFT, 44, SVG_START, text);
	if (p->row->r.proto != 6)
		svg_text(out, "", LEFT, HEAD + TOP, SVG_START,
			 "Only TCP has sequence numbers: --ladder draws other flows.");
	for (unsigned i = 0; p->row->r.proto == 6 && i < (both ? 2 : 1); i++) {
		struct panel g = { .out = out, .p = p, .responder = i || responder, .span = (double)last,
				   .top = HEAD + TOP + i * (TOP + PLOT + BOTTOM) };
		draw_panel(&g);
	}
	svg_end(out);
}
