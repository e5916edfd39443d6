#include "base/addr.h"
#include "base/error.h"
#include "packet/escape.h"
#include "packet/layout.h"
#include "packet/list_text.h"
#include "packet/value.h"

/* Where reading stands: the text of the list, and the item being built at the end of out. */
struct reader {
	const struct sonde_list *list;
	struct sonde_buf *out;
	size_t start; /* where the item starts in out */
	const char *text;
	struct sonde_error *e;
};

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

/* Let the item have at least n bytes. */
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

static const char *value_expected(const char *s, size_t len, const struct sonde_field *f)
{
	bool number = f->kind == SONDE_DEC || f->kind == SONDE_HEX || f->kind == SONDE_PORT;
	return number && memchr(s, ':', len) ? "one argument too many" : f->help;
}

static int put_value(struct reader *r, const struct sonde_field *f, uint32_t first, const char *s, size_t len)
{
	struct sonde_value v;
	uint32_t width = SONDE_WIDTH(f->place);
	bool hex = f->kind == SONDE_RAW && f->shape == SONDE_BYTES;
	uint8_t raw[8];
	struct sonde_buf b = { raw, 0, sizeof raw };
	int err = hex ? sonde_hex_parse(&b, s, len) : sonde_value_parse(&v, f, 0, s, len);
	if (!err && hex && b.len * 8 != width)
		err = SONDE_E_RANGE;
	if (err)
		return fail_at(r, err, s, len, err == SONDE_E_RANGE ? "out of range" : value_expected(s, len, f));
	uint8_t *item = item_bytes(r, (first + width + 7) / 8);
	if (!item)
		return no_room(r, s, len);
	if (hex)
		memcpy(item + first / 8, raw, b.len);
	else if (f->shape == SONDE_BYTES)
		sonde_u128_bytes(item + first / 8, width / 8, v.number);
	else
		sonde_bits_put(item, first, width, (uint64_t)v.number);
	return 0;
}

/* Values joined by +, one behind the other. */
static int put_repeated(struct reader *r, const struct sonde_field *f, uint32_t first, const char *s, size_t len)
{
	for (const char *end = s + len; s < end; first += SONDE_WIDTH(f->place)) {
		const char *plus = memchr(s, '+', (size_t)(end - s));
		size_t n = (size_t)((plus ? plus : end) - s);
		int err = put_value(r, f, first, s, n);
		if (err)
			return err;
		s += n + (plus != NULL);
	}
	return 0;
}

static int put_hex(struct reader *r, uint32_t first, const char *s, size_t len)
{
	uint8_t *item = item_bytes(r, first / 8);
	if (!item)
		return no_room(r, s, len);
	int err = sonde_hex_parse(r->out, s, len);
	if (err == SONDE_E_SPACE)
		return no_room(r, s, len);
	return err ? fail_at(r, err, s, len, "not an even number of hex digits") : 0;
}

/* Zero bytes, given as their number. */
static int put_zeros(struct reader *r, uint32_t first, const char *s, size_t len)
{
	uint64_t n;
	int err = sonde_uint_parse(&n, s, len);
	if (err)
		return fail_at(r, err, s, len, "a number of bytes expected");
	bool fits = n <= r->out->cap && item_bytes(r, first / 8 + (size_t)n);
	return fits ? 0 : no_room(r, s, len);
}

static int put_afi_addr(struct reader *r, uint32_t first, const char *s, size_t len)
{
	enum { HEAD = 4 };
	struct sonde_addr a;
	if (sonde_addr_parse(&a, NULL, s, len))
		return fail_at(r, SONDE_E_SYNTAX, s, len, "an address expected");
	uint8_t *item = item_bytes(r, first / 8 + HEAD + sonde_addr_len(&a));
	if (!item)
		return no_room(r, s, len);
	sonde_put_be16(item + first / 8, a.family == SONDE_IP4 ? 1 : 2);
	memcpy(item + first / 8 + HEAD, a.bytes, sonde_addr_len(&a));
	return 0;
}

static int put_counted_name(struct reader *r, uint32_t first, const char *s, size_t len)
{
	const size_t at = first / 8, most = 252;
	struct sonde_view bad;
	int err = item_bytes(r, at + 1) ? sonde_string_parse(r->out, &bad, s, len) : SONDE_E_SPACE;
	if (err == SONDE_E_SYNTAX) {
		fail_at(r, err, (const char *)bad.data, bad.len, SONDE_NO_ESCAPE);
		sonde_hint(r->e, "%s", SONDE_ESCAPE_HINT);
		return err;
	}
	size_t count = (r->out->len - r->start - at + 3) & ~(size_t)3;
	if (!err && count > most)
		err = SONDE_E_RANGE;
	if (!err && !item_bytes(r, at + count))
		err = SONDE_E_SPACE;
	if (err)
		return err == SONDE_E_SPACE ? no_room(r, s, len) : fail_at(r, err, s, len, "too long for a name");
	r->out->data[r->start + at] = (uint8_t)count;
	return 0;
}

