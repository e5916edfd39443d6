#include <inttypes.h>

#include "base/addr.h"
#include "base/escape.h"
#include "packet/list_text.h"
#include "packet/notation_hint.h"
#include "packet/rows.h"

/* The state of reading a list: its text, and the item being built at the end of out. */
struct reader {
	const struct sonde_list *list;
	struct sonde_buf *out;
	size_t start; /* where the item starts in out */
	const char *text, *item; /* the text of the item */
	struct sonde_error *e;
	unsigned depth; /* lists around this one */
};

static int read_list(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e, unsigned depth);

static int fail_at(struct reader *r, int code, const char *s, size_t len, const char *why)
{
	sonde_fail(r->e, code, "'%.*s': %s", (int)(len > 60 ? 60 : len), s, why);
	if (r->e) {
		r->e->column = (int)(s - r->text);
		r->e->length = (int)len;
	}
	return code;
}

static int no_room(struct reader *r, const char *s, size_t len)
{
	return fail_at(r, SONDE_E_SPACE, s, len, "the list grows too long");
}

const char *sonde_list_part_end(const char *s, const char *end, char stop)
{
	bool quoted = false;
	for (unsigned depth = 0; s < end; s++) {
		if (*s == '\\' && s + 1 < end)
			s++;
		else if (*s == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*s == '[')
			depth++;
		else if (*s == ']' && depth)
			depth--;
		else if (*s == stop && depth == 0)
			return s;
	}
	return s;
}

/* Extend the item with zeros to at least n bytes. */
static uint8_t *item_bytes(struct reader *r, size_t n)
{
	size_t have = r->out->len - r->start;
	if (n > have) {
		uint8_t *more = sonde_buf_extend(r->out, n - have);
		if (!more)
			return NULL;
		memset(more, 0, n - have);
	}
	return r->out->data + r->start;
}

/* --- Arguments --------------------------------------------------------------------------------------------------- */

/* The next positional argument from f on: a row that exists, as far as the item is known. */
static const struct sonde_field *next_argument(const struct reader *r, const struct sonde_rows *item,
					       const struct sonde_field *f)
{
	while (f->name && !(sonde_is_argument(r->list, item->fields, f) &&
			    sonde_rows_is_writable(item, (unsigned)(f - item->fields))))
		f++;
	return f;
}

const struct sonde_field *sonde_list_named_row(const struct sonde_field *rows, const char *s, const char *end,
						const char **value)
{
	for (const struct sonde_field *f = rows; f->name; f++) {
		size_t len = strlen(f->name);
		if (f->named && (size_t)(end - s) > len && s[len] == '=' && memcmp(s, f->name, len) == 0) {
			*value = s + len + 1;
			return f;
		}
	}
	return NULL;
}

const char *sonde_list_argument_end(const struct sonde_field *rows, const char *s, const char *end, bool last)
{
	const char *value;
	for (;;) {
		s = sonde_list_part_end(s, end, ':');
		if (s == end || !last || sonde_list_named_row(rows, s + 1, end, &value))
			return s;
		s++;
	}
}

static bool is_last_number(const struct sonde_field *f, const char *s, size_t len)
{
	return f->shape == SONDE_SCALAR && (!f->kind || !f->kind->print) && memchr(s, ':', len);
}

