/* The fields of a flow: name, type, where it is, what it means. JSON, CSV, sorting, choosing and the table of the man
 * page come from here. */
#ifndef SONDE_TOOLS_FLOWS_COLUMNS_H
#define SONDE_TOOLS_FLOWS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"

struct flow_row;

enum column_type {
	COLUMN_TEXT,
	COLUMN_UINT,
	COLUMN_TIME,     /* seconds with nine decimals, as text: since 1970, or of a duration */
	COLUMN_NS,       /* a duration in ns */
	COLUMN_ADDR,
	COLUMN_BOOL,
};

struct column_value {
	bool none;    /* not known, or not of this kind of flow */
	uint64_t n;   /* COLUMN_UINT, COLUMN_BOOL */
	sonde_time t; /* COLUMN_TIME, COLUMN_NS */
	const char *text;
	const struct sonde_addr *addr;
	char room[24];
};

struct column {
	const char *name;
	enum column_type type;
	uint8_t width;      /* bytes of the number in the report; 0: get reads it */
	bool tcp;           /* of TCP flows only */
	size_t offset;      /* of the number */
	void (*get)(struct column_value *v, const struct flow_row *row);
	const char *help;
};

/* All of them; the last has no name. */
extern const struct column columns[];

/* NULL: there is none of that name. */
const struct column *column_by_name(const char *name, size_t len);
void column_get(struct column_value *v, const struct column *c, const struct flow_row *row);

#define COLUMN_STRLEN 128
/* The value as text; "" for none. Returns out. */
char *column_format(char out[static COLUMN_STRLEN], const struct column *c, const struct flow_row *row);

#endif
