#include "packet/list_value.h"

#include <string.h>

#include "base/error.h"
#include "proto/layout.h"
#include "proto/list.h"

/* The word at the front of a path, which goes on behind it. */
static struct sonde_view take_word(struct sonde_view *path)
{
	const uint8_t *dot = memchr(path->data, '.', path->len);
	size_t len = dot ? (size_t)(dot - path->data) : path->len, used = dot ? len + 1 : len;
	struct sonde_view word = sonde_view(path->data, len);
	*path = sonde_view(path->data + used, path->len - used);
	return word;
}

static bool is_named(const struct sonde_field *row, struct sonde_view word)
{
	return strlen(row->name) == word.len && memcmp(row->name, word.data, word.len) == 0;
}

static bool can_be_value(const struct sonde_list *list, const struct sonde_field *rows, const struct sonde_field *row)
{
	return !row->repeat && (row->named || sonde_is_argument(list, rows, row));
}

/* The first row of that name; for an empty word, the only argument. NULL: there is none. */
static const struct sonde_field *row_of(const struct sonde_list *list, const struct sonde_item *item,
					struct sonde_view word)
{
	const struct sonde_field *found = NULL;
	for (const struct sonde_field *row = item->fields; row && row->name; row++) {
		if (!can_be_value(list, item->fields, row) || (word.len && !is_named(row, word)))
			continue;
		if (found && !word.len)
			return NULL;
		found = row;
		if (word.len)
			break;
	}
	return found;
}

bool sonde_list_has_path(const struct sonde_list *list, struct sonde_view path)
{
	while (path.len) {
		struct sonde_view name = take_word(&path);
		const struct sonde_item *item = sonde_item_by_name(list, (const char *)name.data, name.len);
		const struct sonde_field *row = item ? row_of(list, item, take_word(&path)) : NULL;
		if (!row || (path.len && row->shape != SONDE_LIST))
			return false;
		list = row->list;
	}
	return true;
}

static bool find_item(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes,
		      const struct sonde_item *kind)
{
	for (size_t at = 0; kind && sonde_list_next(out, list, bytes, &at);)
		if (out->kind == kind && !out->broken)
			return true;
	return false;
}

/* The value of the first row of that name that is there. */
static bool read_row(struct sonde_list_value *out, const struct sonde_list *list, const struct sonde_list_item *item,
		     struct sonde_view word)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	const struct sonde_field *rows = item->kind->fields, *first = row_of(list, item->kind, word);
	const unsigned n = first ? sonde_layout(slots, rows, item->bytes.data, item->len) : 0;
	for (unsigned i = first ? (unsigned)(first - rows) : 0; i < n; i++) {
		if (!slots[i].there || strcmp(rows[i].name, first->name) != 0)
			continue;
		out->row = &rows[i];
		if (rows[i].shape == SONDE_SCALAR)
			out->number = sonde_slot_get(item->bytes.data, slots[i]);
		else
			out->bytes = sonde_slot_view(item->bytes.data, slots[i]);
		return true;
	}
	return false;
}

int sonde_list_value(struct sonde_list_value *out, const struct sonde_list *list, struct sonde_view bytes,
		     struct sonde_view path)
{
	*out = (struct sonde_list_value){ .bytes = bytes };
	while (path.len) {
		struct sonde_view name = take_word(&path);
		struct sonde_list_item item;
		const struct sonde_item *kind = sonde_item_by_name(list, (const char *)name.data, name.len);
		if (!list || !find_item(&item, list, out->bytes, kind) || !read_row(out, list, &item, take_word(&path)))
			return SONDE_E_ABSENT;
		list = out->row->list;
	}
	return 0;
}
