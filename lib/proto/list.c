#include "proto/list.h"

#include "proto/layout.h"

static const struct sonde_item *item_of_kind(const struct sonde_list *list, uint32_t kind)
{
	for (const struct sonde_item *i = list->items; i->name; i++)
		if (((i->kind ^ kind) & (i->kind_mask ? i->kind_mask : UINT32_MAX)) == 0)
			return i;
	return NULL;
}

const struct sonde_item *sonde_item_by_name(const struct sonde_list *list, const char *name, size_t len)
{
	for (const struct sonde_item *i = list->items; i->name; i++)
		if (strlen(i->name) == len && memcmp(i->name, name, len) == 0)
			return i;
	return NULL;
}

/* Whether each row of an item has its bytes, with the mark that ends them. */
static bool is_whole(const struct sonde_field *rows, struct sonde_view rest)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	for (unsigned i = sonde_layout(slots, rows, rest.data, rest.len); i-- > 0;)
		if (!slots[i].there || slots[i].width == 0)
			return false;
	return true;
}

/* Length of an item that its rows define; 0 when they are incomplete. */
static size_t rows_len(const struct sonde_list *list, struct sonde_view rest)
{
	const struct sonde_field *rows = list->items->fields;
	if (list->ends_at_others && !is_whole(rows, rest))
		return 0;
	if (!list->length_row) {
		uint32_t len = sonde_rows_len(rows, rest.data, rest.len);
		return len > list->head ? len : list->head;
	}
	struct sonde_slot s = sonde_locate(rows, SONDE_ROW(list->length_row), rest.data, rest.len);
	return s.there ? (s.first + s.width) / 8 + (size_t)sonde_slot_get(rest.data, s) : 0;
}

static bool is_single(const struct sonde_list *list, uint32_t kind)
{
	return kind < list->n_singles || (list->has_end && kind == list->end);
}

/* Length of the item without padding; 0 when it is not valid. */
static size_t item_len(const struct sonde_list *list, struct sonde_view rest, uint32_t kind)
{
	if (!SONDE_WIDTH(list->length))
		return rows_len(list, rest);
	if (list->ends_at_others && list->has_end && kind == list->end)
		return 0;
	if (is_single(list, kind))
		return 1;
	if (rest.len < list->head)
		return 0;
	unsigned unit = list->length_unit ? list->length_unit : 1;
	size_t len = (size_t)sonde_get(rest.data, list->length) * unit + (size_t)list->length_excludes;
	return len < list->head ? 0 : len;
}

/* sonde_list_next without .kind. */
static inline bool next_bytes(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes,
			      size_t *at)
{
	struct sonde_view rest = sonde_view_sub(bytes, *at, bytes.len);
	if (rest.len == 0)
		return false;
	bool has_kind = SONDE_WIDTH(list->kind) > 0;
	bool kind_there = SONDE_END(list->kind) <= rest.len * 8;
	uint32_t kind = has_kind && kind_there ? (uint32_t)sonde_get(rest.data, list->kind) : 0;
	size_t len = kind_there ? item_len(list, rest, kind) : 0;
	size_t filled = list->align > 1 ? (len + list->align - 1) / list->align * list->align : len;

	*out = (struct sonde_list_item){ .number = kind,
					 .len = (uint32_t)len,
					 .single = has_kind && is_single(list, kind),
					 .ends = list->has_end && kind == list->end };
	/* The last item need not be padded. */
	if (filled > rest.len && len <= rest.len)
		filled = rest.len;
	out->broken = len == 0 || filled > rest.len;
	out->bytes = out->broken ? rest : sonde_view_sub(rest, 0, filled);
	*at += out->bytes.len;
	return true;
}

bool sonde_list_next(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes, size_t *at)
{
	if (!next_bytes(out, list, bytes, at))
		return false;
	out->kind = SONDE_WIDTH(list->kind) ? item_of_kind(list, out->number) : list->items;
	return true;
}

size_t sonde_list_span(const struct sonde_list *list, struct sonde_view bytes, uint64_t n)
{
	struct sonde_list_item item;
	size_t at = 0;
	while (n-- > 0 && next_bytes(&item, list, bytes, &at)) {
		if (item.broken && list->ends_at_others)
			return at - item.bytes.len;
		if (item.ends && list->closes)
			break;
	}
	return at;
}

uint64_t sonde_list_count(const struct sonde_list *list, struct sonde_view bytes)
{
	struct sonde_list_item item;
	uint64_t n = 0;
	for (size_t at = 0; next_bytes(&item, list, bytes, &at);)
		n++;
	return n;
}

unsigned sonde_list_fill(uint8_t out[static 8], const struct sonde_list *list, size_t content_len)
{
	if (list->fill == SONDE_FILL_NONE)
		return 0;
	unsigned n = (unsigned)(-(content_len + list->list_before) % list->list_align);
	memset(out, 0, 8);
	if (list->fill == SONDE_FILL_PADN && n > 1) {
		out[0] = list->padn;
		out[1] = (uint8_t)(n - 2);
	}
	return n;
}

static bool is_fill(const struct sonde_list *list, struct sonde_view bytes, size_t at)
{
	uint8_t fill[8];
	if (bytes.len - at > sizeof fill)
		return false;
	unsigned n = sonde_list_fill(fill, list, at);
	return at + n == bytes.len && (n == 0 || memcmp(bytes.data + at, fill, n) == 0);
}

size_t sonde_list_content(const struct sonde_list *list, struct sonde_view bytes)
{
	struct sonde_list_item item;
	size_t at = 0;
	/* Padding of any kind ends in a zero. */
	if (bytes.len && bytes.data[bytes.len - 1])
		return bytes.len;
	for (;;) {
		size_t start = at;
		if (is_fill(list, bytes, start))
			return start;
		if (!next_bytes(&item, list, bytes, &at))
			return start;
		if (item.ends)
			return is_fill(list, bytes, at) ? at : bytes.len;
	}
}

/* The value of a row whose kind measures itself, when it is not written. */
static struct sonde_view empty_bytes(const struct sonde_field *row)
{
	return row->text ? sonde_view(row->text, strlen(row->text)) : row->kind->empty;
}

unsigned sonde_empty_value(uint8_t out[static SONDE_MAX_EMPTY], const struct sonde_field *row)
{
	if (row->shape == SONDE_LIST)
		return sonde_sizing_place(row) ? 0 : sonde_list_fill(out, row->list, 0);
	if (row->repeat || !row->kind || !row->kind->measure)
		return 0;
	struct sonde_view empty = empty_bytes(row);
	memcpy(out, empty.data, empty.len);
	return (unsigned)empty.len;
}

bool sonde_bytes_are_default(const struct sonde_field *row, struct sonde_view bytes, bool cut)
{
	if (cut && bytes.len == 0)
		return true;
	if (row->shape == SONDE_LIST)
		return !cut && (bytes.len == 0 || is_fill(row->list, bytes, 0));
	if (row->kind && row->kind->measure && !row->repeat)
		return sonde_view_equal(bytes, empty_bytes(row));
	bool sized = SONDE_WIDTH(row->place) || sonde_sizing_place(row);
	return sized ? sonde_view_is_zero(bytes) : bytes.len == 0;
}

bool sonde_is_argument(const struct sonde_list *list, const struct sonde_field *rows, const struct sonde_field *row)
{
	if (row->named || row->view || (list->length_row && list->length_row == row->place))
		return false;
	for (const struct sonde_field *f = rows; f->name; f++)
		if (sonde_sizing_place(f) == row->place && row->place)
			return false;
	return true;
}
