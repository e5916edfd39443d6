/* Flows as JSON and as CSV: all columns. */
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void json_row(struct flows_printer *p, const struct flow_row *row)
{
	struct json *j = &p->json;
	json_event(j, "flows", "flow", row->r.first);
	columns_json(j, &flows_table, row);
	flows_json_why(j, row);
	json_end(j);
}

const struct flows_form_row flows_print_json = { "json", NULL, json_row, NULL };

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

static void csv_begin(struct flows_printer *p)
{
	(void)p;
	columns_csv_names(&flows_table);
}

static void csv_row(struct flows_printer *p, const struct flow_row *row)
{
	(void)p;
	columns_csv(&flows_table, row);
}

const struct flows_form_row flows_print_csv = { "csv", csv_begin, csv_row, NULL };
