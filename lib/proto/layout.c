#include "proto/layout.h"

#include "proto/list.h"

/* The state of laying out the rows of a table, in order. */
struct walk {
	const struct sonde_field *rows;
	const uint8_t *header;
	uint32_t bits;            /* bits that are present */
	struct sonde_slot *slots; /* slots of earlier rows; NULL: only fixed places are needed */
	uint32_t cursor;          /* the end of the row before */
};

/* The number at a place, wherever its row is. Returns false when it is absent. */
static bool number_at(uint64_t *v, const struct walk *w, sonde_place place)
{
	if (SONDE_FIRST(place) == SONDE_NEXT && !w->slots)
		return false;
	struct sonde_slot s = sonde_slot_of(place, w->slots);
	if (!s.there || s.first + s.width > w->bits)
		return false;
	*v = sonde_slot_get(w->header, s);
	return true;
}

static bool holds(const struct sonde_when *when, const struct walk *w)
{
	uint64_t v;
	if (when->test == SONDE_ALWAYS)
		return true;
	if (!number_at(&v, w, when->place))
		return false;
	if (when->test == SONDE_HAS)
		return v & when->mask;
	bool is = v >= when->base && v - when->base < 64 && when->mask >> (v - when->base) & 1;
	return is == (when->test == SONDE_IS);
}

bool sonde_when_holds(const struct sonde_when *when, const uint8_t *header, size_t len)
{
	struct walk w = { .header = header, .bits = (uint32_t)len * 8 };
	return holds(when, &w);
}

/* --- Widths ------------------------------------------------------------------------------------------------------ */

/* Length of n values of a row (by its width, or its kind) in the bytes that are present, or all of these if there are
 * fewer. */
static size_t span(const struct sonde_field *row, struct sonde_view there, uint64_t n)
{
	size_t width = SONDE_WIDTH(row->place) / 8, at = 0;
	if (row->shape == SONDE_LIST)
		return sonde_list_span(row->list, there, n);
	for (; n > 0 && at < there.len; n--) {
		size_t one = width ? width : row->kind->measure(sonde_view_sub(there, at, there.len));
		if (one == 0 || one > there.len - at)
			return there.len;
		at += one;
	}
	return at;
}

/* Width in bits of a row without a fixed one: from the number that sizes it, or from its kind, limited to what is
 * present. Returns false when the bytes are no value of its kind. */
static bool measure_row(uint32_t *width, const struct walk *w, const struct sonde_field *row, uint32_t first)
{
	uint32_t left = w->bits > first ? (w->bits - first) / 8 : 0;
	struct sonde_view there = sonde_view(w->header + first / 8, left);
	uint64_t n = 0;
	size_t want = left;
	if (sonde_sizing_place(row)) {
		bool known = number_at(&n, w, sonde_sizing_place(row));
		uint64_t count = known ? sonde_count_by_number(row, n) : 0;
		want = row->count_from ? span(row, there, count) : count < left ? (size_t)count : left;
	} else if (left && row->kind && row->kind->measure && !row->repeat) {
		want = row->kind->measure(there);
		if (want == 0)
			return false;
	} else if (row->shape == SONDE_LIST && (row->list->closes || row->list->ends_at_others)) {
		want = sonde_list_span(row->list, there, UINT64_MAX);
	}
	*width = (uint32_t)(want < left ? want : left) * 8;
	return true;
}

static uint32_t row_start(const struct walk *w, const struct sonde_field *row)
{
	uint32_t first = SONDE_FIRST(row->place), align = row->align * 8u;
	if (first != SONDE_NEXT)
		return first;
	return align ? (w->cursor + align - 1) / align * align : w->cursor;
}

/* A row that does not exist takes no bytes; one that is cut off, or no value of its kind, takes all the rest. */
static struct sonde_slot place_row(const struct walk *w, const struct sonde_field *row)
{
	uint32_t fixed = SONDE_FIRST(row->place), bits = SONDE_WIDTH(row->place);
	if (sonde_has_one_place(row))
		return (struct sonde_slot){ fixed, bits, true, fixed + bits <= w->bits, SONDE_IS_LITTLE(row->place) };
	struct sonde_slot s = { .first = row_start(w, row), .width = SONDE_WIDTH(row->place),
				.little = SONDE_IS_LITTLE(row->place) };
	if (!holds(&row->when, w) || !holds(&row->and_when, w))
		return (struct sonde_slot){ .first = w->cursor };
	s.exists = true;
	bool variable = s.width == 0 || row->repeat;
	if (row->tail && (s.first > w->bits || (s.first == w->bits && !variable)))
		return s;
	bool measured = !variable || measure_row(&s.width, w, row, s.first);
	if (!measured)
		s.width = w->bits - s.first;
	s.there = measured && s.first + s.width <= w->bits && (s.width > 0 || variable);
	return s;
}

