/* Flows for ClickHouse: the table they go into, and rows in its binary form (RowBinary), which clickhouse-client loads
 * as they are. Numbers are little-endian; a text has its length in front, 7 bits a byte, the lowest first; what may be
 * unknown has a byte in front that tells whether it is. */
#include <string.h>

#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

/* Fields that every flow has are never unknown: numbers that lie in the row, and no part of TCP. */
static bool may_be_unknown(const struct column *c)
{
	return c->tcp || !c->width;
}

static const char *type_of(const struct column *c)
{
	switch (c->type) {
	case COLUMN_UINT: return may_be_unknown(c) ? "Nullable(UInt64)" : "UInt64";
	case COLUMN_BOOL: return "Nullable(UInt8)";
	case COLUMN_NS: return "Nullable(Int64)";
	case COLUMN_TIME: return "Int64";
	default: return "String";
	}
}

void flows_print_schema(void)
{
	puts("CREATE TABLE IF NOT EXISTS flows (");
	for (const struct column *c = columns; c->name; c++)
		printf("\t%s %s,\n", c->name, type_of(c));
	puts("\ttime DateTime MATERIALIZED toDateTime(intDiv(ts, 1000000000))\n"
	     ") ENGINE = MergeTree() ORDER BY (ts, orig_h, resp_h)");
}

static void begin(struct flows_printer *p)
{
	(void)p;
	fputs("INSERT INTO flows (", stdout);
	for (const struct column *c = columns; c->name; c++)
		printf("%s%s", c == columns ? "" : ", ", c->name);
	fputs(") FORMAT RowBinary\n", stdout);
}

static void put_number(uint64_t v, unsigned width)
{
	for (; width; width--, v >>= 8)
		putchar((int)(v & 0xff));
}

static void put_text(const char *text)
{
	size_t len = strlen(text), rest = len;
	for (; rest >= 0x80; rest >>= 7)
		putchar((int)(0x80 | (rest & 0x7f)));
	putchar((int)rest);
	fwrite(text, 1, len, stdout);
}

static void put_value(const struct column *c, const struct column_value *v)
{
	char addr[SONDE_ADDR_STRLEN];
	switch (c->type) {
	case COLUMN_TIME: put_number((uint64_t)v->t, 8); return;
	case COLUMN_ADDR: put_text(sonde_addr_format(addr, v->addr)); return;
	case COLUMN_TEXT: put_text(v->none ? "" : v->text); return;
	default: break;
	}
	if (strncmp(type_of(c), "Nullable", 8) == 0)
		putchar(v->none);
	if (!v->none)
		put_number(c->type == COLUMN_NS ? (uint64_t)v->t : v->n, c->type == COLUMN_BOOL ? 1 : 8);
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	(void)p;
	for (const struct column *c = columns; c->name; c++) {
		struct column_value v;
		column_get(&v, c, row);
		put_value(c, &v);
	}
}

const struct flows_form_row flows_print_clickhouse = { "clickhouse", begin, print_row, NULL };
