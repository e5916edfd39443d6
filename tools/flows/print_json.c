/* Flows as JSON and as CSV: all columns. */
#include <string.h>

#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void put_value(struct json *j, const struct column *c, const struct flow_row *row)
{
	struct column_value v;
	char text[COLUMN_STRLEN];
	column_get(&v, c, row);
	if (v.none)
		return;
	switch (c->type) {
	case COLUMN_TEXT: json_str(j, c->name, v.text); break;
	case COLUMN_UINT: json_uint(j, c->name, v.n); break;
	case COLUMN_NS: json_int(j, c->name, v.t); break;
	case COLUMN_BOOL: json_bool(j, c->name, v.n); break;
	default: json_str(j, c->name, column_format(text, c, row)); break;
	}
}

static void json_row(struct flows_printer *p, const struct flow_row *row)
{
	struct json *j = &p->json;
	json_event(j, "flows", "flow", row->r.first);
	for (const struct column *c = columns; c->name; c++)
		put_value(j, c, row);
	flows_json_why(j, row);
	json_end(j);
}

const struct flows_form_row flows_print_json = { "json", NULL, json_row, NULL };

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

static void csv_begin(struct flows_printer *p)
{
	(void)p;
	for (const struct column *c = columns; c->name; c++)
		printf("%s%s", c == columns ? "" : ",", c->name);
	putchar('\n');
}

/* Quoted where it has a comma, as tunnels may (RFC 4180, 2). */
static void csv_row(struct flows_printer *p, const struct flow_row *row)
{
	char text[COLUMN_STRLEN];
	(void)p;
	for (const struct column *c = columns; c->name; c++) {
		column_format(text, c, row);
		const char *quote = strpbrk(text, ",\"") ? "\"" : "";
		printf("%s%s%s%s", c == columns ? "" : ",", quote, text, quote);
	}
	putchar('\n');
}

const struct flows_form_row flows_print_csv = { "csv", csv_begin, csv_row, NULL };
