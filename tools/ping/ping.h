/* What the parts of `sonde ping` share. */
#ifndef SONDE_TOOLS_PING_PING_H
#define SONDE_TOOLS_PING_PING_H

#include "io/refusal.h"
#include "probe/ping.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/names.h"
#include "tools/common/options.h"
#include "tools/common/targets.h"

struct sonde_writer;

struct ping_options {
	struct targets targets;
	const char *files[16], *excluded[16];
	unsigned n_files, n_excluded;
	enum sonde_ping_kind kind;
	uint16_t *ports; /* of each target: the given ones, then, once each target stands for one of them, its own */
	uint32_t n_ports, cap_ports;
	uint64_t ttl, tos;
	uint32_t *sizes; /* in turn from round to round; freed by cmd_ping */
	uint32_t n_sizes;
	const char *size_text; /* as they were given */
	bool has_kind, has_tos, df, histogram, live;
	sonde_time report_ns; /* 0: none */
};

/* Whether several targets were asked for. */
static inline bool ping_has_many(const struct ping_options *po)
{
	return (uint64_t)po->targets.n + po->targets.n_unresolved > 1;
}

/* Send, receive, tell. Returns the exit status. */
int ping_run(const struct options *o, const struct ping_options *po, char **argv);

/* Build and show what would be sent (dry.c). Returns the exit status. */
int ping_dry(const struct options *o, const struct ping_options *po, char **argv);

/* What the engine is told of the options. */
struct sonde_ping_options ping_engine_options(const struct options *o, const struct ping_options *po);

/* --- What goes wrong on this machine (faults.c) ------------------------------------------------------------------- */

struct ping_faults {
	uint64_t refused[SONDE_N_REFUSALS];      /* packets that the kernel did not take */
	uint64_t unresolved;                     /* that it took, and that never left: the next hop does not answer */
	uint64_t withheld;                       /* that never left, for no known reason */
	uint64_t rx_dropped;                     /* frames that came in and could not be read in time */
	uint64_t incomplete;                     /* packets that came in fragments, some of which were missing */
	uint64_t tx_unseen;                      /* copies of frames that went out, likewise */
	sonde_time printed_at[SONDE_N_REFUSALS]; /* when a cause was met last, monotonic; 0: never */
	sonde_time unresolved_printed_at, withheld_printed_at;
};

/* Count a refusal. */
void ping_fault_refused(struct ping_faults *f, int code);
/* Print the cause of a refusal, unless it was met in the last seconds. */
void ping_fault_message(struct ping_faults *f, const struct sonde_error *e);
/* Count a packet that did not leave; code as in struct sonde_ping_event; target: where it was to go. */
void ping_fault_dropped(struct ping_faults *f, int code, const struct sonde_addr *target);
void ping_faults_print(const struct ping_faults *f, const struct sonde_ping *ping);
void ping_faults_json(struct json *j, const struct ping_faults *f, const struct sonde_ping *ping);

/* --- What each size of a set had (sizes.c) ------------------------------------------------------------------------ */

struct ping_size {
	uint64_t received, lost, dropped, refused; /* as struct sonde_ping_target has them */
	struct sonde_stats rtt;
};

struct ping_sizes {
	const uint32_t *sizes;
	struct ping_size *rows;
	uint32_t n; /* 0: there is one size, which is not counted apart */
};

/* Returns 0 or an exit status after a message. */
int ping_sizes_open(struct ping_sizes *s, const struct ping_options *po);
void ping_sizes_close(struct ping_sizes *s);
void ping_sizes_event(struct ping_sizes *s, const struct sonde_ping_event *e);
void ping_sizes_print(const struct ping_sizes *s);
void ping_sizes_json(struct json *j, const struct ping_sizes *s);

/* --- Output (print.c) --------------------------------------------------------------------------------------------- */

struct ping_printer {
	const struct options *o;
	const struct ping_options *po;
	const struct sonde_ping *ping;
	const struct ping_faults *faults;
	const struct ping_sizes *sizes;
	struct json json;
	struct sonde_writer *writer;
	struct names *names; /* NULL: numbers */
	bool one;            /* one target: lines as iputils has them; else fping's */
	sonde_time began_at; /* monotonic */
};

/* The first object or line. */
void ping_print_begin(struct ping_printer *t, char **argv);
void ping_print_event(struct ping_printer *t, const struct sonde_ping_event *e);
/* An address for text: as its name with --names. Static. */
const char *ping_addr(const struct ping_printer *t, const struct sonde_addr *a);
/* The one target as it was given. Static. */
const char *ping_title(const struct ping_printer *t);
/* A target for text: its address, with the port that is asked; of several also the name that it was given by.
 * Static. */
const char *ping_asked(const struct ping_printer *t, uint32_t target);
/* The target of an event, in JSON. */
void ping_json_target(struct ping_printer *t, uint32_t target);
/* Whether text goes to standard output. */
bool ping_prints_text(const struct ping_printer *t);

/* --- Summaries (summary.c) ---------------------------------------------------------------------------------------- */

/* Counts, shares and times, and the end of the line. */
void ping_print_counts(const struct sonde_ping_target *t);
void ping_json_counts(struct json *j, const struct sonde_ping_target *t);
/* A line of status, on stderr or as a record of --report. */
void ping_print_interval(struct ping_printer *t);
void ping_print_status(const struct ping_printer *t);
/* The summary. Returns the status, or STATUS_SYSTEM when the file of -w could not be written. */
int ping_print_end(struct ping_printer *t, enum loop_end end, int status);

#endif
