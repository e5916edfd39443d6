#include "packet/list_text.h"
#include "packet/rows.h"
#include "proto/list.h"

/* The state of printing an item. */
struct writer {
	struct sonde_text *t;
	const struct sonde_list *list;
	const struct sonde_list_style *style;
	const struct sonde_field *rows;
	struct sonde_view item; /* without padding */
	bool last;              /* it is the last item of the list */
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n;
};

/* --- Arguments --------------------------------------------------------------------------------------------------- */

/* Whether a row is a positional argument that exists, or may exist once it is written. */
static bool may_be_argument(const struct writer *w, unsigned row)
{
	return w->slots[row].exists && sonde_is_argument(w->list, w->rows, &w->rows[row]);
}

static bool is_argument(const struct writer *w, unsigned row)
{
	return w->slots[row].there && may_be_argument(w, row);
}

static struct sonde_row_context context_of(const struct writer *w, unsigned row)
{
	const struct sonde_field *f = &w->rows[row];
	const struct sonde_slot *by = f->names_by ? &w->slots[SONDE_ROW(f->names_by)] : NULL;
	return (struct sonde_row_context){ f, by && by->there ? sonde_slot_get(w->item.data, *by) : 0,
					   w->style->message };
}

static void count_untyped(const struct sonde_list_style *style, size_t n)
{
	if (style->untyped)
		*style->untyped += n;
}

/* Returns false when the bytes are no value of the row's kind. The item is then printed as hex digits, without its
 * name. */
static bool print_one(const struct writer *w, const struct sonde_row_context *ctx, struct sonde_slot s)
{
	const struct sonde_kind *kind = ctx->row->kind;
	struct sonde_view bytes = sonde_slot_view(w->item.data, s);
	if (ctx->row->shape == SONDE_SCALAR) {
		sonde_number_print(w->t, ctx, sonde_slot_get(w->item.data, s));
		return true;
	}
	if (w->style->expand && kind && kind->expand_bytes && kind->expand_bytes(w->t, ctx, bytes))
		return true;
	if (kind && kind->print_bytes)
		return bytes.len == 0 || kind->print_bytes(w->t, ctx, bytes);
	if (kind == &sonde_kind_opaque)
		count_untyped(w->style, bytes.len);
	sonde_text_hex(w->t, bytes);
	return true;
}

/* Print the values of a repeated row, joined by +. Returns false when the last one is incomplete. */
static bool print_repeated(const struct writer *w, const struct sonde_row_context *ctx, struct sonde_slot s)
{
	const struct sonde_field *f = ctx->row;
	uint32_t end = s.first + s.width;
	for (struct sonde_slot one = s; one.first < end; one.first += one.width) {
		uint32_t left = (end - one.first) / 8;
		one.width = SONDE_WIDTH(f->place);
		if (!one.width)
			one.width = (uint32_t)f->kind->measure(sonde_view(w->item.data + one.first / 8, left)) * 8;
		if (one.width == 0 || one.first + one.width > end)
			return false;
		if (one.first > s.first)
			sonde_text_char(w->t, '+');
		if (!print_one(w, ctx, one))
			return false;
	}
	return true;
}

static bool print_value(const struct writer *w, unsigned row)
{
	const struct sonde_row_context ctx = context_of(w, row);
	const struct sonde_slot s = w->slots[row];
	const struct sonde_list_style inner = { .expand = w->style->expand,
						.message = w->style->message,
						.depth = w->style->depth + 1,
						.untyped = w->style->untyped };
	if (ctx.row->shape == SONDE_LIST && w->style->outline)
		sonde_text_str(w->t, "...");
	else if (ctx.row->shape == SONDE_LIST)
		sonde_list_print(w->t, ctx.row->list, sonde_slot_view(w->item.data, s), &inner);
	else if (ctx.row->repeat)
		return print_repeated(w, &ctx, s);
	else
		return print_one(w, &ctx, s);
	return true;
}

/* Brackets are needed for a comma, which would end the item, and for a colon, which would end the argument unless it is
 * the last possible one. */
