/* What the parts of `sonde flows` share. */
#ifndef SONDE_TOOLS_FLOWS_FLOWS_H
#define SONDE_TOOLS_FLOWS_FLOWS_H

#include <stdbool.h>
#include <stdio.h>

#include "flow/report.h"
#include "tools/common/captures.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/names.h"
#include "tools/common/options.h"
#include "tools/common/table.h"
#include "tools/common/choose.h"

enum flows_form { FLOWS_TABLE, FLOWS_CSV, FLOWS_JSON, FLOWS_ZEEK, FLOWS_TCPTRACE, FLOWS_TSHARK, FLOWS_NFDUMP };
enum flows_by { FLOWS_BY_NOTHING, FLOWS_BY_PAIR, FLOWS_BY_SOCKET, FLOWS_BY_HOST, FLOWS_BY_PORT, FLOWS_BY_SERVICE,
		FLOWS_BY_PROCESS };

struct processes;

struct flows_options {
	struct captures captures;
	struct choices choices;
	enum flows_form form;
	bool has_form;
	enum flows_by by;
	bool has_sort;             /* --sort was given */
	const struct column *sort; /* NULL: by start */
	uint64_t top;              /* rows; 0: all */
	struct sonde_flows_options table;
	bool live;                 /* a screen */
	bool process;              /* the processes that have the sockets are looked for, */
	struct processes *processes; /* and known here; NULL: they are not */
	unsigned n_threads;        /* tables of files; 0: as many as cores */
	uint64_t ring_bytes;       /* of --ring; 0: the usual */
};

/* Read all files, or interfaces, and print their flows. argv is for the record of the run. Returns the exit status. */
int flows_run(const struct options *o, struct flows_options *f, char **argv);

/* --- The rows (rows.c) ------------------------------------------------------------------------------------------- */

/* A flow as the printers take it. */
struct flow_row {
	struct sonde_flow_report r;
	char community_id[SONDE_COMMUNITY_STRLEN]; /* "" without IP addresses */
	uint32_t pid;     /* 0: not known */
	char process[16]; /* its name, or "" */
};

/* Without its process (process.h). */
void flow_row_of(struct flow_row *row, const struct sonde_flows *t, const struct sonde_flow *f);

/* The flows of tables that were chosen, in order. */
struct rows {
	struct rows_flow {
		const struct sonde_flows *table;
		const struct sonde_flow *flow;
	} *flows;
	size_t n;
	uint64_t n_chosen; /* before --top */
};

/* Flows with the largest key stand first. */
uint64_t flows_sort_key(const struct column *sort, const struct flow_row *row, const struct sonde_flow *f);
/* Sort those that ended. Ending the program without memory. */
void rows_sort(struct rows *rows, struct sonde_flows *const *tables, unsigned n_tables, const struct flows_options *f);
void rows_free(struct rows *rows);

/* --- Printing ---------------------------------------------------------------------------------------------------- */

#define FLOWS_MEASURED 1000 /* rows that the widths are taken of */

/* A way of printing flows. Zeroed members do nothing. */
struct flows_printer {
	const struct options *o;
	const struct flows_options *f;
	struct json json;
	struct names names;
	bool colour;
	int width;        /* columns of the terminal; 0: no limit */
	bool began;       /* what stands before the rows was printed */
	struct table table;
	uint64_t n_rows;  /* printed so far */
	uint64_t n_numbered; /* connections that have a number */
	sonde_time first; /* of all flows; for times from the start */
	bool any;
};

struct flows_form_row {
	const char *name;
	void (*begin)(struct flows_printer *p);
	void (*row)(struct flows_printer *p, const struct flow_row *row);
	void (*end)(struct flows_printer *p);
};

extern const struct flows_form_row flows_print_table, flows_print_csv, flows_print_json, flows_print_zeek,
	flows_print_tcptrace, flows_print_tshark, flows_print_nfdump;

/* What a flow waited for (why.c): a line behind its row; the same in its object. */
void flows_print_why(struct flows_printer *p, const struct flow_row *row);
void flows_json_why(struct json *j, const struct flow_row *row);

/* The cells of a row of the table. */
void flows_table_cells(struct table_row *out, struct flows_printer *p, const struct flow_row *row);
/* Find out how wide the table's columns are. */
void flows_table_widths(struct flows_printer *p, const struct rows *rows);

/* Sums over flows that share something (by.c): add each, then print all. Ending the program without memory. */
struct flows_sums;
struct flows_sums *flows_sums_new(struct sonde_key secret);
void flows_sums_add(struct flows_sums *s, struct flows_printer *p, const struct flow_row *row);
void flows_sums_print(struct flows_printer *p, struct flows_sums *s);
void flows_sums_free(struct flows_sums *s); /* NULL is fine */

/* The name of an IP protocol, or its number. Returns out or a constant. */
const char *flows_proto_name(char out[static 8], uint8_t proto);
/* The service that was seen, or else the usual one of the responder's port (proto/names.h), or "". */
const char *flows_service(const struct flow_row *row);

#endif
