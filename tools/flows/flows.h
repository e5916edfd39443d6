/* What the parts of `sonde flows` share. */
#ifndef SONDE_TOOLS_FLOWS_FLOWS_H
#define SONDE_TOOLS_FLOWS_FLOWS_H

#include <stdbool.h>
#include <stdio.h>

#include "flow/report.h"
#include "tools/common/captures.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/options.h"
#include "tools/common/table.h"
#include "tools/common/choose.h"
#include "tools/flows/names.h"

enum flows_form { FLOWS_TABLE, FLOWS_CSV, FLOWS_JSON, FLOWS_ZEEK, FLOWS_TCPTRACE, FLOWS_TSHARK, FLOWS_NFDUMP,
		  FLOWS_CLICKHOUSE, FLOWS_SCHEMA };
enum flows_by { FLOWS_BY_NOTHING, FLOWS_BY_PAIR, FLOWS_BY_SOCKET, FLOWS_BY_HOST, FLOWS_BY_PORT, FLOWS_BY_SERVICE,
		FLOWS_BY_PROCESS };

struct processes;

/* A file that is written at the end of a run, and opened before the sandbox. What is in it stays until then. */
struct flows_output {
	const char *path; /* NULL: none */
	FILE *out;
	char buffer[1 << 16];
};

/* Return 0 or an exit status after a message. */
int flows_output_open(struct flows_output *o, const struct captures *c);
int flows_output_begin(struct flows_output *o);
int flows_output_end(struct flows_output *o);
void flows_output_close(struct flows_output *o);

/* Counts of each interval. */
struct flows_series {
	sonde_time span; /* 0: not wanted */
	sonde_time begin;
	bool has_begun;
	struct sonde_flows_stats before; /* when it began */
};

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
	unsigned n_threads;        /* for files; 0: as many as cores, two at most */
	uint64_t ring_bytes;       /* of --ring; 0: the usual */
	struct flow_names *names; /* NULL: not wanted */
	struct flows_series series;
	bool merges;              /* the files are JSON of earlier runs */
	const char *state_in;     /* NULL: none */
	FILE *state_from;
	char state_buffer[1 << 16];
	struct flows_output state_out;
	struct flows_output graph, ladder, map; /* pictures */
	int *again;                             /* the files once more, for their second pass */
};

/* Read all files, or interfaces, and print their flows. argv is for the record of the run. Returns the exit status. */
int flows_run(const struct options *o, struct flows_options *f, char **argv);

/* --- Pieces of a capture (state.c) -------------------------------------------------------------------------------- */

/* How far a run over all pieces is. */
struct flows_progress {
	uint64_t n_frames;
	sonde_time first; /* of all frames */
	bool any;
};

#define FLOWS_STATE_SLACK (3600 * SONDE_S) /* flows stay open for so long when times may go back by as much */

/* Return 0 or an exit status after a message. */
int flows_state_open(struct flows_options *f);
int flows_state_load(struct flows_options *f, struct flows_progress *p, struct sonde_flows *t);
int flows_state_save(struct flows_options *f, struct flows_progress *p, struct sonde_flows *t);

/* --- The rows (rows.c) ------------------------------------------------------------------------------------------- */

/* A flow as the printers take it. */
struct flow_row {
	struct sonde_flow_report r;
	char community_id[SONDE_COMMUNITY_STRLEN]; /* "" without IP addresses */
	uint32_t pid;     /* 0: not known */
	char process[16]; /* its name, or "" */
	const char *orig_name, *resp_name;         /* NULL: none is known */
	uint32_t parts; /* rows that it was joined of, with --merge; 0: none */
};

/* The row of a flow, with the names and the process that are known. */
void flow_row_of(struct flow_row *row, const struct flows_options *f, const struct sonde_flows *t,
		 const struct sonde_flow *flow);
/* The host of a side, by its name where that is known. Returns out. */
#define FLOW_HOST_STRLEN FLOW_NAMES_STRLEN
char *flow_row_host(char out[static FLOW_HOST_STRLEN], const struct flow_row *row, const struct sonde_report_side *s);

/* The flows that were chosen, in order. */
struct rows {
	struct sonde_flows *table;
	const struct sonde_flow **flows;
	const struct flow_row **ready; /* in their place, where there is no table */
	size_t n;
	uint64_t n_chosen; /* before --top */
};

/* Flows with the largest key stand first. */
uint64_t flows_sort_key(const struct column *sort, const struct flow_row *row, const struct sonde_flow *f);
/* Sort those that ended. Ending the program without memory. */
void rows_sort(struct rows *rows, struct sonde_flows *table, const struct flows_options *f);
/* The same of n rows that are there already; the array is this one's from then on. */
void rows_sort_ready(struct rows *rows, const struct flow_row **ready, size_t n, const struct flows_options *f);
void rows_free(struct rows *rows);
/* Row i; room is for one that is not there already. */
const struct flow_row *rows_at(struct flow_row *room, const struct rows *rows, size_t i, const struct flows_options *f);

/* --- Earlier runs (merge.c) --------------------------------------------------------------------------------------- */

struct merged;

struct flows_merge {
	FILE **in;
	struct merged **all;
	size_t n, cap;
	uint64_t n_runs, n_ended;       /* these have a summary */
	struct sonde_flows_stats stats; /* of all summaries */
	char buffer[1 << 16];
};

/* Return 0 or an exit status after a message; STATUS_NOT: all that could be read was read. */
int flows_merge_open(struct flows_merge *m, const struct captures *c);
int flows_merge_read(struct rows *rows, struct flows_merge *m, const struct flows_options *f);
void flows_merge_close(struct flows_merge *m, const struct captures *c);

/* --- Printing ---------------------------------------------------------------------------------------------------- */

#define FLOWS_MEASURED 1000 /* rows that the widths are taken of */

/* A way of printing flows. Zeroed members do nothing. */
struct flows_printer {
	const struct options *o;
	const struct flows_options *f;
	struct json json;
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
	flows_print_tcptrace, flows_print_tshark, flows_print_nfdump, flows_print_clickhouse;
/* The table that the rows of the last one go into. */
void flows_print_schema(void);

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

/* Intervals (series.c). A frame whose time lies before the interval counts in it. */
void flows_series_begin(const struct flows_printer *p);
bool flows_series_is_over(const struct flows_series *s, sonde_time time);
/* The interval of a frame, if that at hand is over. */
void flows_series_go_to(struct flows_series *s, sonde_time time);
/* Print what was counted in the interval; nothing where there was no frame. */
void flows_series_end(struct flows_printer *p, struct flows_series *s, const struct sonde_flows *t);

/* Pictures (picture.c): open their files, and draw. Return 0 or an exit status after a message. */
int flows_pictures_open(struct flows_options *f);
int flows_pictures_draw(struct flows_options *f, const struct rows *rows);
void flows_pictures_close(struct flows_options *f);

/* The name of an IP protocol, or its number. Returns out or a constant. */
const char *flows_proto_name(char out[static 8], uint8_t proto);
/* The service that was seen, or else the usual one of the responder's port (proto/names.h), or "". */
const char *flows_service(const struct flow_row *row);

#endif
