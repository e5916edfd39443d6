/* What the parts of `sonde read` share. */
#ifndef SONDE_TOOLS_READ_READ_H
#define SONDE_TOOLS_READ_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"
#include "packet/packet.h"
#include "packet/spec.h"
#include "tools/common/captures.h"
#include "tools/common/options.h"
#include "tools/read/columns.h"

enum read_form { READ_LINE, READ_PACKETS, READ_TREE, READ_HEX, READ_COLUMNS };
enum read_stamp { READ_UTC, READ_LOCAL, READ_EPOCH, READ_RELATIVE, READ_DELTA };

struct read_options {
	struct captures captures;
	FILE *dumps[CAPTURES_MAX]; /* the files, with --hex */
	enum read_form form;
	bool has_form; /* -o was given */
	enum read_stamp stamp;
	bool count, coverage, stats;
	struct columns columns;
	bool follows;
	struct sonde_pair follow; /* of --follow; .proto may be 0 */
	bool matches;
	struct sonde_spec match; /* of --match */
	bool absolute; /* sequence numbers as they are */
	bool link;     /* lines with the addresses of the link */
	bool tail;                     /* the file grows */
	uint64_t ring_bytes;           /* of --ring; 0: the usual */
	const char *omit;              /* the words of --omit, or NULL */
	const struct sonde_proto *hex; /* the dump's first layer, or NULL for captures */
};

/* Read all files and print their packets. argv is for the record of the run. Returns the exit status. */
int read_run(const struct options *o, struct read_options *r, char **argv);

/* Append a comment, on one line: whoever wrote the file may have put anything into it (comment.c). */
void comment_print(struct sonde_text *t, struct sonde_view comment);

/* --- Fields that are left out (omit.c) --------------------------------------------------------------------------- */

/* The first word of --omit that names no field, NAME or PROTOCOL.NAME; *len is how long it is. NULL: all do. */
const char *omit_unknown(const char *omit, size_t *len);
/* Whether a field of a protocol is left out. */
bool omit_has(const char *omit, const char *proto, const char *name);
/* Take the marks off the fields that are left out, so that they are not printed. */
void omit_fields(struct sonde_packet *p, const char *omit);

#endif
