/* sonde flows --map: the hosts on a circle, and lines between those that talked, as wide as they talked much. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/common/units.h"
#include "tools/flows/picture.h"
#include "tools/flows/svg.h"

#define MOST_HOSTS 32
#define HEAD       70.0

struct host {
	struct sonde_addr addr;
	char name[PICTURE_NAME];
	uint64_t bytes;
	int place; /* on the circle; -1: not there */
};

struct link {
	struct sonde_addr a, b; /* a is the lower one */
	uint64_t bytes, flows;
};

struct map {
	struct host *hosts;
	size_t n_hosts;
	struct link *links;
	size_t n_links;
	size_t n_drawn; /* hosts */
	double radius, margin; /* of the circle; around it, for names */
	double x, y;           /* its middle */
};

/* --- Sums --------------------------------------------------------------------------------------------------------- */

static int by_addr(const void *a, const void *b)
{
	return sonde_addr_compare(&((const struct host *)a)->addr, &((const struct host *)b)->addr);
}

static int by_bytes(const void *a, const void *b)
{
	const struct host *x = a, *y = b;
	return x->bytes != y->bytes ? (x->bytes > y->bytes ? -1 : 1) : by_addr(a, b);
}

static int by_ends(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	int order = sonde_addr_compare(&x->a, &y->a);
	return order ? order : sonde_addr_compare(&x->b, &y->b);
}

static void add_row(struct map *m, const struct flow_row *row)
{
	const struct sonde_report_side *sides[2] = { &row->r.orig, &row->r.resp };
	uint64_t bytes = row->r.orig.ip_bytes + row->r.resp.ip_bytes;
	for (unsigned i = 0; i < 2; i++) {
		struct host *h = &m->hosts[m->n_hosts++];
		*h = (struct host){ .addr = sides[i]->end.addr, .bytes = bytes, .place = -1 };
		picture_name(h->name, row, sides[i]);
	}
	bool swap = sonde_addr_compare(&sides[0]->end.addr, &sides[1]->end.addr) > 0;
	m->links[m->n_links++] = (struct link){ sides[swap]->end.addr, sides[!swap]->end.addr, bytes, 1 };
}

/* Each host and each link once. */
static void sum_up(struct map *m)
{
	size_t n = 0;
	qsort(m->hosts, m->n_hosts, sizeof *m->hosts, by_addr);
	for (size_t i = 0; i < m->n_hosts; i++) {
		if (n && by_addr(&m->hosts[n - 1], &m->hosts[i]) == 0)
			m->hosts[n - 1].bytes += m->hosts[i].bytes;
		else
			m->hosts[n++] = m->hosts[i];
	}
	m->n_hosts = n;
	qsort(m->hosts, m->n_hosts, sizeof *m->hosts, by_bytes);
	n = 0;
	qsort(m->links, m->n_links, sizeof *m->links, by_ends);
	for (size_t i = 0; i < m->n_links; i++) {
		if (n && by_ends(&m->links[n - 1], &m->links[i]) == 0) {
			m->links[n - 1].bytes += m->links[i].bytes;
			m->links[n - 1].flows += m->links[i].flows;
		} else {
			m->links[n++] = m->links[i];
		}
	}
	m->n_links = n;
}

/* --- The circle --------------------------------------------------------------------------------------------------- */

static struct host *drawn_host(const struct map *m, const struct sonde_addr *a)
{
	for (size_t i = 0; i < m->n_drawn; i++)
		if (sonde_addr_compare(&m->hosts[i].addr, a) == 0)
			return &m->hosts[i];
	return NULL;
}

/* Leave the links to hosts out that are not drawn. */
static void drop_links(struct map *m)
{
	size_t n = 0;
	for (size_t i = 0; i < m->n_links; i++)
		if (drawn_host(m, &m->links[i].a) && drawn_host(m, &m->links[i].b))
			m->links[n++] = m->links[i];
	m->n_links = n;
}

/* The host without a place that talked most with this one. */
static struct host *nearest_peer(const struct map *m, const struct host *h)
{
	struct host *best = NULL;
	uint64_t most = 0;
	for (size_t i = 0; i < m->n_links; i++) {
		const struct link *l = &m->links[i];
		bool first = sonde_addr_compare(&l->a, &h->addr) == 0;
		if (!first && sonde_addr_compare(&l->b, &h->addr) != 0)
			continue;
		struct host *peer = drawn_host(m, first ? &l->b : &l->a);
		if (peer && peer->place < 0 && (!best || l->bytes > most)) {
			best = peer;
			most = l->bytes;
		}
	}
	return best;
}

/* Peers stand side by side: behind each host those it talked most with, and then the next largest. */
static void place_all(struct map *m)
{
	struct host *order[MOST_HOSTS];
	size_t n = 0, next = 0;
	for (size_t i = 0; i < m->n_drawn; i++) {
		if (m->hosts[i].place < 0) {
			m->hosts[i].place = (int)n;
			order[n++] = &m->hosts[i];
		}
		for (; next < n; next++)
			for (struct host *peer; (peer = nearest_peer(m, order[next]));) {
				peer->place = (int)n;
				order[n++] = peer;
			}
	}
}

/* --- Drawing ------------------------------------------------------------------------------------------------------ */