/* Report why the value of a row cannot be read, and which row it is. */
static int refuse(struct reader *r, const struct sonde_row_context *ctx, int err, const char *s, size_t len)
{
	const struct sonde_field *f = ctx->row;
	char why[160];
	struct sonde_text t = sonde_text(why, sizeof why);
	if (err == SONDE_E_SPACE)
		return no_room(r, s, len);
	struct sonde_view bad = sonde_string_bad_escape(s, len);
	if (err == SONDE_E_RANGE) {
		sonde_text_fmt(&t, "out of range (%s has %u bits)", f->name, SONDE_WIDTH(f->place));
		fail_at(r, err, s, len, SONDE_WIDTH(f->place) ? why : "out of range");
		if (f->shape == SONDE_SCALAR && SONDE_WIDTH(f->place) < 64)
			sonde_hint(r->e, "at most %llu", (1ull << SONDE_WIDTH(f->place)) - 1);
		return err;
	}
	if (is_last_number(f, s, len))
		return fail_at(r, err, s, len, "one argument too many");
	bool escape = f->kind && f->kind->expected && strcmp(f->kind->expected, SONDE_NO_ESCAPE) == 0;
	if (escape && bad.len) {
		fail_at(r, err, (const char *)bad.data, bad.len, SONDE_NO_ESCAPE);
		sonde_hint(r->e, "%s", SONDE_ESCAPE_HINT);
		return err;
	}
	sonde_why_no_value(&t, NULL, ctx, s, len);
	sonde_text_fmt(&t, " (%s: %s)", f->name, f->help);
	fail_at(r, err, s, len, why);
	if (memchr(s, ';', len))
		sonde_hint(r->e, "items are joined by ','");
	else
		sonde_hint_value(r->e, NULL, ctx, s, len, sonde_view(s, len));
	return err;
}

static struct sonde_row_context context_of(const struct sonde_rows *item, const struct sonde_field *f)
{
	uint64_t by = 0;
	if (f->names_by) {
		struct sonde_slot s = sonde_locate(item->fields, SONDE_ROW(f->names_by), item->data, item->len);
		by = s.there ? sonde_slot_get(item->data, s) : 0;
	}
	return (struct sonde_row_context){ .row = f, .by = by };
}

/* Read one value of a row of bytes, or a number as its bytes. */
static int read_value(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const struct sonde_field *f = ctx->row;
	uint32_t width = SONDE_WIDTH(f->place);
	size_t start = out->len;
	uint64_t v;
	if (f->shape == SONDE_BYTES) {
		int err = sonde_bytes_parse(out, ctx, s, len);
		return !err && width && (out->len - start) * 8 != width ? SONDE_E_RANGE : err;
	}
	int err = sonde_number_parse(&v, ctx, s, len);
	uint8_t *at = err ? NULL : sonde_buf_extend(out, width / 8);
	if (at)
		sonde_slot_put(at, (struct sonde_slot){ .width = width, .little = SONDE_IS_LITTLE(f->place) }, v);
	return err ? err : at ? 0 : SONDE_E_SPACE;
}

/* Read a whole argument as bytes: values joined by +, a single one, or the items of a list. */
static int read_bytes(struct reader *r, struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s,
		      size_t len)
{
	const struct sonde_field *f = ctx->row;
	const char *end = s + len;
	if (f->shape == SONDE_LIST) {
		if (r->depth == SONDE_LIST_DEPTH)
			return fail_at(r, SONDE_E_SYNTAX, s, len, "too many lists in lists");
		int err = read_list(out, f->list, s, len, r->e, r->depth + 1);
		if (err && r->e)
			r->e->column += (int)(s - r->text);
		return err;
	}
	if (!f->repeat || len == 0) {
		int err = f->repeat ? 0 : read_value(out, ctx, s, len);
		return err ? refuse(r, ctx, err, s, len) : 0;
	}
	for (;;) {
		const char *plus = sonde_list_part_end(s, end, '+');
		int err = read_value(out, ctx, s, (size_t)(plus - s));
		if (err || plus == end)
			return err ? refuse(r, ctx, err, s, (size_t)(plus - s)) : 0;
		s = plus + 1;
	}
}

static bool in_brackets(const char *s, size_t len)
{
	return len >= 2 && *s == '[' && s[len - 1] == ']';
}

