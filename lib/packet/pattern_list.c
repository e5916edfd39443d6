#include "packet/pattern_list.h"

#include "packet/list_text.h"
#include "proto/layout.h"

#define MOST_BYTES 2048 /* of a value or an item that is compared as bytes */

/* An item as the text asks for it. */
struct wanted {
	const struct sonde_list *list;
	const char *s, *end;           /* the whole of it */
	const char *args;              /* behind the first colon; NULL: none are given */
	const struct sonde_field *rows; /* NULL: it is compared as bytes */
	uint64_t kind;
	bool any_kind;                 /* the list has none */
	unsigned depth;
};

static bool list_has(const struct sonde_list *list, struct sonde_view bytes, struct sonde_view text, unsigned depth);

/* --- One value --------------------------------------------------------------------------------------------------- */

/* Read N, N-M, N- or -M. */
static bool read_range(uint64_t *first, uint64_t *last, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	*first = 0, *last = UINT64_MAX;
	if (sonde_number_parse(first, ctx, s, len) == 0) {
		*last = *first;
		return true;
	}
	for (const char *dash = s; (dash = memchr(dash, '-', (size_t)(s + len - dash))) != NULL; dash++) {
		size_t head = (size_t)(dash - s), rest = len - head - 1;
		if ((head || rest) && (head == 0 || sonde_number_parse(first, ctx, s, head) == 0) &&
		    (rest == 0 || sonde_number_parse(last, ctx, dash + 1, rest) == 0))
			return true;
	}
	return false;
}

static bool bytes_are(const struct sonde_row_context *ctx, struct sonde_view is, const char *s, size_t len)
{
	uint8_t room[MOST_BYTES];
	struct sonde_buf b = { room, 0, sizeof room };
	return sonde_bytes_parse(&b, ctx, s, len) == 0 && sonde_view_equal(sonde_view(room, b.len), is);
}

/* One value of a row, the whole of it or one of an array. */
static bool value_is(const struct sonde_row_context *ctx, struct sonde_slot slot, const uint8_t *item, const char *s,
		     size_t len)
{
	uint64_t first, last;
	if (ctx->row->shape == SONDE_BYTES)
		return slot.first % 8 == 0 && bytes_are(ctx, sonde_slot_view(item, slot), s, len);
	if (!read_range(&first, &last, ctx, s, len))
		return false;
	uint64_t v = sonde_slot_get(item, slot);
	return v >= first && v <= last;
}

/* The values of an array, joined by plus signs in the text. */
static bool values_are(const struct sonde_row_context *ctx, struct sonde_slot slot, const uint8_t *item, const char *s,
		       size_t len)
{
	uint32_t width = SONDE_WIDTH(ctx->row->place), end = slot.first + slot.width;
	struct sonde_slot one = slot;
	if (!width)
		return bytes_are(ctx, sonde_slot_view(item, slot), s, len);
	one.width = width;
	for (const char *stop = s + len;; s++, one.first += width) {
		const char *plus = sonde_list_part_end(s, stop, '+');
		if (one.first + width > end || !value_is(ctx, one, item, s, (size_t)(plus - s)))
			return false;
		if (plus == stop)
			return one.first + width == end;
		s = plus;
	}
}

/* --- One item ---------------------------------------------------------------------------------------------------- */

static const struct sonde_field *next_argument(const struct sonde_list *list, const struct sonde_field *rows,
					       const struct sonde_field *f, const struct sonde_slot *slots)
{
	while (f->name && !(sonde_is_argument(list, rows, f) && slots[f - rows].there))
		f++;
	return f;
}

static bool argument_matches(const struct wanted *w, const struct sonde_field *row, const struct sonde_slot *slots,
			     const uint8_t *item, const char *s, size_t len)
{
	struct sonde_slot slot = slots[row - w->rows];
	struct sonde_row_context ctx = { .row = row };
	if (len >= 2 && *s == '[' && s[len - 1] == ']')
		s++, len -= 2;
	if (len == 0)
		return true;
	if (!slot.there)
		return false;
	if (row->names_by)
		ctx.by = sonde_slot_get(item, slots[SONDE_ROW(row->names_by)]);
	if (row->shape == SONDE_LIST)
		return w->depth < SONDE_LIST_DEPTH &&
		       list_has(row->list, sonde_slot_view(item, slot), sonde_view(s, len), w->depth + 1);
	return row->repeat ? values_are(&ctx, slot, item, s, len) : value_is(&ctx, slot, item, s, len);
}

static bool arguments_match(const struct wanted *w, const struct sonde_list_item *item)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	const struct sonde_field *f = w->rows;
	sonde_layout(slots, w->rows, item->bytes.data, item->len);
	for (const char *s = w->args; s && s <= w->end;) {
		const char *value = s;
		const struct sonde_field *row = sonde_list_named_row(w->rows, s, w->end, &value);
		if (!row) {
			row = f = next_argument(w->list, w->rows, f, slots);
			if (!row->name)
				return false;
			f++;
		}
		bool last = !row->named && !next_argument(w->list, w->rows, f, slots)->name;
		const char *stop = sonde_list_argument_end(w->rows, value, w->end, last);
		if (!argument_matches(w, row, slots, item->bytes.data, value, (size_t)(stop - value)))
			return false;
		s = stop + 1;
	}
	return true;
}

