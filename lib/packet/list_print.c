#include "packet/layout.h"
#include "packet/list.h"
#include "packet/list_text.h"
#include "packet/value.h"

/* An item as large as a length of 16 bits allows, filled up. */
#define MAX_ITEM (65535 + 8)

static void print_number(struct sonde_text *t, const struct sonde_field *f, const uint8_t *item, struct sonde_slot s)
{
	if (f->shape == SONDE_BYTES)
		sonde_bytes_print(t, f, sonde_slot_view(item, s));
	else
		sonde_value_print(t, f, sonde_slot_get(item, s), 0);
}

/* The values of a repeated row, joined by +. */
static void print_repeated(struct sonde_text *t, const struct sonde_field *f, const uint8_t *item, struct sonde_slot s)
{
	uint32_t width = SONDE_WIDTH(f->place), end = s.first + s.width;
	for (struct sonde_slot one = { s.first, width, true }; one.first + width <= end; one.first += width) {
		if (one.first > s.first)
			sonde_text_char(t, '+');
		print_number(t, f, item, one);
	}
}

/* Colons inside an argument would end it, but for the last of the table, which takes the rest. */
static bool needs_brackets(const struct sonde_field *f, const uint8_t *item, struct sonde_slot s)
{
	return f[1].name && f->shape == SONDE_BYTES && sonde_bytes_have_colons(f, sonde_slot_view(item, s));
}

static bool is_default(const struct sonde_field *f, const uint8_t *item, struct sonde_slot s)
{
	if (!s.there || s.width == 0)
		return true;
	return f->tail && f->shape == SONDE_SCALAR && sonde_slot_get(item, s) == f->value;
}

/* Rows that only count others come behind the arguments in a table. */
static bool is_counter(const struct sonde_field *rows, const struct sonde_field *f)
{
	for (const struct sonde_field *r = rows; r->name; r++)
		if (r->len_from && r->len_from == f->place)
			return true;
	return false;
}

static void print_args(struct sonde_text *t, const struct sonde_field *rows, struct sonde_view item, char first_joint)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n = sonde_layout(slots, rows, item.data, item.len);
	while (n > 0 && (is_counter(rows, &rows[n - 1]) || is_default(&rows[n - 1], item.data, slots[n - 1])))
		n--;
	char joint = first_joint;
	for (unsigned i = 0; i < n; i++) {
		if (!sonde_row_applies(&rows[i], item.data, item.len))
			continue;
		if (joint)
			sonde_text_char(t, joint);
		joint = ':';
		bool brackets = needs_brackets(&rows[i], item.data, slots[i]);
		if (brackets)
			sonde_text_char(t, '[');
		if (rows[i].repeat)
			print_repeated(t, &rows[i], item.data, slots[i]);
		else if (slots[i].there)
			print_number(t, &rows[i], item.data, slots[i]);
		if (brackets)
			sonde_text_char(t, ']');
	}
}

/* What was written from start on stays if reading it again gives the item. */
static bool keep_if_right(struct sonde_text *t, size_t start, const struct sonde_list *list, struct sonde_view item)
{
	uint8_t scratch[MAX_ITEM];
	struct sonde_buf out = { scratch, 0, sizeof scratch };
	bool right = sonde_text_fits(t) &&
		     sonde_list_parse(&out, list, t->data + start, t->len - start, NULL) == 0 &&
		     sonde_view_equal(sonde_view(out.data, out.len), item);
	if (!right)
		sonde_text_cut(t, start);
	return right;
}

/* Bytes of an item that are neither kind nor length. */
static void print_raw_body(struct sonde_text *t, const struct sonde_list *list, struct sonde_view item)
{
	for (size_t i = 0; i < item.len; i++) {
		bool kind =
			i >= SONDE_FIRST(list->kind) / 8 && i * 8 < SONDE_FIRST(list->kind) + SONDE_WIDTH(list->kind);
		bool length = i >= SONDE_FIRST(list->length) / 8 &&
			      i * 8 < SONDE_FIRST(list->length) + SONDE_WIDTH(list->length);
		if (!kind && !length)
			sonde_text_hex(t, sonde_view(item.data + i, 1));
	}
}

static bool print_typed(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item)
{
	size_t start = t->len;
	if (!item->kind)
		return false;
	sonde_text_str(t, item->kind->name);
	if (item->kind->fields && !item->single)
		print_args(t, item->kind->fields, sonde_view_sub(item->bytes, 0, item->len),
			   item->kind->name[0] ? ':' : 0);
	return keep_if_right(t, start, list, item->bytes);
}

static bool print_untyped(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item)
{
	size_t start = t->len;
	if (!SONDE_WIDTH(list->kind) || item->broken)
		return false;
	sonde_text_uint(t, item->number);
	if (!item->single) {
		sonde_text_char(t, ':');
		print_raw_body(t, list, sonde_view_sub(item->bytes, 0, item->len));
	}
	return keep_if_right(t, start, list, item->bytes);
}

/* An item whose length lies about the rest of the list: the last one. */
static bool print_lying(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item)
{
	size_t start = t->len;
	if (!SONDE_WIDTH(list->kind) || item->single || item->bytes.len < list->head)
		return false;
	if (item->kind)
		sonde_text_str(t, item->kind->name);
	else
		sonde_text_uint(t, item->number);
	sonde_text_char(t, '.');
	sonde_text_uint(t, sonde_get(item->bytes.data, list->length));
	sonde_text_char(t, ':');
	print_raw_body(t, list, item->bytes);
	return keep_if_right(t, start, list, item->bytes);
}

static void print_hex(struct sonde_text *t, struct sonde_view bytes)
{
	sonde_text_str(t, "hex:");
	sonde_text_hex(t, bytes);
}

static bool ends_list(const struct sonde_list *list, const struct sonde_list_item *item)
{
	return list->has_end && item->single && item->number == 0;
}

void sonde_list_print(struct sonde_text *t, const struct sonde_list *list, struct sonde_view bytes, bool exact)
{
	struct sonde_view content = exact ? bytes : sonde_view_sub(bytes, 0, sonde_list_content(list, bytes));
	struct sonde_list_item item;
	size_t at = 0;
	while (sonde_list_next(&item, list, content, &at)) {
		if (item.bytes.data > content.data)
			sonde_text_char(t, ',');
		if (!print_typed(t, list, &item) && !print_untyped(t, list, &item) && !print_lying(t, list, &item))
			print_hex(t, item.bytes);
		if (ends_list(list, &item) && at < content.len) {
			sonde_text_char(t, ',');
			print_hex(t, sonde_view_sub(content, at, content.len));
			return;
		}
	}
}
