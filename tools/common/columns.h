/* Tables of fields: name, type, where the value is, what it means. JSON, CSV, sorting and choosing of a command's rows
 * come from one such table. */
#ifndef SONDE_TOOLS_COMMON_COLUMNS_H
#define SONDE_TOOLS_COMMON_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"
#include "tools/common/json.h"

enum column_type {
	COLUMN_TEXT,
	COLUMN_UINT,
	COLUMN_TIME,     /* seconds with nine decimals, as text: since 1970, or of a duration */
	COLUMN_NS,       /* a duration in ns */
	COLUMN_ADDR,
	COLUMN_END,      /* an address and a port */
	COLUMN_BOOL,
};

struct column_value {
	bool none;    /* not known, or not of this kind of row */
	uint64_t n;   /* COLUMN_UINT, COLUMN_BOOL */
	sonde_time t; /* COLUMN_TIME, COLUMN_NS */
	const char *text;
	const struct sonde_addr *addr;
	const struct sonde_endpoint *end; /* one with port 0 has none */
	char room[64];
};

struct column {
	const char *name;
	enum column_type type;
	uint8_t width;      /* bytes of the number in the row; 0: get reads it */
	bool tcp;           /* of TCP only */
	size_t offset;      /* of the number in the row */
	void (*get)(struct column_value *v, const void *row);
	const char *help;
};

/* A name that stands for two fields: either of them. */
struct column_pair {
	const char *name, *first, *second;
};

/* What a command's rows have. */
struct column_table {
	const struct column *columns; /* the last has no name */
	bool (*is_tcp)(const void *row);
	struct column_pair pairs[3]; /* the last has no name */
};

/* NULL: there is none of that name. */
const struct column *columns_find(const struct column_table *t, const char *name, size_t len);
void columns_get(struct column_value *v, const struct column_table *t, const struct column *c, const void *row);

#define COLUMN_STRLEN 128
/* The value as text; "" for none. Returns out. */
char *column_value_format(char out[static COLUMN_STRLEN], const struct column *c, const struct column_value *v);

/* All fields of a row that it has, as members of the object that is open. */
void columns_json(struct json *j, const struct column_table *t, const void *row);
/* The names, and a row, as lines of CSV on standard output. */
void columns_csv_names(const struct column_table *t);
void columns_csv(const struct column_table *t, const void *row);

#endif