/* The value is parsed after the item, then moved to the end of the room, since the item grows by it. */
static int put_argument(struct reader *r, struct sonde_rows *item, const struct sonde_field *f, const char *s,
	size_t len)
{
	const struct sonde_row_context ctx = context_of(item, f);
	if (in_brackets(s, len))
		s++, len -= 2;
	int err;
	if (f->shape == SONDE_SCALAR && !f->repeat) {
		uint64_t v;
		err = sonde_number_parse(&v, &ctx, s, len);
		err = err ? err : sonde_rows_set(item, f->place, v);
	} else {
		uint32_t left = item->room - item->len, room = item->room;
		struct sonde_buf b = { item->data + item->len, 0, left };
		err = read_bytes(r, &b, &ctx, s, len);
		if (err)
			return err;
		if (b.len > left / 2)
			return no_room(r, s, len);
		item->room -= (uint32_t)b.len;
		uint8_t *end = item->data + item->room;
		memmove(end, b.data, b.len);
		err = sonde_rows_set_bytes(item, f->place, sonde_view(end, b.len));
		item->room = room;
	}
	return err ? refuse(r, &ctx, err, s, len) : 0;
}

/* Append :NAME, the placeholder of a value. */
static void add_upper(struct sonde_text *t, const char *name)
{
	sonde_text_char(t, ':');
	for (; *name; name++)
		sonde_text_char(t, (char)(*name >= 'a' && *name <= 'z' ? *name & ~0x20 : *name));
}

/* An item whose first argument is a number needs that argument. */
static int check_missing(struct reader *r, const struct sonde_rows *item, const struct sonde_field *f, const char *end)
{
	char form[60];
	struct sonde_text t = sonde_text(form, sizeof form);
	f = next_argument(r, item, f);
	if (!f->name || f->shape != SONDE_SCALAR || f->repeat || f->optional || f->tail)
		return 0;
	sonde_fail(r->e, SONDE_E_SYNTAX, "':%s' is missing: %s", f->name, f->help);
	if (r->e)
		r->e->column = (int)(end - r->text), r->e->length = 0;
	for (const struct sonde_field *a = f; a->name; a = next_argument(r, item, a + 1))
		add_upper(&t, a->name);
	int len = (int)(end - r->item > 40 ? 40 : end - r->item);
	sonde_hint(r->e, "write %.*s%s", len && r->item[len - 1] == ':' ? len - 1 : len, r->item, form);
	return SONDE_E_SYNTAX;
}

/* Read the arguments from s on (NULL: none); rows that are left out keep their defaults. */
static int put_arguments(struct reader *r, const struct sonde_field *rows, const char *s, const char *end)
{
	struct sonde_rows item = {
		.fields = rows, .deciding = sonde_deciding_rows(rows), .data = r->out->data + r->start,
		.len = (uint32_t)(r->out->len - r->start), .room = (uint32_t)(r->out->cap - r->start),
		.full = SONDE_E_SPACE,
	};
	const struct sonde_field *f = rows;
	int err = sonde_rows_start(&item) ? no_room(r, end, 0) : 0;
	while (!err && s) {
		const char *value = s, *stop;
		const struct sonde_field *row = sonde_list_named_row(rows, s, end, &value);
		if (!row) {
			row = f = next_argument(r, &item, f);
			if (!row->name)
				return fail_at(r, SONDE_E_SYNTAX, s, (size_t)(end - s), "one argument too many");
			f++;
		}
		bool last = !row->named && !next_argument(r, &item, f)->name;
		stop = sonde_list_argument_end(rows, value, end, last);
		err = put_argument(r, &item, row, value, (size_t)(stop - value));
		s = stop < end ? stop + 1 : NULL;
	}
	if (!err && f == rows)
		err = check_missing(r, &item, f, end);
	r->out->len = r->start + item.len;
	return err;
}

/* --- Items ------------------------------------------------------------------------------------------------------- */

static int put_hex(struct reader *r, size_t at, const char *s, size_t len)
{
	if (!item_bytes(r, at))
		return no_room(r, s, len);
	int err = sonde_hex_parse(r->out, s, len);
	if (err == SONDE_E_SPACE)
		return no_room(r, s, len);
	return err ? fail_at(r, err, s, len, "not an even number of hex digits") : 0;
}

