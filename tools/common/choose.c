#include "tools/common/choose.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "tools/common/columns.h"
#include "tools/common/options.h"

/* --- Members of a set --------------------------------------------------------------------------------------------- */

/* A number, a duration where the column has one, or a service where it has a port. */
static bool parse_number(uint64_t *out, const struct column *c, const char *s, size_t len)
{
	sonde_time t;
	bool timed = c->type == COLUMN_TIME || c->type == COLUMN_NS;
	if (timed && sonde_duration_parse(&t, s, len) == 0) {
		*out = (uint64_t)t;
		return true;
	}
	return !timed && sonde_uint_parse(out, s, len) == 0;
}

/* FROM-TO, FROM-, -TO or one number. */
static bool parse_range(uint64_t *from, uint64_t *to, const struct column *c, const char *s, size_t len)
{
	const char *dash = memchr(s, '-', len);
	size_t before = dash ? (size_t)(dash - s) : len, behind = dash ? len - before - 1 : 0;
	*from = 0;
	*to = UINT64_MAX;
	if (before && !parse_number(from, c, s, before))
		return false;
	if (!dash) {
		*to = *from;
		return before > 0;
	}
	return (before || behind) && (!behind || parse_number(to, c, dash + 1, behind));
}

static bool number_in(const struct column *c, const struct column_value *v, const char *s, size_t len)
{
	uint64_t from, to, n = c->type == COLUMN_TIME || c->type == COLUMN_NS ? (uint64_t)v->t : v->n;
	return parse_range(&from, &to, c, s, len) && n >= from && n <= to;
}

/* An address, a prefix, or an address and a port, as 10.0.0.1:80 and [fd00::1]:80. */
struct place {
	struct sonde_prefix prefix;
	bool has_port;
	uint64_t port;
};

static bool parse_place(struct place *out, const char *s, size_t len)
{
	*out = (struct place){ 0 };
	if (sonde_prefix_parse(&out->prefix, s, len) == 0)
		return true;
	const char *colon = memrchr(s, ':', len);
	size_t before = colon ? (size_t)(colon - s) : 0;
	bool bracketed = before > 2 && *s == '[' && s[before - 1] == ']';
	out->has_port = true;
	if (!colon || sonde_uint_parse(&out->port, colon + 1, len - before - 1) || out->port > UINT16_MAX)
		return false;
	return (bracketed ? sonde_prefix_parse(&out->prefix, s + 1, before - 2)
			  : sonde_prefix_parse(&out->prefix, s, before)) == 0;
}

static bool end_in(const struct column_value *v, const char *s, size_t len)
{
	struct place p;
	return parse_place(&p, s, len) && sonde_prefix_has(&p.prefix, &v->end->addr) &&
	       (!p.has_port || p.port == v->end->port);
}

static bool addr_in(const struct column_value *v, const char *s, size_t len)
{
	struct sonde_prefix p;
	return sonde_prefix_parse(&p, s, len) == 0 && sonde_prefix_has(&p, v->addr);
}

static bool text_in(const char *text, const char *s, size_t len)
{
	return strlen(text) == len && strncasecmp(text, s, len) == 0;
}

static bool is_in(const struct column *c, const struct column_value *v, const char *s, size_t len)
{
	switch (c->type) {
	case COLUMN_TEXT: return text_in(v->text, s, len);
	case COLUMN_ADDR: return addr_in(v, s, len);
	case COLUMN_END: return end_in(v, s, len);
	case COLUMN_BOOL: return text_in(v->n ? "true" : "false", s, len);
	default: return number_in(c, v, s, len);
	}
}

/* --- Words -------------------------------------------------------------------------------------------------------- */

static bool name_is(const char *arg, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(arg, name, len) == 0;
}

/* The columns that a name stands for. Returns whether there are any. */
static bool find_columns(struct choice *out, const struct column_table *t, const char *arg, size_t len)
{
	*out = (struct choice){ .set = arg + len + 1 };
	for (const struct column_pair *p = t->pairs; p->name; p++) {
		if (!name_is(arg, len, p->name))
			continue;
		out->columns[0] = columns_find(t, p->first, strlen(p->first));
		out->columns[1] = columns_find(t, p->second, strlen(p->second));
		return true;
	}
	out->columns[0] = columns_find(t, arg, len);
	return out->columns[0];
}

/* A wrong member of the set, or NULL; *len is how long it is. */
static const char *wrong_member(const struct choice *c, size_t *len)
{
	const struct column *column = c->columns[0];
	for (const char *at = c->set;; at += *len + 1) {
		uint64_t from, to;
		struct place p;
		*len = strcspn(at, ",");
		bool good = *len > 0;
		if (column->type == COLUMN_ADDR)
			good = sonde_prefix_parse(&p.prefix, at, *len) == 0;
		else if (column->type == COLUMN_END)
			good = parse_place(&p, at, *len);
		else if (column->type == COLUMN_BOOL)
			good = text_in("true", at, *len) || text_in("false", at, *len);
		else if (column->type != COLUMN_TEXT)
			good = parse_range(&from, &to, column, at, *len) && from <= to;
		if (!good)
			return at;
		if (!at[*len])
			return NULL;
	}
}

bool choices_are(const char *arg)
{
	size_t len = strspn(arg, "abcdefghijklmnopqrstuvwxyz_");
	return len && arg[len] == '=';
}

static const char *what_fits(const struct column *c)
{
	switch (c->type) {
	case COLUMN_ADDR: return "an address or a prefix, 10.0.0.0/8";
	case COLUMN_END: return "an address, a prefix, or an address and a port, 10.0.0.1:80";
	case COLUMN_BOOL: return "true or false";
	case COLUMN_TEXT: return "a word";
	case COLUMN_TIME:
	case COLUMN_NS: return "a duration or a range of them, 100ms-";
	default: return "a number or a range, 1-1023";
	}
}

int choices_add(struct choices *c, const struct column_table *t, const char *arg)
{
	size_t len = strcspn(arg, "="), wrong_len;
	if (c->n == CHOICES_MAX)
		return option_bad("more than %d FIELD=SET words", CHOICES_MAX);
	struct choice *choice = &c->all[c->n];
	if (!find_columns(choice, t, arg, len)) {
		struct sonde_nearest near = { .name = arg, .len = len };
		for (const struct column *column = t->columns; column->name; column++)
			sonde_nearest_offer(&near, column->name);
		return option_bad("%s: no field '%.*s'%s%s%s (for a file: ./%s)", arg, (int)len, arg,
				  near.best ? "; did you mean " : "", near.best ? near.best : "",
				  near.best ? "?" : "", arg);
	}
	const char *wrong = wrong_member(choice, &wrong_len);
	if (wrong)
		return option_bad("%s: '%.*s' is not %s", arg, (int)wrong_len, wrong, what_fits(choice->columns[0]));
	c->n++;
	return 0;
}

static bool takes(const struct choice *c, const struct column_table *t, const void *row)
{
	for (unsigned i = 0; i < 2 && c->columns[i]; i++) {
		struct column_value v;
		columns_get(&v, t, c->columns[i], row);
		for (const char *at = c->set; !v.none;) {
			size_t len = strcspn(at, ",");
			if (is_in(c->columns[i], &v, at, len))
				return true;
			if (!at[len])
				break;
			at += len + 1;
		}
	}
	return false;
}

bool choices_take(const struct choices *c, const struct column_table *t, const void *row)
{
	for (unsigned i = 0; i < c->n; i++)
		if (!takes(&c->all[i], t, row))
			return false;
	return true;
}
