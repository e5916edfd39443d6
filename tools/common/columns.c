#include "tools/common/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- Values ------------------------------------------------------------------------------------------------------- */

const struct column *columns_find(const struct column_table *t, const char *name, size_t len)
{
	for (const struct column *c = t->columns; c->name; c++)
		if (strlen(c->name) == len && memcmp(c->name, name, len) == 0)
			return c;
	return NULL;
}

static uint64_t number_at(const void *at, unsigned width)
{
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	switch (width) {
	case 1: return *(const uint8_t *)at;
	case 2: memcpy(&two, at, 2); return two;
	case 4: memcpy(&four, at, 4); return four;
	default: memcpy(&eight, at, 8); return eight;
	}
}

void columns_get(struct column_value *v, const struct column_table *t, const struct column *c, const void *row)
{
	v->none = c->tcp && !t->is_tcp(row);
	if (v->none)
		return;
	if (c->get) {
		c->get(v, row);
		return;
	}
	v->n = number_at((const uint8_t *)row + c->offset, c->width);
	v->t = (sonde_time)v->n;
	if (c->type == COLUMN_NS)
		v->none = v->t < 0;
}

char *column_value_format(char out[static COLUMN_STRLEN], const struct column *c, const struct column_value *v)
{
	*out = 0;
	if (v->none)
		return out;
	switch (c->type) {
	case COLUMN_TEXT: snprintf(out, COLUMN_STRLEN, "%s", v->text); break;
	case COLUMN_UINT: snprintf(out, COLUMN_STRLEN, "%" PRIu64, v->n); break;
	case COLUMN_TIME: sonde_time_format(out, v->t); break;
	case COLUMN_NS: snprintf(out, COLUMN_STRLEN, "%" PRId64, v->t); break;
	case COLUMN_ADDR: sonde_addr_format(out, v->addr); break;
	case COLUMN_END:
		v->end->port ? sonde_endpoint_format(out, v->end) : sonde_addr_format(out, &v->end->addr);
		break;
	case COLUMN_BOOL: snprintf(out, COLUMN_STRLEN, "%s", v->n ? "true" : "false"); break;
	}
	return out;
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void put_value(struct json *j, const struct column *c, const struct column_value *v)
{
	char text[COLUMN_STRLEN];
	if (v->none)
		return;
	switch (c->type) {
	case COLUMN_TEXT: json_str(j, c->name, v->text); break;
	case COLUMN_UINT: json_uint(j, c->name, v->n); break;
	case COLUMN_NS: json_int(j, c->name, v->t); break;
	case COLUMN_BOOL: json_bool(j, c->name, v->n); break;
	default: json_str(j, c->name, column_value_format(text, c, v)); break;
	}
}

void columns_json(struct json *j, const struct column_table *t, const void *row)
{
	for (const struct column *c = t->columns; c->name; c++) {
		struct column_value v;
		columns_get(&v, t, c, row);
		put_value(j, c, &v);
	}
}

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

void columns_csv_names(const struct column_table *t)
{
	for (const struct column *c = t->columns; c->name; c++)
		printf("%s%s", c == t->columns ? "" : ",", c->name);
	putchar('\n');
}

/* Quotes within are doubled (RFC 4180, 2). */
static void put_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

void columns_csv(const struct column_table *t, const void *row)
{
	for (const struct column *c = t->columns; c->name; c++) {
		char text[COLUMN_STRLEN];
		struct column_value v;
		columns_get(&v, t, c, row);
		column_value_format(text, c, &v);
		if (c != t->columns)
			putchar(',');
		if (strpbrk(text, ",\"\n"))
			put_quoted(text);
		else
			fputs(text, stdout);
	}
	putchar('\n');
}