/* Read an item without described arguments: hex digits for its bytes other than kind and length. */
static int put_raw_body(struct reader *r, const char *s, const char *end)
{
	const struct sonde_list *list = r->list;
	size_t start = r->out->len;
	int err = s ? sonde_hex_parse(r->out, s, (size_t)(end - s)) : 0;
	if (err)
		return fail_at(r, err, s, (size_t)(end - s), "not an even number of hex digits, or too many");
	/* Insert room for the kind and the length, in the order of their places. They may share a byte. */
	sonde_place places[2] = { list->kind, list->length };
	bool swap = SONDE_FIRST(list->length) < SONDE_FIRST(list->kind);
	size_t behind = start;
	for (unsigned i = 0; i < 2; i++) {
		sonde_place place = places[swap ? 1 - i : i];
		size_t first = start + SONDE_FIRST(place) / 8, at = first > behind ? first : behind;
		behind = start + (SONDE_END(place) + 7) / 8;
		size_t n = behind > at ? behind - at : 0;
		if (at > r->out->len)
			return fail_at(r, SONDE_E_SYNTAX, s ? s : r->text, s ? (size_t)(end - s) : 0, "too few bytes");
		if (!sonde_buf_extend(r->out, n))
			return no_room(r, s ? s : r->text, s ? (size_t)(end - s) : 0);
		memmove(r->out->data + at + n, r->out->data + at, r->out->len - at - n);
		memset(r->out->data + at, 0, n);
	}
	return 0;
}

/* Write the length of the item, in its unit. */
static int put_length(struct reader *r, const uint64_t *given, size_t len)
{
	const struct sonde_list *list = r->list;
	size_t unit = list->length_unit ? list->length_unit : 1;
	uint8_t *item = r->out->data + r->start;
	struct sonde_slot s = { SONDE_FIRST(list->length), SONDE_WIDTH(list->length), true, true,
				SONDE_IS_LITTLE(list->length) };
	size_t less = (size_t)list->length_excludes;
	if (list->length_row) {
		s = sonde_locate(list->items->fields, SONDE_ROW(list->length_row), item, len);
		less = (s.first + s.width) / 8;
	}
	uint64_t n = given ? *given : (len - less) / unit;
	if (s.width && s.width < 64 && n >> s.width)
		return SONDE_E_RANGE;
	if (s.width)
		sonde_slot_put(item, s, n);
	return 0;
}

/* Report the largest length that an item of this table can have. */
static int too_long(struct reader *r, const char *s, size_t len)
{
	const struct sonde_list *list = r->list;
	sonde_place place = list->length_row ? list->length_row : list->length;
	char why[64];
	struct sonde_text t = sonde_text(why, sizeof why);
	sonde_text_fmt(&t, "its length is at most %" PRIu64, sonde_place_max(place));
	return fail_at(r, SONDE_E_RANGE, s, len, why);
}

/* Write the length (after padding the item to its unit), and pad the item. given: the length in the text, or NULL. */
static int close_item(struct reader *r, const uint64_t *given, const char *s, size_t len, bool last)
{
	const struct sonde_list *list = r->list;
	size_t have = r->out->len - r->start, unit = list->length_unit ? list->length_unit : 1;
	size_t align = list->align && !(last && list->last_unpadded) ? list->align : 1;
	if (!given && unit > 1 && !item_bytes(r, have = (have + unit - 1) / unit * unit))
		return no_room(r, s, len);
	if (put_length(r, given, have))
		return too_long(r, s, len);
	if (!given && !item_bytes(r, (have + align - 1) / align * align))
		return no_room(r, s, len);
	return 0;
}

static int unknown_item(struct reader *r, const char *s, size_t len)
{
	fail_at(r, SONDE_E_UNKNOWN, s, len, "no such item");
	sonde_hint_item(r->e, r->list, s, len);
	return SONDE_E_UNKNOWN;
}

/* The parts of NAME|KIND [.LEN] [:arguments]. */
struct item_text {
	const char *s, *name_end, *args, *end; /* args: NULL without any */
	const struct sonde_item *item;         /* or NULL */
	uint64_t kind, len;
	bool has_length; /* .LEN is given */
};