static unsigned count_rows(const struct sonde_field *rows)
{
	unsigned n = 0;
	while (rows[n].name)
		n++;
	return n;
}

static uint64_t first_rows(unsigned n)
{
	return n ? UINT64_MAX >> (64 - n) : 0;
}

uint64_t sonde_all_rows(const struct sonde_field *rows)
{
	return first_rows(count_rows(rows));
}

/* Where the row before this one ends. */
static uint32_t end_before(const struct walk *w, unsigned row)
{
	while (row > 0 && w->rows[row - 1].view)
		row--;
	return row ? w->slots[row - 1].first + w->slots[row - 1].width : 0;
}

void sonde_layout_loose(struct sonde_slot slots[static SONDE_MAX_ROWS], const struct sonde_field *rows, uint64_t loose,
			const uint8_t *header, size_t len)
{
	struct walk w = { .rows = rows, .header = header, .bits = (uint32_t)len * 8, .slots = slots };
	bool broken = false; /* a row before is no value of its kind, and took all the rest */
	for (; loose; loose &= loose - 1) {
		unsigned i = (unsigned)__builtin_ctzll(loose);
		w.cursor = end_before(&w, i);
		slots[i] = place_row(&w, &rows[i]);
		slots[i].there &= !broken || SONDE_FIRST(rows[i].place) != SONDE_NEXT;
		broken |= slots[i].exists && !slots[i].there && !rows[i].tail && SONDE_WIDTH(rows[i].place) == 0;
	}
}

unsigned sonde_layout(struct sonde_slot slots[static SONDE_MAX_ROWS], const struct sonde_field *rows,
		      const uint8_t *header, size_t len)
{
	unsigned n = count_rows(rows);
	sonde_layout_loose(slots, rows, first_rows(n), header, len);
	return n;
}

struct sonde_view sonde_gap_before(const struct sonde_field *rows, const struct sonde_slot *slots, unsigned row,
				   const uint8_t *header)
{
	if (!rows[row].align || row == 0 || !slots[row].there)
		return (struct sonde_view){ 0 };
	uint32_t from = (slots[row - 1].first + slots[row - 1].width) / 8, to = slots[row].first / 8;
	return sonde_view(header + from, to > from ? to - from : 0);
}

static bool is_fixed(sonde_place place)
{
	return SONDE_FIRST(place) != SONDE_NEXT;
}

struct sonde_slot sonde_locate(const struct sonde_field *rows, unsigned row, const uint8_t *header, size_t len)
{
	const struct sonde_field *f = &rows[row];
	struct walk w = { .rows = rows, .header = header, .bits = (uint32_t)len * 8 };
	if (is_fixed(f->place) && is_fixed(f->when.place) && is_fixed(f->and_when.place) &&
	    is_fixed(sonde_sizing_place(f)))
		return place_row(&w, f);
	struct sonde_slot slots[SONDE_MAX_ROWS];
	sonde_layout(slots, rows, header, len);
	return slots[row];
}

uint32_t sonde_rows_len(const struct sonde_field *rows, const uint8_t *header, size_t len)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	uint32_t end = 0;
	for (unsigned i = 0, n = sonde_layout(slots, rows, header, len); i < n; i++) {
		if (slots[i].exists && !slots[i].there && !rows[i].tail)
			return UINT32_MAX;
		if (slots[i].there && !rows[i].view && slots[i].first + slots[i].width > end)
			end = slots[i].first + slots[i].width;
	}
	return (end + 7) / 8;
}

/* --- Rows that others depend on ---------------------------------------------------------------------------------- */

static uint64_t mark_of(sonde_place place)
{
	return place ? SONDE_MARK(place) : 0;
}

uint64_t sonde_deciding_rows(const struct sonde_field *rows)
{
	uint64_t marks = 0;
	for (const struct sonde_field *f = rows; f->name; f++) {
		marks |= f->when.test ? SONDE_MARK(f->when.place) : 0;
		marks |= f->and_when.test ? SONDE_MARK(f->and_when.place) : 0;
		marks |= mark_of(f->len_from) | mark_of(f->count_from);
	}
	return marks;
}

/* The number of values in a row's bytes; an invalid rest counts as one. */
static uint64_t count_values(const struct sonde_field *row, struct sonde_view bytes)
{
	uint64_t n = 0;
	if (row->shape == SONDE_LIST)
		return sonde_list_count(row->list, bytes);
	for (size_t at = 0; at < bytes.len; n++)
		at += span(row, sonde_view_sub(bytes, at, bytes.len), 1);
	return n;
}

uint64_t sonde_number_by_bytes(const struct sonde_field *row, struct sonde_view bytes)
{
	uint64_t count = row->count_from ? count_values(row, bytes) : bytes.len / (row->unit ? row->unit : 1);
	int64_t n = (int64_t)count + row->plus;
	return n > 0 ? (uint64_t)n : 0;
}
