/* sonde read -T: chosen fields, a packet a line, between tabs. */
#ifndef SONDE_TOOLS_READ_COLUMNS_H
#define SONDE_TOOLS_READ_COLUMNS_H

#include <stdbool.h>

#include "packet/field.h"

#define COLUMNS_MOST 64

struct printer;
struct print_frame;

/* What a frame has besides its bytes. */
enum column_of_frame {
	COLUMN_FIELD, /* none of these: a field of a protocol */
	COLUMN_NUMBER, COLUMN_TIME, COLUMN_RELATIVE, COLUMN_DELTA, COLUMN_WIRE, COLUMN_CAPLEN, COLUMN_IFACE, COLUMN_DIR,
	COLUMN_LINK, COLUMN_COMMENT, COLUMN_PROTOCOLS, COLUMN_N,
};

struct columns {
	unsigned n; /* 0: no -T was given */
	struct {
		enum column_of_frame frame;
		struct sonde_field_ref field; /* its first layer, */
		bool one;                     /* and no other */
	} of[COLUMNS_MOST];
};

/* Read FIELD,FIELD,... and add them. Returns 0 or what option_bad returned. */
int columns_parse(struct columns *c, const char *arg);

int print_columns(struct printer *p, const struct print_frame *f);

#endif
