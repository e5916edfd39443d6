#include "packet/rows.h"

#include <inttypes.h>

#include "proto/list.h"

/* The rows of a table and their slots. */
struct arrangement {
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n;
};

static void lay_out(struct arrangement *a, const struct sonde_rows *r)
{
	a->n = sonde_layout(a->slots, r->fields, r->data, r->len);
}

static bool is_written(const struct sonde_rows *r, const struct sonde_field *f)
{
	return r->written & SONDE_MARK(f->place);
}

/* The highest .tail of a row that is written, or 0. */
static unsigned last_tail(const struct sonde_rows *r)
{
	unsigned last = 0;
	for (const struct sonde_field *f = r->fields; f->name; f++)
		if (f->tail > last && is_written(r, f))
			last = f->tail;
	return last;
}

/* --- Defaults ---------------------------------------------------------------------------------------------------- */

/* The number at a place: of its row, or its default if the row is absent. */
static uint64_t number_at(const struct sonde_rows *r, const struct arrangement *a, sonde_place place)
{
	const struct sonde_slot *s = &a->slots[SONDE_ROW(place)];
	if (SONDE_FIRST(place) != SONDE_NEXT && SONDE_END(place) <= r->len * 8)
		return sonde_get(r->data, place);
	if (r->fields[SONDE_ROW(place)].place != place)
		return 0;
	return s->there ? sonde_slot_get(r->data, *s) : r->fields[SONDE_ROW(place)].value;
}

static uint32_t default_width(const struct sonde_rows *r, const struct arrangement *a, const struct sonde_field *f)
{
	uint8_t room[SONDE_MAX_EMPTY];
	if (SONDE_WIDTH(f->place) && !f->repeat)
		return SONDE_WIDTH(f->place);
	if (f->len_from && f->shape == SONDE_BYTES && !f->repeat)
		return (uint32_t)sonde_count_by_number(f, number_at(r, a, f->len_from)) * 8;
	return sonde_empty_value(room, f) * 8;
}

static void put_default(struct sonde_rows *r, const struct sonde_field *f, struct sonde_slot s)
{
	uint8_t room[SONDE_MAX_EMPTY];
	if (f->shape == SONDE_SCALAR && !f->repeat) {
		sonde_slot_put(r->data, s, f->open == SONDE_CONSTANT ? f->value : 0);
		return;
	}
	memset(r->data + s.first / 8, 0, s.width / 8);
	unsigned n = sonde_empty_value(room, f);
	if (n && n * 8 == s.width)
		memcpy(r->data + s.first / 8, room, n);
}

/* --- Adding and removing rows ------------------------------------------------------------------------------------ */

static bool holds(const struct sonde_rows *r, const struct arrangement *a, const struct sonde_when *when)
{
	if (when->test == SONDE_ALWAYS)
		return true;
	uint64_t v = number_at(r, a, when->place);
	if (when->test == SONDE_HAS)
		return v & when->mask;
	bool is = v >= when->base && v - when->base < 64 && when->mask >> (v - when->base) & 1;
	return is == (when->test == SONDE_IS);
}

/* Compute the slot of each row from the current numbers. A row that is present keeps its length if it was written, or
 * if no number sizes it. Returns the length of all rows. */
static uint32_t plan(struct arrangement *to, const struct arrangement *from, const struct sonde_rows *r)
{
	uint32_t cursor = 0, end = 0;
	unsigned tail = last_tail(r);
	to->n = from->n;
	for (unsigned i = 0; i < from->n; i++) {
		const struct sonde_field *f = &r->fields[i];
		struct sonde_slot *s = &to->slots[i];
		uint32_t align = f->align * 8u;
		*s = from->slots[i];
		s->exists = !f->view && f->tail <= tail && holds(r, from, &f->when) && holds(r, from, &f->and_when);
		if (!s->exists)
			continue;
		if (SONDE_FIRST(f->place) != SONDE_NEXT)
			s->first = SONDE_FIRST(f->place);
		else
			s->first = align ? (cursor + align - 1) / align * align : cursor;
		bool keeps_width =
			from->slots[i].there && (is_written(r, f) || !(f->len_from && f->shape == SONDE_BYTES));
		/* Bytes that a shorter message leaves over are no content for a row that takes the rest. */
		bool takes_rest = SONDE_WIDTH(f->place) == 0 && !sonde_sizing_place(f) && !is_written(r, f);
		if (!keeps_width || takes_rest)
			s->width = default_width(r, from, f);
		s->little = SONDE_IS_LITTLE(f->place);
		cursor = s->first + s->width;
		end = cursor > end ? cursor : end;
	}
	return (end + 7) / 8;
}