static bool needs_brackets(const struct writer *w, unsigned row, size_t start)
{
	bool last = true;
	if (!sonde_text_fits(w->t))
		return false;
	for (unsigned i = row + 1; i < w->n; i++)
		last &= !may_be_argument(w, i);
	bool colon = memchr(w->t->data + start, ':', w->t->len - start) != NULL;
	bool comma = memchr(w->t->data + start, ',', w->t->len - start) != NULL;
	return comma || (colon && (!last || w->rows[row].shape == SONDE_LIST));
}

static bool print_argument(const struct writer *w, unsigned row)
{
	size_t start = w->t->len;
	bool right = print_value(w, row);
	const struct sonde_field *f = &w->rows[row];
	bool is_number = f->shape == SONDE_SCALAR && (!f->kind || !f->kind->print);
	if (!right || is_number || !needs_brackets(w, row, start))
		return right;
	size_t len = w->t->len - start;
	sonde_text_str(w->t, "[]");
	if (sonde_text_fits(w->t)) {
		memmove(w->t->data + start + 1, w->t->data + start, len);
		w->t->data[start] = '[';
	}
	return true;
}

static bool is_default(const struct writer *w, unsigned row)
{
	const struct sonde_field *f = &w->rows[row];
	const struct sonde_slot s = w->slots[row];
	if (s.width == 0)
		return true;
	if (f->shape == SONDE_SCALAR && !f->repeat)
		return sonde_slot_get(w->item.data, s) == f->value;
	return sonde_bytes_are_default(f, sonde_slot_view(w->item.data, s), false);
}

/* The number of rows up to the last argument that must be printed. */
static unsigned arguments_end(const struct writer *w)
{
	unsigned n = w->n;
	while (n > 0 && (!is_argument(w, n - 1) || w->slots[n - 1].width == 0 ||
			 (w->rows[n - 1].optional && is_default(w, n - 1))))
		n--;
	return n;
}

/* Whether the printed arguments imply all the trailing rows that exist. */
static bool tail_is_implied(const struct writer *w)
{
	unsigned n = arguments_end(w), there = 0, said = 0;
	for (unsigned i = 0; i < w->n; i++) {
		bool named = w->rows[i].named && !is_default(w, i);
		if (!w->slots[i].there || w->slots[i].width == 0)
			continue;
		if (w->rows[i].tail > there)
			there = w->rows[i].tail;
		if (w->rows[i].tail > said && ((i < n && is_argument(w, i)) || named))
			said = w->rows[i].tail;
	}
	return said == there;
}

static bool print_arguments(const struct writer *w, bool joint)
{
	unsigned n = arguments_end(w);
	for (unsigned i = 0; i < n; i++) {
		if (!is_argument(w, i))
			continue;
		if (joint)
			sonde_text_char(w->t, ':');
		joint = true;
		if (!print_argument(w, i))
			return false;
	}
	for (unsigned i = 0; i < w->n; i++) {
		if (!w->rows[i].named || !w->slots[i].there || is_default(w, i))
			continue;
		sonde_text_fmt(w->t, "%s%s=", joint ? ":" : "", w->rows[i].name);
		joint = true;
		if (!print_argument(w, i))
			return false;
	}
	return true;
}

/* --- Rebuilding the item from its arguments ---------------------------------------------------------------------- */

static void copy_row(uint8_t *to, const uint8_t *from, struct sonde_slot s)
{
	if (s.width <= 64)
		sonde_slot_put(to, s, sonde_slot_get(from, s));
	else
		memcpy(to + s.first / 8, from + s.first / 8, s.width / 8);
}

/* Write the number that sizes a row; it need not be a row itself. Returns whether the item has the same. */
static bool rebuild_number(uint8_t *to, const struct writer *w, const struct sonde_field *f, struct sonde_slot s)
{
	sonde_place place = sonde_sizing_place(f);
	if (!place)
		return true;
	struct sonde_slot number = sonde_slot_of(place, w->slots);
	uint64_t n = sonde_number_by_bytes(f, sonde_slot_view(w->item.data, s));
	sonde_slot_put(to, number, n);
	return sonde_slot_get(w->item.data, number) == n;
}

/* Write the rows and the numbers derived from them into zeros. Returns whether that gives an item of the same
 * length. */
