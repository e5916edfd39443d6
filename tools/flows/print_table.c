/* Flows as a table that people read. */
#include <inttypes.h>
#include <string.h>

#include "tools/common/colour.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"
#include "tools/common/units.h"

enum { CELLS = FLOWS_CELLS, CELL_LEN = NAMES_STRLEN + 8 };

struct cell_row {
	char text[CELLS][CELL_LEN];
};

/* The columns; those with the highest numbers are left out first where the terminal is narrow. */
static const struct {
	const char *head;
	bool right;
	unsigned rank;
} heads[CELLS] = {
	{ "start", true, 6 },    { "originator", false, 0 }, { "responder", false, 0 }, { "proto", false, 1 },
	{ "state", false, 2 },   { "history", false, 7 },    { "packets", true, 3 },    { "bytes", true, 4 },
	{ "rexmt", true, 8 },    { "duration", true, 5 },   { "name", false, 9 },
};

#define MOST_RANK 9

static void format_end(char out[static CELL_LEN], struct flows_printer *p, const struct sonde_report_side *s,
		       const struct sonde_flow_report *r)
{
	char name[NAMES_STRLEN];
	names_addr(name, p->o->names ? &p->names : NULL, &s->end.addr);
	bool v6 = s->end.addr.family == SONDE_IP6 && strchr(name, ':');
	if (!r->has_ports || r->proto == 1 || r->proto == 58)
		snprintf(out, CELL_LEN, "%s", name);
	else
		snprintf(out, CELL_LEN, v6 ? "[%s]:%u" : "%s:%u", name, s->end.port);
}

static void format_proto(char out[static CELL_LEN], const struct flow_row *row)
{
	char room[8];
	const char *service = flows_service(row), *proto = flows_proto_name(room, row->r.proto);
	if (row->r.icmp_one_way)
		snprintf(out, CELL_LEN, "%s %u/%u", proto, row->r.orig.end.port, row->r.resp.end.port);
	else if (row->r.proto == 1 || row->r.proto == 58)
		snprintf(out, CELL_LEN, "%s %u", proto, row->r.orig.end.port);
	else
		snprintf(out, CELL_LEN, "%s%s%s", proto, *service ? " " : "", service);
}

static void format_two(char out[static CELL_LEN], uint64_t a, uint64_t b)
{
	char left[UNITS_STRLEN], right[UNITS_STRLEN];
	snprintf(out, CELL_LEN, "%s/%s", units_count(left, a), units_count(right, b));
}

static void format_row(struct cell_row *out, struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	uint64_t again = r->orig.rexmt_packets + r->resp.rexmt_packets;
	units_seconds(out->text[0], r->first - p->first);
	format_end(out->text[1], p, &r->orig, r);
	format_end(out->text[2], p, &r->resp, r);
	format_proto(out->text[3], row);
	snprintf(out->text[4], CELL_LEN, "%s", r->conn_state);
	snprintf(out->text[5], CELL_LEN, "%s", r->history);
	format_two(out->text[6], r->orig.packets, r->resp.packets);
	format_two(out->text[7], r->orig.bytes, r->resp.bytes);
	snprintf(out->text[8], CELL_LEN, again ? "%" PRIu64 : "", again);
	units_duration(out->text[9], r->last - r->first);
	snprintf(out->text[10], CELL_LEN, "%s", r->said ? r->said->name : "");
}

/* Which columns fit, the most needed first. */
static unsigned fitting_rank(const struct flows_printer *p)
{
	for (unsigned rank = MOST_RANK; p->width && rank > 0; rank--) {
		size_t width = 0;
		for (unsigned i = 0; i < CELLS; i++)
			width += heads[i].rank <= rank ? p->cells[i] + (i ? 2 : 0) : 0;
		if (width <= (size_t)p->width)
			return rank;
	}
	return p->width ? 0 : MOST_RANK;
}

static void print_cells(const struct flows_printer *p, const struct cell_row *row)
{
	bool any = false;
	size_t blanks = 0;
	for (unsigned i = 0; i < CELLS; i++) {
		if (heads[i].rank > p->rank)
			continue;
		size_t len = strlen(row->text[i]), width = p->cells[i], pad = len < width ? width - len : 0;
		blanks += any ? 2 : 0;
		if (heads[i].right)
			blanks += pad;
		if (len)
			printf("%*s%s", (int)blanks, "", row->text[i]);
		blanks = (len ? 0 : blanks + len) + (heads[i].right ? 0 : pad);
		any = true;
	}
	putchar('\n');
}

void flows_table_widths(struct flows_printer *p, const struct rows *rows, const struct sonde_flows *t)
{
	struct flow_row row;
	struct cell_row cells;
	for (unsigned i = 0; i < CELLS; i++)
		p->cells[i] = strlen(heads[i].head);
	for (size_t k = 0; k < rows->n && k < FLOWS_MEASURED; k++) {
		flow_row_of(&row, t, rows->flows[k]);
		format_row(&cells, p, &row);
		for (unsigned i = 0; i < CELLS; i++)
			if (strlen(cells.text[i]) > p->cells[i])
				p->cells[i] = strlen(cells.text[i]);
	}
	p->rank = fitting_rank(p);
}

static void begin(struct flows_printer *p)
{
	struct cell_row row;
	for (unsigned i = 0; i < CELLS; i++)
		snprintf(row.text[i], CELL_LEN, "%s", heads[i].head);
	print_cells(p, &row);
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	struct cell_row cells;
	format_row(&cells, p, row);
	print_cells(p, &cells);
	flows_print_why(p, row);
}

const struct flows_form_row flows_print_table = { "table", begin, print_row, NULL };