/* Whether a row has to be moved. */
static bool moves(const struct arrangement *from, const struct arrangement *to, const struct sonde_field *f, unsigned i)
{
	return SONDE_FIRST(f->place) == SONDE_NEXT && from->slots[i].there && to->slots[i].exists &&
	       from->slots[i].first != to->slots[i].first;
}

static void move_row(struct sonde_rows *r, const struct sonde_slot *from, const struct sonde_slot *to)
{
	uint32_t width = from->width < to->width ? from->width : to->width;
	memmove(r->data + to->first / 8, r->data + from->first / 8, width / 8);
}

/* Rows keep their order, so no row is overwritten before it has moved: those that move towards the end go last to
 * first, then the others first to last. */
static void move_rows(struct sonde_rows *r, const struct arrangement *from, const struct arrangement *to)
{
	for (unsigned i = from->n; i-- > 0;)
		if (moves(from, to, &r->fields[i], i) && to->slots[i].first > from->slots[i].first)
			move_row(r, &from->slots[i], &to->slots[i]);
	for (unsigned i = 0; i < from->n; i++)
		if (moves(from, to, &r->fields[i], i) && to->slots[i].first < from->slots[i].first)
			move_row(r, &from->slots[i], &to->slots[i]);
}

/* Clear the alignment bytes. */
static void clear_gaps(const struct sonde_rows *r, const struct arrangement *to)
{
	uint32_t behind = 0;
	for (unsigned i = 0; i < to->n; i++) {
		const struct sonde_slot *s = &to->slots[i];
		if (!s->exists)
			continue;
		if (r->fields[i].align && s->first > behind)
			memset(r->data + behind / 8, 0, (s->first - behind) / 8);
		behind = s->first + s->width;
	}
}

/* After a change of a number on which the existence or length of rows depends: add and remove rows, new ones with their
 * defaults. `from` is where they were. Returns 0 or r->full. */
static int rearrange(struct sonde_rows *r, const struct arrangement *from)
{
	struct arrangement to;
	uint32_t len = plan(&to, from, r);
	if (len > r->room || (len < r->len && r->full == SONDE_E_ORDER))
		return r->full;
	if (len > r->len)
		memset(r->data + r->len, 0, len - r->len);
	move_rows(r, from, &to);
	clear_gaps(r, &to);
	r->len = len;
	for (unsigned i = 0; i < to.n; i++) {
		bool stays = from->slots[i].there && from->slots[i].width == to.slots[i].width;
		if (to.slots[i].exists && !stays && !is_written(r, &r->fields[i]))
			put_default(r, &r->fields[i], to.slots[i]);
	}
	return 0;
}

