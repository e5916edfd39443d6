/* Tables that people read: columns as wide as what stands in them; where the terminal is narrow, the least needed are
 * left out. */
#ifndef SONDE_TOOLS_COMMON_TABLE_H
#define SONDE_TOOLS_COMMON_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define TABLE_CELLS  16
#define TABLE_STRLEN 288 /* bytes of a cell */

struct table_head {
	const char *text;
	bool right;    /* numbers: aligned on the right */
	unsigned rank; /* those with the highest are left out first; 0: never */
};

struct table_row {
	char text[TABLE_CELLS][TABLE_STRLEN];
};

struct table {
	const struct table_head *heads;
	unsigned n;
	size_t widths[TABLE_CELLS];
	unsigned rank; /* of the least needed column that fits */
};

/* Begin with the heads alone; then give rows to measure, and say how wide the terminal is (0: no limit). */
void table_begin(struct table *t, const struct table_head *heads, unsigned n);
void table_measure(struct table *t, const struct table_row *row);
void table_fit(struct table *t, int width);

#define TABLE_LINE 2048 /* bytes; what is longer is cut */
/* A row as a line; NULL: the heads. Returns out. */
char *table_line(char out[static TABLE_LINE], const struct table *t, const struct table_row *row);

#endif