/* The number that counts a row's bytes follows them. */
static int count_bytes(struct reader *r, const struct sonde_field *f, uint32_t first, const char *s, size_t len)
{
	if (!f->len_from)
		return 0;
	int err = sonde_put_length(r->out->data + r->start, f, r->out->len - r->start - first / 8);
	return err ? fail_at(r, err, s, len, "too long") : 0;
}

static int put_arg(struct reader *r, const struct sonde_field *f, const char *s, size_t len)
{
	size_t have = r->out->len - r->start;
	uint32_t first = SONDE_FIRST(f->place) == SONDE_NEXT ? (uint32_t)have * 8 : SONDE_FIRST(f->place);
	int err;
	if (f->kind == SONDE_ZEROS)
		err = put_zeros(r, first, s, len);
	else if (f->kind == SONDE_AFI_ADDR)
		err = put_afi_addr(r, first, s, len);
	else if (f->kind == SONDE_COUNTED_NAME)
		err = put_counted_name(r, first, s, len);
	else if (SONDE_WIDTH(f->place) == 0)
		err = put_hex(r, first, s, len);
	else if (f->repeat)
		err = put_repeated(r, f, first, s, len);
	else
		err = put_value(r, f, first, s, len);
	return err ? err : count_bytes(r, f, first, s, len);
}

/* The end of an argument: the next colon outside brackets, or for the last row the end of the item. */
static const char *arg_end(const struct sonde_field *f, const char *s, const char *end)
{
	if (!f[1].name)
		return end;
	if (s < end && *s == '[') {
		const char *close = memchr(s, ']', (size_t)(end - s));
		return close ? close + 1 : end;
	}
	const char *colon = memchr(s, ':', (size_t)(end - s));
	return colon ? colon : end;
}

static bool in_brackets(const char *s, const char *end)
{
	return end - s >= 2 && *s == '[' && end[-1] == ']';
}

/* Arguments from s on; rows behind the last one keep their defaults. */
static int put_args(struct reader *r, const struct sonde_field *rows, const char *s, const char *end)
{
	for (const struct sonde_field *f = rows; f->name; f++) {
		if (!sonde_row_applies(f, r->out->data + r->start, r->out->len - r->start))
			continue;
		if (!s) {
			bool fixed = SONDE_FIRST(f->place) != SONDE_NEXT && !f->repeat;
			if (fixed && (f->shape == SONDE_SCALAR || SONDE_WIDTH(f->place) == 0)) {
				uint8_t *item = item_bytes(r, (SONDE_FIRST(f->place) + SONDE_WIDTH(f->place) + 7) / 8);
				if (!item)
					return no_room(r, r->text, 0);
				if (f->tail)
					sonde_put(item, f->place, f->value);
			}
			continue;
		}
		const char *stop = arg_end(f, s, end);
		bool brackets = in_brackets(s, stop) && f->kind != SONDE_RAW;
		int err = put_arg(r, f, s + brackets, (size_t)(stop - s) - 2 * brackets);
		if (err)
			return err;
		if (stop < end && *stop != ':')
			return fail_at(r, SONDE_E_SYNTAX, stop, (size_t)(end - stop), "':' expected");
		s = stop < end ? stop + 1 : NULL;
	}
	return s ? fail_at(r, SONDE_E_SYNTAX, s, (size_t)(end - s), "one argument too many") : 0;
}