int sonde_rows_start(struct sonde_rows *r)
{
	struct arrangement none = { .n = 0 };
	while (r->fields[none.n].name) {
		none.slots[none.n] = (struct sonde_slot){ .first = 0 };
		none.n++;
	}
	/* Constants on which other rows depend come first. */
	for (const struct sonde_field *f = r->fields; f->name; f++)
		if (f->value && f->open == SONDE_CONSTANT && r->deciding & SONDE_MARK(f->place) &&
		    SONDE_FIRST(f->place) != SONDE_NEXT && !f->when.test && SONDE_END(f->place) <= r->len * 8)
			sonde_put(r->data, f->place, f->value);
	uint32_t least = r->len;
	int err = rearrange(r, &none);
	if (!err && r->len < least)
		r->len = least;
	return err;
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

int sonde_rows_unfit(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_field *f)
{
	return sonde_fail(e, SONDE_E_RANGE, "%s %s: %s, at most %" PRIu64 " (%s): this packet needs more", proto->name,
			  f->name, f->help, sonde_place_max(f->place), proto->source);
}

/* Whether a trailing row that is absent would exist after being written. */
static bool comes_with_tail(const struct sonde_rows *r, const struct arrangement *a, const struct sonde_field *f)
{
	struct sonde_rows with = *r;
	struct arrangement to;
	if (!f->tail || r->cut)
		return false;
	with.written |= SONDE_MARK(f->place);
	plan(&to, a, &with);
	return to.slots[SONDE_ROW(f->place)].exists;
}

bool sonde_rows_is_writable(const struct sonde_rows *r, unsigned row)
{
	const struct sonde_field *f = &r->fields[row];
	struct arrangement a;
	if (f->announces && !r->cut && !(r->written & SONDE_MARK(f->when.place)))
		return true;
	lay_out(&a, r);
	return a.slots[row].exists || comes_with_tail(r, &a, f);
}

/* Add a row that is absent by changing the number that .when tests. Returns SONDE_E_ABSENT when that is not
 * possible. */
static int announce(struct sonde_rows *r, struct arrangement *a, const struct sonde_field *f)
{
	if (!f->announces || r->cut || r->written & SONDE_MARK(f->when.place))
		return SONDE_E_ABSENT;
	uint64_t was = sonde_get(r->data, f->when.place);
	sonde_put(r->data, f->when.place, sonde_announced(&f->when, was));
	int err = rearrange(r, a);
	if (err)
		sonde_put(r->data, f->when.place, was);
	else
		lay_out(a, r);
	return err;
}

/* The row that holds the bits of a view, or the row itself. */
static const struct sonde_field *held_by(const struct sonde_rows *r, const struct sonde_field *view)
{
	for (const struct sonde_field *f = r->fields; view->view && f->name; f++)
		if (!f->view && SONDE_FIRST(f->place) <= SONDE_FIRST(view->place) &&
		    SONDE_END(f->place) >= SONDE_END(view->place))
			return f;
	return view;
}

/* Prepare writing a row: mark it as written, and add it if it can be added. */
static int open_row(struct sonde_rows *r, struct arrangement *a, const struct sonde_field *f)
{
	uint64_t before = r->written;
	unsigned row = SONDE_ROW(f->place);
	lay_out(a, r);
	int err = a->slots[row].exists || comes_with_tail(r, a, f) ? 0 : announce(r, a, f);
	if (err)
		return err;
	r->written |= SONDE_MARK(held_by(r, f)->place);
	if (f->tail && r->written != before) {
		err = rearrange(r, a);
		lay_out(a, r);
	}
	return err ? err : a->slots[row].exists ? 0 : SONDE_E_ABSENT;
}

static int set_number(struct sonde_rows *r, const struct sonde_field *f, uint64_t v)
{
	struct arrangement a;
	int err = open_row(r, &a, f);
	if (err)
		return err;
	struct sonde_slot s = a.slots[SONDE_ROW(f->place)];
	if (!s.there)
		return SONDE_E_ABSENT;
	uint64_t was = sonde_slot_get(r->data, s);
	sonde_slot_put(r->data, s, v);
	if (r->deciding & SONDE_MARK(held_by(r, f)->place))
		err = rearrange(r, &a);
	if (err)
		sonde_slot_put(r->data, s, was);
	return err;
}

int sonde_rows_set(struct sonde_rows *r, sonde_place place, uint64_t v)
{
	const struct sonde_field *f = &r->fields[SONDE_ROW(place)];
	if (SONDE_WIDTH(place) < 64 && v >> SONDE_WIDTH(place))
		return SONDE_E_RANGE;
	bool direct = SONDE_FIRST(place) != SONDE_NEXT && !f->view && !f->tail && !(r->deciding & SONDE_MARK(place));
	if (direct && SONDE_END(place) <= r->len * 8 && sonde_row_applies(f, r->data, r->len)) {
		sonde_put(r->data, place, v);
		r->written |= SONDE_MARK(place);
		return 0;
	}
	uint64_t before = r->written;
	int err = set_number(r, f, v);
	r->written = err ? before : r->written;
	return err;
}

/* --- Bytes ------------------------------------------------------------------------------------------------------- */

/* Whether the length of a row that a number sizes is fixed already: because the number was written, or because of an
 * earlier row with the same number, or a later row that was written. */
static bool is_sized(const struct sonde_rows *r, const struct sonde_field *f, uint64_t written)
{
	if (!f->len_from || f->shape != SONDE_BYTES || f->repeat || r->cut)
		return false;
	for (const struct sonde_field *other = r->fields; other->name; other++)
		if (other < f ? other->len_from == f->len_from : other > f && written & SONDE_MARK(other->place))
			return true;
	return written & SONDE_MARK(f->len_from);
}

/* Change the length of a row to len bytes and move what follows it. */
static int resize(struct sonde_rows *r, struct arrangement *a, unsigned row, uint32_t len)
{
	struct sonde_slot *s = &a->slots[row];
	uint32_t was = s->width / 8, end = s->first / 8 + was;
	if (len == was)
		return 0;
	if (r->full == SONDE_E_ORDER || (len > was && len - was > r->room - r->len))
		return r->full;
	memmove(r->data + end - was + len, r->data + end, r->len - end);
	r->len += len - was;
	s->width = len * 8;
	for (unsigned i = row + 1; i < a->n; i++)
		if (SONDE_FIRST(r->fields[i].place) == SONDE_NEXT)
			a->slots[i].first += (len - was) * 8;
	return 0;
}

/* Update the number that sizes a row, unless it was written. */
static int update_sizing_number(struct sonde_rows *r, const struct arrangement *a, const struct sonde_field *f,
				struct sonde_view bytes)
{
	sonde_place place = sonde_sizing_place(f);
	if (!place || r->cut || r->written & SONDE_MARK(place))
		return 0;
	struct sonde_slot s = sonde_slot_of(place, a->slots);
	uint64_t n = sonde_number_by_bytes(f, bytes);
	if (!s.there || s.first + s.width > r->len * 8)
		return SONDE_E_ABSENT;
	if (n >> SONDE_WIDTH(place))
		return SONDE_E_RANGE;
	sonde_slot_put(r->data, s, n);
	return 0;
}

/* Write the whole of a row of variable length: the bytes and, in a list, padding. */
static int set_variable(struct sonde_rows *r, struct arrangement *a, const struct sonde_field *f,
	struct sonde_view bytes)
{
	uint8_t fill[8];
	unsigned row = SONDE_ROW(f->place), n_fill = 0;
	if (f->shape == SONDE_LIST && !r->cut)
		n_fill = sonde_list_fill(fill, f->list, bytes.len);
	struct sonde_view was = sonde_slot_view(r->data, a->slots[row]);
	int err = update_sizing_number(r, a, f, bytes);
	if (err)
		return err;
	err = resize(r, a, row, (uint32_t)bytes.len + n_fill);
	if (err) {
		update_sizing_number(r, a, f, was);
		return err;
	}
	uint8_t *at = r->data + a->slots[row].first / 8;
	if (bytes.len)
		memcpy(at, bytes.data, bytes.len);
	if (n_fill)
		memcpy(at + bytes.len, fill, n_fill);
	a->slots[row].there = true;
	return sonde_sizing_place(f) ? rearrange(r, a) : 0;
}

static uint64_t first_of_tail(const struct sonde_rows *r, uint8_t tail)
{
	const struct sonde_field *f = r->fields;
	while (f->tail != tail)
		f++;
	return SONDE_MARK(f->place);
}

static int set_bytes(struct sonde_rows *r, const struct sonde_field *f, struct sonde_view bytes)
{
	struct arrangement a;
	uint64_t before = r->written;
	int err = open_row(r, &a, f);
	if (err)
		return err;
	struct sonde_slot s = a.slots[SONDE_ROW(f->place)];
	if (is_sized(r, f, before) && bytes.len * 8 != default_width(r, &a, f))
		return SONDE_E_RANGE;
	if (SONDE_WIDTH(f->place) == 0 || f->repeat)
		err = set_variable(r, &a, f, bytes);
	else if (!s.there || s.width != bytes.len * 8)
		err = s.there ? SONDE_E_RANGE : SONDE_E_ABSENT;
	else
		memcpy(r->data + s.first / 8, bytes.data, bytes.len);
	/* An empty trailing row exists because its first row is marked as written. */
	if (!err && f->tail && bytes.len == 0)
		r->written |= first_of_tail(r, f->tail);
	return err;
}

int sonde_rows_set_bytes(struct sonde_rows *r, sonde_place place, struct sonde_view bytes)
{
	uint64_t before = r->written;
	int err = set_bytes(r, &r->fields[SONDE_ROW(place)], bytes);
	r->written = err ? before : r->written;
	return err;
}

int sonde_rows_clear(struct sonde_rows *r, sonde_place place)
{
	const struct sonde_field *f = &r->fields[SONDE_ROW(place)];
	struct arrangement a;
	uint64_t before = r->written;
	lay_out(&a, r);
	r->written &= ~SONDE_MARK(place);
	int err = a.slots[SONDE_ROW(place)].exists ? 0 : announce(r, &a, f);
	if (!err && !a.slots[SONDE_ROW(place)].there)
		err = SONDE_E_ABSENT;
	bool variable = f->shape == SONDE_LIST || (SONDE_WIDTH(place) == 0 && !f->len_from);
	uint8_t room[SONDE_MAX_EMPTY];
	if (!err && variable)
		err = set_variable(r, &a, f, sonde_view(room, f->shape == SONDE_LIST ? 0 : sonde_empty_value(room, f)));
	else if (!err)
		put_default(r, f, a.slots[SONDE_ROW(place)]);
	if (!err && (f->tail || r->deciding & SONDE_MARK(place)))
		err = rearrange(r, &a);
	r->written = err ? before : r->written;
	return err;
}