/* hex:..., KIND.LEN:HEX, and kinds whose arguments are not described. */
static bool item_is(const struct wanted *w, const struct sonde_list_item *item)
{
	uint8_t room[MOST_BYTES];
	struct sonde_buf b = { room, 0, sizeof room };
	if (!w->args && item->number == w->kind)
		return true;
	return sonde_list_parse(&b, w->list, w->s, (size_t)(w->end - w->s), NULL) == 0 && b.len >= item->len &&
	       b.len <= item->bytes.len && memcmp(room, item->bytes.data, b.len) == 0;
}

static bool item_matches(const struct wanted *w, const struct sonde_list_item *item)
{
	if (!w->rows)
		return item_is(w, item);
	return !item->broken && (w->any_kind || item->number == w->kind) && arguments_match(w, item);
}

/* Returns 0, or SONDE_E_UNKNOWN for a name that the list does not have. */
static int read_wanted(struct wanted *w, const struct sonde_list *list, const char *s, const char *end, unsigned depth)
{
	const char *colon = memchr(s, ':', (size_t)(end - s)), *head = colon ? colon : end;
	*w = (struct wanted){ .list = list, .s = s, .end = end, .args = colon ? colon + 1 : NULL, .depth = depth };
	if (!SONDE_WIDTH(list->kind)) {
		w->any_kind = true;
		w->args = s;
		w->rows = list->items->fields;
		return 0;
	}
	const struct sonde_item *item = sonde_item_by_name(list, s, (size_t)(head - s));
	bool raw = memchr(s, '.', (size_t)(head - s)) != NULL || (head - s == 3 && memcmp(s, "hex", 3) == 0);
	if (item) {
		w->kind = item->kind;
		w->rows = item->fields;
	} else if (!raw && sonde_uint_parse(&w->kind, s, (size_t)(head - s))) {
		return SONDE_E_UNKNOWN;
	}
	if (raw)
		w->rows = NULL, w->kind = UINT64_MAX;
	return 0;
}

/* --- The list ---------------------------------------------------------------------------------------------------- */

static bool list_has(const struct sonde_list *list, struct sonde_view bytes, struct sonde_view text, unsigned depth)
{
	const char *s = (const char *)text.data, *end = s + text.len;
	size_t at = 0;
	while (s < end) {
		struct sonde_list_item item;
		struct wanted w;
		const char *comma = sonde_list_part_end(s, end, ',');
		if (read_wanted(&w, list, s, comma, depth))
			return false;
		do {
			if (!sonde_list_next(&item, list, bytes, &at))
				return false;
		} while (!item_matches(&w, &item));
		s = comma + 1;
	}
	return true;
}

bool sonde_list_has(const struct sonde_list *list, struct sonde_view bytes, struct sonde_view text)
{
	return list_has(list, bytes, text, 0);
}

/* Whether some row of the item can have the value. */
static bool is_argument_of_any(const struct wanted *w, const char *s, size_t len)
{
	uint8_t room[MOST_BYTES];
	for (const struct sonde_field *f = w->rows; f->name; f++) {
		const struct sonde_row_context ctx = { .row = f };
		struct sonde_buf b = { room, 0, sizeof room };
		uint64_t first, last;
		if (!sonde_is_argument(w->list, w->rows, f))
			continue;
		if (f->shape == SONDE_LIST || f->repeat || f->names_by ||
		    (f->shape == SONDE_SCALAR ? read_range(&first, &last, &ctx, s, len)
					      : sonde_bytes_parse(&b, &ctx, s, len) == 0))
			return true;
	}
	return false;
}

static int check_item(const struct wanted *w, const char *text, struct sonde_error *e)
{
	uint8_t room[MOST_BYTES];
	struct sonde_buf b = { room, 0, sizeof room };
	const char *value;
	if (!w->rows)
		return w->args ? sonde_list_parse(&b, w->list, w->s, (size_t)(w->end - w->s), e) : 0;
	for (const char *s = w->args; s && s < w->end;) {
		const char *stop = sonde_list_part_end(s, w->end, ':');
		size_t len = (size_t)(stop - s);
		if (len && *s != '[' && !sonde_list_named_row(w->rows, s, w->end, &value) &&
		    !is_argument_of_any(w, s, len)) {
			sonde_fail(e, SONDE_E_SYNTAX, "'%.*s': neither a value nor a range", (int)len, s);
			if (e)
				e->column = (int)(s - text), e->length = (int)len;
			return SONDE_E_SYNTAX;
		}
		s = stop + 1;
	}
	return 0;
}

int sonde_list_pattern_check(const struct sonde_list *list, struct sonde_view text, struct sonde_error *e)
{
	const char *all = (const char *)text.data, *end = all + text.len;
	for (const char *s = all; s < end;) {
		struct wanted w;
		const char *comma = sonde_list_part_end(s, end, ',');
		int err = read_wanted(&w, list, s, comma, 0);
		if (err) {
			sonde_fail(e, err, "'%.*s': no such item", (int)(comma - s), s);
			if (e)
				e->column = (int)(s - all), e->length = (int)(comma - s);
			return err;
		}
		err = check_item(&w, all, e);
		if (err)
			return err;
		s = comma + 1;
	}
	return 0;
}