static int take_apart(struct reader *r, struct item_text *t)
{
	const char *colon = memchr(t->s, ':', (size_t)(t->end - t->s));
	const char *head_end = colon ? colon : t->end;
	const char *dot = memchr(t->s, '.', (size_t)(head_end - t->s));
	t->args = colon ? colon + 1 : NULL;
	t->name_end = dot ? dot : head_end;
	t->has_length = dot != NULL;
	size_t name_len = (size_t)(t->name_end - t->s);
	t->item = sonde_item_by_name(r->list, t->s, name_len);
	if (t->item)
		t->kind = t->item->kind;
	else if (sonde_uint_parse(&t->kind, t->s, name_len))
		return unknown_item(r, t->s, name_len);
	if (t->kind >> SONDE_WIDTH(r->list->kind)) {
		fail_at(r, SONDE_E_RANGE, t->s, name_len, "no kind is that large");
		sonde_hint(r->e, "bytes that are no item are hex:0a0b");
		return SONDE_E_RANGE;
	}
	if (dot && sonde_uint_parse(&t->len, dot + 1, (size_t)(head_end - dot - 1)))
		return fail_at(r, SONDE_E_SYNTAX, dot, (size_t)(head_end - dot), "a length expected after '.'");
	return 0;
}

static int put_body(struct reader *r, const struct item_text *t)
{
	const struct sonde_list *list = r->list;
	size_t len = (size_t)(t->end - t->s);
	if (!t->item || t->has_length)
		return put_raw_body(r, t->args, t->end);
	if (!item_bytes(r, list->head))
		return no_room(r, t->s, len);
	/* Rows may hold some bits of the kind; the table gives the others. */
	sonde_put(r->out->data + r->start, list->kind, t->kind);
	if (t->item->fields)
		return put_arguments(r, t->item->fields, t->args, t->end);
	return t->args ? put_hex(r, list->head, t->args, (size_t)(t->end - t->args)) : 0;
}

static int read_kind_item(struct reader *r, const char *s, const char *end, bool last)
{
	const struct sonde_list *list = r->list;
	struct item_text t = { .s = s, .end = end };
	int err = take_apart(r, &t);
	if (err)
		return err;
	bool single = (t.kind < list->n_singles || (list->has_end && t.kind == list->end)) && !t.has_length && !t.args;
	if (single) {
		uint8_t *one = item_bytes(r, 1);
		if (one)
			sonde_put(one, list->kind, t.kind);
		return one ? 0 : no_room(r, s, (size_t)(end - s));
	}
	err = put_body(r, &t);
	if (err)
		return err;
	if (!t.item || t.has_length)
		sonde_put(r->out->data + r->start, list->kind, t.kind);
	return close_item(r, t.has_length ? &t.len : NULL, s, (size_t)(end - s), last);
}

static int read_item(struct reader *r, const char *s, const char *end, bool last)
{
	static const char hex[] = "hex:";
	size_t hex_len = sizeof hex - 1;
	r->start = r->out->len;
	r->item = s;
	if ((size_t)(end - s) >= hex_len && memcmp(s, hex, hex_len) == 0)
		return put_hex(r, 0, s + hex_len, (size_t)(end - s) - hex_len);
	if (s == end)
		return fail_at(r, SONDE_E_SYNTAX, s, 0, "an item expected");
	if (SONDE_WIDTH(r->list->kind))
		return read_kind_item(r, s, end, last);
	if (!item_bytes(r, r->list->head))
		return no_room(r, s, (size_t)(end - s));
	int err = put_arguments(r, r->list->items->fields, s, end);
	return err ? err : close_item(r, NULL, s, (size_t)(end - s), last);
}

static int read_list(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e, unsigned depth)
{
	struct reader r = { .list = list, .out = out, .text = s, .e = e, .depth = depth };
	for (const char *end = s + len; len;) {
		const char *comma = sonde_list_part_end(s, end, ',');
		int err = read_item(&r, s, comma, comma == end);
		if (err || comma == end)
			return err;
		s = comma + 1;
	}
	return 0;
}

int sonde_list_parse(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e)
{
	return read_list(out, list, s, len, e, 0);
}