static bool rebuild(uint8_t *to, const struct writer *w, const struct sonde_list_item *item)
{
	const struct sonde_list *list = w->list;
	uint32_t end = list->head * 8u;
	unsigned tail = 0;
	uint8_t empty[SONDE_MAX_EMPTY];
	sonde_put(to, list->kind, SONDE_WIDTH(list->kind) ? item->kind->kind : 0);
	for (unsigned i = 0; i < w->n; i++) {
		const struct sonde_field *f = &w->rows[i];
		const struct sonde_slot s = w->slots[i];
		if (f->view || !s.exists)
			continue;
		/* Trailing rows with one number exist all, or none of them. */
		if (f->tail > tail && !s.there)
			continue;
		tail = s.width && f->tail > tail ? f->tail : tail;
		if (!s.there || (s.width == 0 && sonde_empty_value(empty, f)))
			return false;
		copy_row(to, w->item.data, s);
		end = s.first + s.width > end ? s.first + s.width : end;
		if (!rebuild_number(to, w, f, s))
			return false;
	}
	size_t unit = list->length_unit ? list->length_unit : 1, len = (end / 8 + unit - 1) / unit * unit;
	if (SONDE_WIDTH(list->length))
		sonde_put(to, list->length, (len - (size_t)list->length_excludes) / unit);
	return len == item->len;
}

/* Whether the item has exactly the padding that reading it would add. */
static bool is_filled(const struct sonde_list *list, const struct sonde_list_item *item, bool last)
{
	size_t align = list->align ? list->align : 1;
	bool bare = last && list->last_unpadded && item->bytes.len == item->len;
	return bare || (item->len + align - 1) / align * align == item->bytes.len;
}

/* Rebuild the item in the unused end of the text buffer. An item that does not fit there would not fit as text
 * either. */
static bool makes_item(const struct writer *w, const struct sonde_list_item *item)
{
	struct sonde_text *t = w->t;
	if (!sonde_text_fits(t) || t->cap - t->len <= item->bytes.len)
		return false;
	uint8_t *scratch = (uint8_t *)t->data + t->len + 1;
	memset(scratch, 0, item->bytes.len);
	bool right = item->len <= item->bytes.len && rebuild(scratch, w, item) &&
		     memcmp(scratch, item->bytes.data, item->bytes.len) == 0;
	return right && is_filled(w->list, item, w->last);
}

/* --- Items ------------------------------------------------------------------------------------------------------- */

static bool print_typed(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item,
			const struct sonde_list_style *style, bool last)
{
	size_t start = t->len;
	if (!item->kind || item->broken || style->depth == SONDE_LIST_DEPTH)
		return false;
	const char *name = item->kind->name;
	if (item->single || !item->kind->fields) {
		sonde_text_str(t, name);
		bool empty = item->single || (item->len == list->head && item->bytes.len == item->len);
		if (!empty)
			sonde_text_cut(t, start);
		return empty;
	}
	struct writer w = { .t = t,
			    .list = list,
			    .style = style,
			    .rows = item->kind->fields,
			    .item = sonde_view_sub(item->bytes, 0, item->len),
			    .last = last };
	w.n = sonde_layout(w.slots, w.rows, w.item.data, w.item.len);
	if (!makes_item(&w, item) || !tail_is_implied(&w))
		return false;
	sonde_text_str(t, name);
	/* An item without a name, whose arguments are empty, would be no item. */
	if (print_arguments(&w, name[0] != 0) && t->len > start)
		return true;
	sonde_text_cut(t, start);
	return false;
}

static bool holds_byte(sonde_place place, size_t at)
{
	return SONDE_WIDTH(place) && at >= SONDE_FIRST(place) / 8 && at * 8 < SONDE_END(place);
}

/* Print the bytes of an item other than kind and length as hex digits. */
static void print_raw_body(struct sonde_text *t, const struct sonde_list *list, struct sonde_view item)
{
	for (size_t i = 0; i < item.len; i++)
		if (!holds_byte(list->kind, i) && !holds_byte(list->length, i))
			sonde_text_hex(t, sonde_view(item.data + i, 1));
}

static bool holds_bit(sonde_place place, size_t bit)
{
	return bit >= SONDE_FIRST(place) && bit < SONDE_END(place);
}