/* The bytes of an untyped item: those that are neither kind nor length. */
static int put_raw_body(struct reader *r, const char *s, const char *end)
{
	const struct sonde_list *list = r->list;
	size_t start = r->out->len;
	int err = s ? sonde_hex_parse(r->out, s, (size_t)(end - s)) : 0;
	if (err)
		return fail_at(r, err, s, (size_t)(end - s), "not an even number of hex digits, or too many");
	/* Open gaps for the kind and the length, the one that comes first before the other. They may share a byte. */
	uint32_t places[2] = { list->kind, list->length };
	bool swap = SONDE_FIRST(list->length) < SONDE_FIRST(list->kind);
	size_t behind = start;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t place = places[swap ? 1 - i : i];
		size_t first = start + SONDE_FIRST(place) / 8, at = first > behind ? first : behind;
		behind = start + (SONDE_FIRST(place) + SONDE_WIDTH(place) + 7) / 8;
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

static size_t align_of(const struct sonde_list *list)
{
	return list->align ? list->align : 1;
}

/* Length (in its unit, which the item is filled up to) and filling. given: the length as written, or NULL. */
static int close_item(struct reader *r, const uint64_t *given, const char *s, size_t len)
{
	const struct sonde_list *list = r->list;
	size_t have = r->out->len - r->start, unit = list->length_unit ? list->length_unit : 1;
	if (!given && unit > 1 && !item_bytes(r, have = (have + unit - 1) / unit * unit))
		return no_room(r, s, len);
	if (SONDE_WIDTH(list->length)) {
		uint64_t n = given ? *given : (have - (size_t)list->length_less) / unit;
		if (n >> SONDE_WIDTH(list->length))
			return fail_at(r, SONDE_E_RANGE, s, len, "too long for its length field");
		sonde_put(r->out->data + r->start, list->length, n);
	}
	size_t filled = (have + align_of(list) - 1) / align_of(list) * align_of(list);
	if (!given && !item_bytes(r, filled))
		return no_room(r, s, len);
	return 0;
}

static const struct sonde_item *item_by_name(const struct sonde_list *list, const char *s, size_t len)
{
	for (const struct sonde_item *i = list->items; i->name; i++)
		if (strlen(i->name) == len && memcmp(i->name, s, len) == 0)
			return i;
	return NULL;
}

static int unknown_item(struct reader *r, const char *s, size_t len)
{
	struct sonde_nearest n = { .name = s, .len = len };
	for (const struct sonde_item *i = r->list->items; i->name; i++)
		sonde_nearest_offer(&n, i->name);
	fail_at(r, SONDE_E_UNKNOWN, s, len, "no such item");
	if (n.best)
		sonde_hint(r->e, "did you mean '%s'?", n.best);
	return SONDE_E_UNKNOWN;
}

/* NAME|KIND [.LEN] [:args] */
static int read_kind_item(struct reader *r, const char *s, const char *end)
{
	const struct sonde_list *list = r->list;
	const char *colon = memchr(s, ':', (size_t)(end - s));
	const char *head_end = colon ? colon : end, *args = colon ? colon + 1 : NULL;
	const char *dot = memchr(s, '.', (size_t)(head_end - s));
	const char *name_end = dot ? dot : head_end;
	uint64_t kind = 0, len = 0;
	const struct sonde_item *item = item_by_name(list, s, (size_t)(name_end - s));
	if (item)
		kind = item->kind;
	else if (sonde_uint_parse(&kind, s, (size_t)(name_end - s)))
		return unknown_item(r, s, (size_t)(name_end - s));
	if (kind >> SONDE_WIDTH(list->kind))
		return fail_at(r, SONDE_E_RANGE, s, (size_t)(name_end - s), "no kind is that large");
	if (dot && sonde_uint_parse(&len, dot + 1, (size_t)(head_end - dot - 1)))
		return fail_at(r, SONDE_E_SYNTAX, dot, (size_t)(head_end - dot), "a length expected after '.'");
	bool single = kind < list->n_singles && !dot && !args;
	uint8_t *head = single ? item_bytes(r, 1) : item && !dot ? item_bytes(r, list->head) : NULL;
	if (!head && (single || (item && !dot)))
		return no_room(r, s, (size_t)(end - s));
	if (head)
		sonde_put(head, list->kind, kind);
	int err = single         ? 0
		  : item && !dot ? (item->fields ? put_args(r, item->fields, args, end)
				    : args       ? put_hex(r, list->head * 8u, args, (size_t)(end - args))
						 : 0)
				 : put_raw_body(r, args, end);
	if (err || single)
		return err;
	if (!item || dot)
		sonde_put(r->out->data + r->start, list->kind, kind);
	return close_item(r, dot ? &len : NULL, s, (size_t)(end - s));
}

static int read_item(struct reader *r, const char *s, const char *end)
{
	static const char hex[] = "hex:";
	size_t hex_len = sizeof hex - 1;
	r->start = r->out->len;
	if ((size_t)(end - s) >= hex_len && memcmp(s, hex, hex_len) == 0)
		return put_hex(r, 0, s + hex_len, (size_t)(end - s) - hex_len);
	if (s == end)
		return fail_at(r, SONDE_E_SYNTAX, s, 0, "an item expected");
	if (SONDE_WIDTH(r->list->kind))
		return read_kind_item(r, s, end);
	if (!item_bytes(r, r->list->head))
		return no_room(r, s, (size_t)(end - s));
	int err = put_args(r, r->list->items->fields, s, end);
	return err ? err : close_item(r, NULL, s, (size_t)(end - s));
}

int sonde_list_parse(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e)
{
	struct reader r = { .list = list, .out = out, .text = s, .e = e };
	for (const char *end = s + len; len;) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		int err = read_item(&r, s, comma ? comma : end);
		if (err || !comma)
			return err;
		s = comma + 1;
	}
	return 0;
}
