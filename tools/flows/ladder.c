/* sonde flows --ladder: the packets of a flow as arrows between its two sockets, in the order of time. */
#include <inttypes.h>
#include <string.h>

#include "base/span.h"
#include "proto/tcp.h"
#include "tools/common/units.h"
#include "tools/flows/picture.h"
#include "tools/flows/svg.h"

#define WIDTH 900.0
#define ORIG  230.0 /* where the originator's line stands */
#define RESP  750.0
#define HEAD  96.0
#define ROW   30.0
#define FIRST 80 /* packets that are drawn of a long flow */
#define LAST  20

static const char *flags_of(char out[static 40], unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} words[] = { { SONDE_TCP_SYN, "SYN " }, { SONDE_TCP_FIN, "FIN " }, { SONDE_TCP_RST, "RST " },
		      { SONDE_TCP_PSH, "PSH " }, { SONDE_TCP_ACK_FLAG, "ACK " }, { SONDE_TCP_URG_FLAG, "URG " } };
	*out = 0;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (flags & words[i].flag)
			strcat(out, words[i].name);
	return out;
}

/* What stands on an arrow. */
static void say(char out[static 160], const struct picture *p, const struct picture_packet *k)
{
	char flags[40], bytes[32] = "", ack[48] = "";
	if (p->row->r.proto != 6) {
		snprintf(out, 160, "%" PRIu32 " bytes%s", k->len, k->is_fragment ? ", a fragment" : "");
		return;
	}
	if (k->len)
		snprintf(bytes, sizeof bytes, ", %" PRIu32 " bytes", k->len);
	if (k->has_ack)
		snprintf(ack, sizeof ack, " ack %" PRId32 " win %" PRIu32, (int32_t)k->ack, k->win);
	snprintf(out, 160, "%sseq %" PRId32 "%s%s%s%s", flags_of(flags, k->flags), (int32_t)k->seq, bytes, ack,
		 k->n_sacks ? " SACK" : "", k->again ? ", sent again" : "");
}

static void draw_arrow(FILE *out, double y, bool back, bool again)
{
	const double from = back ? RESP : ORIG, to = back ? ORIG : RESP, tip = back ? 9 : -9;
	const char *class = again ? "again" : "seg";
	svg_line(out, class, from, y, to + tip / 2, y);
	fprintf(out, "<polygon class=\"%s\" points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>\n", class, to, y, to + tip,
		y - 4, to + tip, y + 4);
}

static void draw_packet(FILE *out, const struct picture *p, const struct picture_packet *k, double y)
{
	char text[160];
	sonde_time_format(text, k->time);
	svg_text(out, "mono", ORIG - 96, y + 4, SVG_END, text);
	snprintf(text, sizeof text, "frame %" PRIu64, k->number);
	svg_text(out, "small", ORIG - 12, y + 4, SVG_END, text);
	say(text, p, k);
	svg_text(out, k->again ? "label again" : "label", (ORIG + RESP) / 2, y - 5, SVG_MIDDLE, text);
	draw_arrow(out, y, k->from_responder, k->again);
}

static void draw_gap(FILE *out, const struct picture *p, size_t from, size_t to, double y)
{
	char text[160], span[UNITS_STRLEN];
	snprintf(text, sizeof text, "%zu packets in %s are left out", to - from,
		 units_duration(span, sonde_time_since(p->packets[to - 1].time, p->packets[from].time)));
	svg_line(out, "mark", ORIG, y + 4, RESP, y + 4);
	svg_text(out, "small", (ORIG + RESP) / 2, y - 3, SVG_MIDDLE, text);
}

static void draw_end(FILE *out, double x, const char *name, const char *role, double bottom)
{
	svg_text(out, "", x, HEAD - 32, SVG_MIDDLE, name);
	svg_text(out, "small", x, HEAD - 17, SVG_MIDDLE, role);
	svg_line(out, "axis", x, HEAD - 10, x, bottom);
}

void picture_ladder(FILE *out, const struct picture *p)
{
	char title[700], text[160], span[UNITS_STRLEN];
	bool is_long = p->n > FIRST + LAST;
	size_t rows = is_long ? FIRST + LAST + 1 : p->n;
	const double bottom = HEAD + ROW * (double)rows + 16, height = bottom + 28;
	snprintf(title, sizeof title, "%s to %s, %s", p->names[0], p->names[1], p->proto);
	snprintf(text, sizeof text, "%" PRIu64 " packets in %s, with their times in seconds since the first", p->n_all,
		 units_duration(span, sonde_time_since(p->row->r.last, p->row->r.first)));
	svg_begin(out, WIDTH, height, title, text);
	svg_text(out, "head", 24, 26, SVG_START, title);
	svg_text(out, "small", 24, 44, SVG_START, text);
	draw_end(out, ORIG, p->names[0], "originator", bottom);
	draw_end(out, RESP, p->names[1], "responder", bottom);
	double y = HEAD + ROW - 8;
	for (size_t i = 0; i < p->n; i++, y += ROW) {
		if (is_long && i == FIRST) {
			draw_gap(out, p, i, p->n - LAST, y);
			i = p->n - LAST;
			y += ROW;
		}
		draw_packet(out, p, &p->packets[i], y);
	}
	if (p->n_all > p->n) {
		snprintf(text, sizeof text, "%" PRIu64 " packets behind the last one are left out", p->n_all - p->n);
		svg_text(out, "small", (ORIG + RESP) / 2, bottom + 16, SVG_MIDDLE, text);
	}
	svg_end(out);
}