/* Whether the bits that share a byte with kind and length, which the number of an item does not say, are zeros. */
static bool head_is_plain(const struct sonde_list *list, struct sonde_view item)
{
	for (size_t bit = 0; bit < list->head * 8u && bit < item.len * 8; bit++) {
		bool shared = holds_byte(list->kind, bit / 8) || holds_byte(list->length, bit / 8);
		bool is_other = !holds_bit(list->kind, bit) && !holds_bit(list->length, bit);
		if (shared && is_other && item.data[bit / 8] >> (7 - bit % 8) & 1)
			return false;
	}
	return true;
}

/* Whether KIND:HEX reads back to the same item: its padding is zeros, and its length is right. */
static bool is_regular(const struct sonde_list *list, const struct sonde_list_item *item, bool last)
{
	size_t unit = list->length_unit ? list->length_unit : 1;
	size_t kind_end = SONDE_END(list->kind), length_end = SONDE_END(list->length);
	size_t head = kind_end > length_end ? kind_end : length_end;
	struct sonde_view filling = sonde_view_sub(item->bytes, item->len, item->bytes.len);
	return is_filled(list, item, last) && head_is_plain(list, item->bytes) && item->len % unit == 0 &&
	       item->len * 8 >= head && sonde_view_is_zero(filling);
}

static bool print_untyped(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item,
			  bool last)
{
	if (!SONDE_WIDTH(list->kind) || item->broken || (!item->single && !is_regular(list, item, last)))
		return false;
	/* Write the number: the name might ask for arguments. */
	sonde_text_uint(t, item->number);
	if (item->single)
		return true;
	sonde_text_char(t, ':');
	print_raw_body(t, list, sonde_view_sub(item->bytes, 0, item->len));
	return true;
}

/* Print an item whose length contradicts the rest of the list, so that it is the last one. */
static bool print_with_length(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item)
{
	if (!SONDE_WIDTH(list->kind) || !SONDE_WIDTH(list->length) || item->single || item->bytes.len < list->head ||
	    SONDE_END(list->kind) > list->head * 8u || SONDE_END(list->length) > list->head * 8u ||
	    !head_is_plain(list, item->bytes))
		return false;
	/* Without arguments, bits of the kind that are an argument can only be printed in the number. */
	bool named = item->kind && item->kind->kind == item->number;
	if (named)
		sonde_text_str(t, item->kind->name);
	else
		sonde_text_uint(t, item->number);
	sonde_text_char(t, '.');
	sonde_text_uint(t, sonde_get(item->bytes.data, list->length));
	sonde_text_char(t, ':');
	print_raw_body(t, list, item->bytes);
	return true;
}

static void print_hex(struct sonde_text *t, struct sonde_view bytes)
{
	sonde_text_str(t, "hex:");
	sonde_text_hex(t, bytes);
}

/* Print one item. If a last item is padded although it need not be, an empty hex: follows, so that it is not the last
 * when read. */
void sonde_item_print(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item,
		      const struct sonde_list_style *style, bool last)
{
	uint64_t before = style->untyped ? *style->untyped : 0;
	bool typed = print_typed(t, list, item, style, last), named = typed || print_untyped(t, list, item, last);
	if (named && last && list->last_unpadded && item->bytes.len > item->len)
		sonde_text_str(t, ",hex:");
	if (!named && !print_with_length(t, list, item))
		print_hex(t, item->bytes);
	if (!typed && style->untyped)
		*style->untyped = before + item->bytes.len;
}

void sonde_list_print(struct sonde_text *t, const struct sonde_list *list, struct sonde_view bytes,
		      const struct sonde_list_style *style)
{
	struct sonde_view content = style->exact ? bytes : sonde_view_sub(bytes, 0, sonde_list_content(list, bytes));
	struct sonde_list_item item;
	size_t at = 0;
	while (sonde_list_next(&item, list, content, &at)) {
		if (item.bytes.data > content.data)
			sonde_text_char(t, ',');
		sonde_item_print(t, list, &item, style, at == content.len);
		if (item.ends && at < content.len) {
			sonde_text_char(t, ',');
			print_hex(t, sonde_view_sub(content, at, content.len));
			count_untyped(style, content.len - at);
			return;
		}
	}
}
