/* Flows as a table that people read. */
#include <inttypes.h>
#include <string.h>

#include "base/span.h"
#include "tools/common/units.h"
#include "tools/flows/flows.h"

static const struct table_head heads[] = {
	{ "start", true, 6 },    { "originator", false, 0 }, { "responder", false, 0 }, { "proto", false, 1 },
	{ "state", false, 2 },   { "history", false, 7 },    { "packets", true, 3 },    { "bytes", true, 4 },
	{ "rexmt", true, 8 },    { "duration", true, 5 },    { "name", false, 9 },      { "process", false, 1 },
};

#define LEAST_NAME 16

/* A name takes a quarter of the terminal at most; "~" stands where it is cut. */
static void format_end(char out[static TABLE_STRLEN], struct flows_printer *p, const struct flow_row *row,
		       const struct sonde_report_side *s)
{
	char name[FLOW_HOST_STRLEN];
	const size_t most = p->width > 4 * LEAST_NAME ? (size_t)p->width / 4 : p->width ? LEAST_NAME : sizeof name;
	flow_row_host(name, row, s);
	bool v6 = strchr(name, ':'), has_ports = row->r.has_ports && row->r.proto != 1 && row->r.proto != 58;
	if (!v6 && strlen(name) > most)
		strcpy(name + most - 1, "~");
	if (!has_ports)
		snprintf(out, TABLE_STRLEN, "%s", name);
	else
		snprintf(out, TABLE_STRLEN, v6 ? "[%s]:%u" : "%s:%u", name, s->end.port);
}

static void format_proto(char out[static TABLE_STRLEN], const struct flow_row *row)
{
	char room[8];
	const char *service = flows_service(row), *proto = flows_proto_name(room, row->r.proto);
	if (row->r.icmp_one_way)
		snprintf(out, TABLE_STRLEN, "%s %u/%u", proto, row->r.orig.end.port, row->r.resp.end.port);
	else if (row->r.proto == 1 || row->r.proto == 58)
		snprintf(out, TABLE_STRLEN, "%s %u", proto, row->r.orig.end.port);
	else
		snprintf(out, TABLE_STRLEN, "%s%s%s", proto, *service ? " " : "", service);
}

static void format_process(char out[static TABLE_STRLEN], const struct flow_row *row)
{
	bool may = row->r.proto == 6 || row->r.proto == 17;
	if (row->pid)
		snprintf(out, TABLE_STRLEN, "%s %" PRIu32, row->process, row->pid);
	else
		snprintf(out, TABLE_STRLEN, "%s", may ? "?" : "");
}

static void format_two(char out[static TABLE_STRLEN], uint64_t a, uint64_t b)
{
	char left[UNITS_STRLEN], right[UNITS_STRLEN];
	snprintf(out, TABLE_STRLEN, "%s/%s", units_count(left, a), units_count(right, b));
}

/* The last column is of --process. */
static void begin_table(struct flows_printer *p)
{
	const unsigned n = sizeof heads / sizeof *heads;
	table_begin(&p->table, heads, p->f->process ? n : n - 1);
}

void flows_table_cells(struct table_row *out, struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	uint64_t again = r->orig.rexmt_packets + r->resp.rexmt_packets;
	units_seconds(out->text[0], sonde_time_since(r->first, p->first));
	format_end(out->text[1], p, row, &r->orig);
	format_end(out->text[2], p, row, &r->resp);
	format_proto(out->text[3], row);
	snprintf(out->text[4], TABLE_STRLEN, "%s", r->conn_state);
	snprintf(out->text[5], TABLE_STRLEN, "%s", r->history);
	format_two(out->text[6], r->orig.packets, r->resp.packets);
	format_two(out->text[7], r->orig.bytes, r->resp.bytes);
	snprintf(out->text[8], TABLE_STRLEN, again ? "%" PRIu64 : "", again);
	units_duration(out->text[9], sonde_time_since(r->last, r->first));
	snprintf(out->text[10], TABLE_STRLEN, "%s", r->said ? r->said->name : "");
	format_process(out->text[11], row);
}

void flows_table_widths(struct flows_printer *p, const struct rows *rows)
{
	struct flow_row row;
	struct table_row cells;
	begin_table(p);
	for (size_t k = 0; k < rows->n && k < FLOWS_MEASURED; k++) {
		flows_table_cells(&cells, p, rows_at(&row, rows, k, p->f));
		table_measure(&p->table, &cells);
	}
	table_fit(&p->table, p->width);
}

static void begin(struct flows_printer *p)
{
	char line[TABLE_LINE];
	/* Rows that are printed as flows end, or for want of memory, come before all are known. */
	static const struct table_row usual = { .text = { "12345.678", "192.168.100.100:50000", "192.168.100.100:443",
							  "tcp https", "RSTOS0", "ShADadFf", "999/999", "9.99M/9.99M",
							  "", "9m59s", "", "firefox 12345" } };
	if (!p->table.n) {
		begin_table(p);
		table_measure(&p->table, &usual);
		table_fit(&p->table, p->width);
	}
	puts(table_line(line, &p->table, NULL));
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	struct table_row cells;
	char line[TABLE_LINE];
	flows_table_cells(&cells, p, row);
	puts(table_line(line, &p->table, &cells));
	flows_print_why(p, row);
}

const struct flows_form_row flows_print_table = { "table", begin, print_row, NULL };