/* As large as its hosts need, with room for the longest name. */
static void lay_out(struct map *m)
{
	const double least = 110, most = 250, each = 16, least_width = 480;
	size_t longest = 0;
	for (size_t i = 0; i < m->n_drawn; i++)
		longest = strlen(m->hosts[i].name) > longest ? strlen(m->hosts[i].name) : longest;
	m->radius = fmin(fmax(least, each * (double)m->n_drawn), most);
	m->margin = 40 + SVG_LETTER * (double)(longest + UNITS_STRLEN / 2);
	m->x = fmax(m->margin + m->radius, least_width / 2);
	m->y = HEAD + m->margin + m->radius;
}

static double angle_of(const struct map *m, const struct host *h)
{
	return 2 * M_PI * h->place / (double)m->n_drawn - M_PI;
}

static double width_of(uint64_t bytes, uint64_t most)
{
	return 1 + 11 * sqrt((double)bytes / (double)(most ? most : 1));
}

/* Lines bend towards the middle, so that they do not lie over the hosts between. */
static void draw_link(FILE *out, const struct map *m, const struct link *l, uint64_t most)
{
	const struct host *a = drawn_host(m, &l->a), *b = drawn_host(m, &l->b);
	char bytes[UNITS_STRLEN];
	if (!a || !b || a == b)
		return;
	double at = angle_of(m, a), bt = angle_of(m, b);
	fprintf(out, "<path class=\"link\" style=\"stroke-width:%.1f\" d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\"><title>",
		width_of(l->bytes, most), m->x + m->radius * cos(at), m->y + m->radius * sin(at),
		m->x + m->radius * 0.25 * (cos(at) + cos(bt)), m->y + m->radius * 0.25 * (sin(at) + sin(bt)),
		m->x + m->radius * cos(bt), m->y + m->radius * sin(bt));
	svg_escape(out, a->name);
	fputs(" and ", out);
	svg_escape(out, b->name);
	fprintf(out, ": %" PRIu64 " flows, %s bytes</title></path>\n", l->flows, units_count(bytes, l->bytes));
}

/* Names stand outside, along the radius, and never upside down. */
static void draw_host(FILE *out, const struct map *m, const struct host *h, uint64_t most)
{
	double angle = angle_of(m, h), degrees = angle * 180 / M_PI;
	double size = 3 + 7 * sqrt((double)h->bytes / (double)(most ? most : 1));
	bool left = cos(angle) < -1e-9;
	char text[PICTURE_NAME + UNITS_STRLEN + 2], bytes[UNITS_STRLEN];
	fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", m->x + m->radius * cos(angle),
		m->y + m->radius * sin(angle), size);
	snprintf(text, sizeof text, "%s, %s", h->name, units_count(bytes, h->bytes));
	svg_text_turned(out, "label", m->x + (m->radius + 16) * cos(angle) - 4 * sin(angle) * (left ? -1 : 1),
			m->y + (m->radius + 16) * sin(angle) + 4 * cos(angle) * (left ? -1 : 1),
			left ? SVG_END : SVG_START, left ? degrees + 180 : degrees, text);
}

static void draw(FILE *out, const struct map *m, uint64_t n_flows)
{
	char title[160], text[200], bytes[UNITS_STRLEN];
	uint64_t most = 0, rest = 0;
	for (size_t i = 0; i < m->n_links; i++)
		most = m->links[i].bytes > most ? m->links[i].bytes : most;
	for (size_t i = m->n_drawn; i < m->n_hosts; i++)
		rest += m->hosts[i].bytes;
	snprintf(title, sizeof title, "Who talked to whom: %zu hosts, %" PRIu64 " flows", m->n_hosts, n_flows);
	snprintf(text, sizeof text, "Lines are as wide as the bytes of IP packets were many; the widest is %s bytes.",
		 units_count(bytes, most));
	svg_begin(out, 2 * m->x, m->y + m->radius + m->margin, title, text);
	svg_text(out, "head", 24, 28, SVG_START, title);
	svg_text(out, "small", 24, 46, SVG_START, text);
	if (m->n_drawn < m->n_hosts) {
		snprintf(text, sizeof text,
			 "The %zu hosts with the most bytes are drawn, and not %zu others with %s bytes.", m->n_drawn,
			 m->n_hosts - m->n_drawn, units_count(bytes, rest));
		svg_text(out, "small", 24, 62, SVG_START, text);
	}
	for (size_t i = 0; i < m->n_links; i++)
		draw_link(out, m, &m->links[i], most);
	for (size_t i = 0; i < m->n_drawn; i++)
		draw_host(out, m, &m->hosts[i], m->hosts[0].bytes);
	svg_end(out);
}

void picture_map(FILE *out, const struct rows *rows, const struct flows_options *f)
{
	struct map m = { .hosts = message_need_memory(calloc(2 * rows->n + 1, sizeof *m.hosts)),
			 .links = message_need_memory(calloc(rows->n + 1, sizeof *m.links)) };
	struct flow_row room;
	for (size_t i = 0; i < rows->n; i++)
		add_row(&m, rows_at(&room, rows, i, f));
	sum_up(&m);
	m.n_drawn = m.n_hosts < MOST_HOSTS ? m.n_hosts : MOST_HOSTS;
	drop_links(&m);
	place_all(&m);
	lay_out(&m);
	draw(out, &m, rows->n);
	free(m.hosts);
	free(m.links);
}
