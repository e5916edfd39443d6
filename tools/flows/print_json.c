/* Flows as JSON and as CSV: all columns. */
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/* What a cut in time made too small, or too large: what is recognised by what was sent before. */
static void json_bounds(struct json *j, const struct flow_row *row)
{
	static const char *const lower[] = {
		"rexmt_pkts", "rexmt_bytes", "rexmt_timeout", "rexmt_fast", "rexmt_tail", "rexmt_spurious",
		"captured_twice", "ooo_pkts", "dup_acks", "triple_dup_acks", "window_probes", "keep_alives",
		"rtt_samples", "max_window",
	};
	char name[32];
	json_uint(j, "parts", row->parts);
	if (row->r.proto != 6)
		return;
	json_array(j, "lower_bounds");
	json_str(j, NULL, "missed_bytes");
	for (unsigned i = 0; i < 2 * sizeof lower / sizeof *lower; i++) {
		snprintf(name, sizeof name, "%s_%s", i % 2 ? "resp" : "orig", lower[i / 2]);
		json_str(j, NULL, name);
	}
	json_array_end(j);
	json_array(j, "upper_bounds");
	json_str(j, NULL, "orig_unique_bytes");
	json_str(j, NULL, "resp_unique_bytes");
	json_array_end(j);
}

static void json_row(struct flows_printer *p, const struct flow_row *row)
{
	struct json *j = &p->json;
	json_event(j, "flows", "flow", row->r.first);
	columns_json(j, &flows_table, row);
	flows_json_why(j, row);
	if (row->parts)
		json_bounds(j, row);
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
