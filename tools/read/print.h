/* What `sonde read` prints of frames, in each of its forms. */
#ifndef SONDE_TOOLS_READ_PRINT_H
#define SONDE_TOOLS_READ_PRINT_H

#include <stdio.h>
#include <time.h>

#include "capture/record.h"
#include "flow/originator.h"
#include "flow/relative.h"
#include "packet/print.h"
#include "tools/common/json.h"
#include "tools/common/names.h"
#include "tools/read/follow.h"
#include "tools/read/read.h"
#include "tools/read/stats.h"

/* A frame to print. */
struct print_frame {
	struct sonde_packet *packet;
	const struct sonde_record *record;
	const char *iface;    /* or NULL */
	bool several_ifaces;  /* the file has more than this one */
	uint64_t number;      /* from 1, over all files */
	uint64_t copy_number; /* in the file of -w, from 1; 0: there is none */
};

/* The times of lines and trees (print_time.c). */
struct print_clock {
	enum read_stamp stamp;
	sonde_time first, last; /* of the frames that have a time */
	bool any;
	char date[32];          /* of a second; empty: none yet */
	char first_day[32];     /* the date of the first frame */
	time_t date_second;
};

struct print_form;

struct printer {
	const struct options *o;
	const struct read_options *r;
	const struct print_form *form; /* NULL: no frame is printed */
	struct print_clock clock;
	struct json json;
	struct names names;                   /* of --names */
	struct sonde_originators originators; /* of --json */
	struct sonde_relatives relatives;     /* of lines */
	struct sonde_line_columns columns;
	size_t iface_width;                   /* of the column of interfaces so far */
	bool colour;
	struct stats *stats;                  /* of --stats */
	struct follow *follow;                /* of --follow */
	char *text;                           /* SONDE_TREE_ROOM bytes */
};

/* Choose the form that the options ask for, and make it ready. Call before the sandbox. Returns 0 or an exit status
 * after a message. */
int print_open(struct printer *p, const struct options *o, const struct read_options *r);
void print_close(struct printer *p);
/* Print a frame that was dissected and not yet inferred. Returns 0 or an exit status after a message. */
int print_frame(struct printer *p, const struct print_frame *f);
/* Print what is known after the last frame only. Returns as print_frame. */
int print_end(struct printer *p);

/* --- Times (print_time.c) ----------------------------------------------------------------------------------------- */

/* Append the time of a frame in the style of --time, and a blank. whole: with the date; else only from the second day
 * on. */
void print_clock(struct print_clock *c, struct sonde_text *out, sonde_time t, bool whole);
/* A frame was shown: its time is the first, or the last. */
void print_clock_passed(struct print_clock *c, const struct sonde_record *rec);

/* --- Text (print.c, print_line.c) --------------------------------------------------------------------------------- */

/* Append the interface and the direction of a frame, as far as they are known, each with a blank. */
void print_where(struct sonde_text *t, const struct print_frame *f);
/* Write a text to standard output. */
void print_put(const struct sonde_text *t);
int print_line(struct printer *p, const struct print_frame *f);

/* --- JSON (print_json.c) ------------------------------------------------------------------------------------------ */

int print_json(struct printer *p, const struct print_frame *f);

#endif
