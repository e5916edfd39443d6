/* The fields of a flow: name, type, where it is, what it means. JSON, CSV, sorting, choosing and the table of the man
 * page come from here. */
#ifndef SONDE_TOOLS_FLOWS_COLUMNS_H
#define SONDE_TOOLS_FLOWS_COLUMNS_H

#include "tools/common/columns.h"

struct flow_row;

extern const struct column_table flows_table;
/* All of them; the last has no name. */
extern const struct column columns[];

/* NULL: there is none of that name. */
const struct column *column_to_sort_by(const char *name);
const struct column *column_by_name(const char *name, size_t len);
void column_get(struct column_value *v, const struct column *c, const struct flow_row *row);
/* The value as text; "" for none. Returns out. */
char *column_format(char out[static COLUMN_STRLEN], const struct column *c, const struct flow_row *row);

#endif
