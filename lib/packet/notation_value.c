#include "packet/notation_value.h"

#include <errno.h>

#include "packet/list_text.h"

#define ROOM_FOR_LIST SONDE_MAX_FRAME

static bool is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

static bool starts(const char *s, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

/* A value that only a pattern or a conversation can have: the first one is refused where packets are built. */
static void note_unbuilt(const struct sonde_value_place *w, const struct sonde_spec_field *f, enum sonde_spec_how how)
{
	struct sonde_spec *s = w->spec;
	if (!s->is_pattern && !s->has_refs) {
		s->refused_column = f->column;
		s->refused_length = f->length;
	}
	if (how == SONDE_SPEC_REF)
		s->has_refs = true;
	else
		s->is_pattern = true;
}

/* One that is kept for that message only. */
static int keep_unbuilt(const struct sonde_value_place *w, struct sonde_spec_field *f, enum sonde_spec_how how)
{
	f->how = (uint8_t)how;
	note_unbuilt(w, f, how);
	return 0;
}

/* --- Sets -------------------------------------------------------------------------------------------------------- */

static int add_range(const struct sonde_value_place *w, struct sonde_spec_field *f, sonde_u128 first, sonde_u128 last,
		     sonde_u128 step)
{
	struct sonde_spec_range *r = sonde_spec_add_range(w->spec);
	if (!r)
		return sonde_fail(w->e, -ENOMEM, "out of memory");
	*r = (struct sonde_spec_range){ first, last, step };
	f->n++;
	return 0;
}

/* ADDR/BITS: every address of the prefix. */
static int read_prefix(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		       const char *s, size_t len, const char *slash)
{
	struct sonde_value v;
	uint64_t bits;
	size_t head = (size_t)(slash - s);
	int number = sonde_uint_parse(&bits, slash + 1, len - head - 1);
	if (number == SONDE_E_SYNTAX)
		return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "put blanks around '/'");
	int err = sonde_atom_read(w, &v, row, s, head);
	if (err)
		return err;
	unsigned width = v.len * 8u;
	if (number || bits > width)
		return sonde_atom_refuse(w, SONDE_E_RANGE, row, s, len, "no such prefix length");
	sonde_u128 host = bits == width ? 0 : ~(sonde_u128)0 >> (128 - (width - bits));
	f->value_len = v.len;
	return add_range(w, f, v.number & ~host, v.number | host, 1);
}

/* A dash that separates two ends: not inside a name that the field knows, nor a sign. */
static const char *range_dash(const struct sonde_field *row, uint64_t by, const char *s, size_t len)
{
	uint64_t v;
	if (row->kind == SONDE_SPAN || row->kind == SONDE_SIGNED || row->kind == SONDE_LETTERS ||
	    sonde_value_named(&v, row, by, s, len))
		return NULL;
	for (const char *dash = s; (dash = memchr(dash, '-', (size_t)(s + len - dash))) != NULL; dash++) {
		struct sonde_value ignored;
		size_t head = (size_t)(dash - s), rest = len - head - 1;
		bool left = head == 0 || sonde_value_parse(&ignored, row, by, s, head) != SONDE_E_SYNTAX;
		if (left &&
		    (rest == 0 || head > 0 || sonde_value_parse(&ignored, row, by, dash + 1, rest) != SONDE_E_SYNTAX))
			return dash;
	}
	return NULL;
}

/* 1000- and -5: a pattern, whose other end is the field's. */
static int read_open_range(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
			   const char *s, size_t len)
{
	struct sonde_value v;
	bool up = s[len - 1] == '-';
	int err = len < 2 ? sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "a value expected")
			  : sonde_atom_read(w, &v, row, up ? s : s + 1, len - 1);
	if (err)
		return err;
	unsigned width = v.len ? v.len * 8u : SONDE_WIDTH(row->place);
	note_unbuilt(w, f, SONDE_SPEC_PATTERN);
	f->value_len = v.len;
	return add_range(w, f, up ? v.number : 0, up ? ~(sonde_u128)0 >> (128 - width) : v.number, 1);
}

static int read_range(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		      const char *s, size_t len, const char *dash)
{
	struct sonde_value first, last;
	uint64_t step = 1;
	size_t head = (size_t)(dash - s);
	const char *tail = dash + 1, *end = s + len;
	if (head == 0 || tail == end)
		return read_open_range(w, f, row, s, len);
	const char *colon = row->shape == SONDE_SCALAR ? memchr(tail, ':', (size_t)(end - tail)) : NULL;
	if (colon && (sonde_uint_parse(&step, colon + 1, (size_t)(end - colon - 1)) || step == 0))
		return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "a step is a number from 1");
	int err = sonde_atom_read(w, &first, row, s, head);
	if (!err)
		err = sonde_atom_read(w, &last, row, tail, (size_t)((colon ? colon : end) - tail));
	if (err)
		return err;
	if (first.number > last.number)
		return sonde_atom_refuse(w, SONDE_E_RANGE, row, s, len, "the range runs backwards");
	f->value_len = first.len;
	return add_range(w, f, first.number, last.number, step);
}

static int read_set_part(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
			 const char *s, size_t len)
{
	struct sonde_value v;
	const char *slash = row->shape == SONDE_BYTES ? memchr(s, '/', len) : NULL;
	if (slash)
		return read_prefix(w, f, row, s, len, slash);
	bool whole = sonde_value_parse(&v, row, w->by, s, len) == 0;
	const char *dash = whole ? NULL : range_dash(row, w->by, s, len);
	if (dash)
		return read_range(w, f, row, s, len, dash);
	int err = sonde_atom_read(w, &v, row, s, len);
	if (err)
		return err;
	f->value_len = v.len;
	return add_range(w, f, v.number, v.number, 1);
}

static int read_set(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		    const char *s, size_t len)
{
	f->how = SONDE_SPEC_SET;
	f->start = w->spec->n_ranges;
	for (const char *end = s + len;;) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		int err = read_set_part(w, f, row, s, (size_t)((comma ? comma : end) - s));
		if (err || !comma)
			return err;
		s = comma + 1;
	}
}

/* --- Everything else --------------------------------------------------------------------------------------------- */

static int keep_bytes(const struct sonde_value_place *w, struct sonde_spec_field *f, struct sonde_view v)
{
	uint8_t *at = sonde_spec_add_bytes(w->spec, &f->start, (uint32_t)v.len);
	if (!at)
		return sonde_fail(w->e, -ENOMEM, "out of memory");
	if (v.len)
		memcpy(at, v.data, v.len);
	f->how = SONDE_SPEC_BYTES;
	f->n = (uint32_t)v.len;
	return 0;
}

/* Open ends and references inside a list: they match, or belong to a conversation. */
static bool has_open_argument(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		bool before = s[i - 1] == ':' || s[i - 1] == '+',
		     after = i + 1 == len || strchr(":,+", s[i + 1]) != NULL;
		if (s[i] == '-' && before != after)
			return true;
	}
	return false;
}

static int read_list(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		     const char *s, size_t len)
{
	uint8_t room[ROOM_FOR_LIST];
	struct sonde_buf b = { room, 0, sizeof room };
	struct sonde_error inner;
	if (memchr(s, '@', len))
		return keep_unbuilt(w, f, SONDE_SPEC_REF);
	int err = sonde_list_parse(&b, row->list, s, len, &inner);
	if (!err)
		return keep_bytes(w, f, sonde_view(room, b.len));
	if (has_open_argument(s, len))
		return keep_unbuilt(w, f, SONDE_SPEC_PATTERN);
	sonde_fail(w->e, err, "layer %d: %s %s: %s", w->layer, w->proto->name, row->name, inner.what);
	if (inner.hint[0])
		sonde_hint(w->e, "%s", inner.hint);
	if (w->e) {
		w->e->layer = w->layer;
		w->e->column = (int)(w->column + (size_t)(s - w->token)) + inner.column;
		w->e->length = inner.length;
	}
	return err;
}

/* Bytes of any length: hex digits, with or without 0x. */
static int read_bytes(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		      const char *s, size_t len)
{
	size_t skip = starts(s, len, "0x") ? 2 : 0, n = (len - skip) / 2;
	uint8_t *at = sonde_spec_add_bytes(w->spec, &f->start, (uint32_t)n);
	struct sonde_buf b = { at, 0, n };
	if (!at)
		return sonde_fail(w->e, -ENOMEM, "out of memory");
	if (sonde_hex_parse(&b, s + skip, len - skip))
		return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "an even number of hex digits expected");
	if (SONDE_WIDTH(row->place) && n * 8 != SONDE_WIDTH(row->place))
		return sonde_atom_refuse_value(w, SONDE_E_RANGE, row, s, len);
	f->how = SONDE_SPEC_BYTES;
	f->n = (uint32_t)n;
	return 0;
}

/* A field of variable width takes an address as its bytes. */
static int set_to_bytes(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row)
{
	uint8_t bytes[16];
	if (f->how != SONDE_SPEC_SET || SONDE_WIDTH(row->place))
		return 0;
	const struct sonde_spec_range *r = &w->spec->ranges[f->start];
	if (f->n != 1 || r->first != r->last)
		return 0;
	sonde_u128_bytes(bytes, f->value_len, r->first);
	return keep_bytes(w, f, sonde_view(bytes, f->value_len));
}

static int read_random(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		       const char *s, size_t len)
{
	static const char random[] = "random";
	size_t head = sizeof random - 1;
	if (len > head) {
		int err = read_set(w, f, row, s + head + 1, len - head - 1);
		if (err)
			return err;
		if (f->n != 1)
			return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "one range expected after random:");
	} else if (row->shape == SONDE_BYTES) {
		f->value_len = (uint8_t)(SONDE_WIDTH(row->place) / 8);
	}
	if (row->shape != SONDE_SCALAR && f->value_len == 0)
		return sonde_atom_refuse(w, SONDE_E_KIND, row, s, len, "a field of variable length cannot be random");
	f->how = SONDE_SPEC_RANDOM;
	return 0;
}

static bool is_checksum(const struct sonde_proto *proto, const struct sonde_field *row)
{
	return proto->pseudo && row->place == proto->checksum_place;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_word(const char *s, const char *end)
{
	while (s < end && is_word_char(*s))
		s++;
	return s;
}

bool sonde_is_ref(const char *s, size_t len)
{
	const char *end = s + len, *dot = len && *s == '@' ? memchr(s, '.', len) : NULL;
	uint64_t n;
	if (!dot)
		return false;
	for (s = dot; s < end && *s == '.';) {
		const char *behind = skip_word(++s, end);
		if (behind == s)
			return false;
		s = behind;
	}
	return s == end || ((*s == '+' || *s == '-') && sonde_uint_parse(&n, s + 1, (size_t)(end - s - 1)) == 0);
}

/* +S-A: signs make a pattern of flags. */
static bool is_signed_flags(const struct sonde_field *row, const char *s, size_t len)
{
	return len && (row->kind == SONDE_LETTERS || row->kind == SONDE_WORDS) && (*s == '+' || *s == '-');
}

static int read_signed_flags(const struct sonde_value_place *w, struct sonde_spec_field *f,
			     const struct sonde_field *row, const char *s, size_t len)
{
	sonde_u128 bits[2] = { 0, 0 }; /* that are clear, and that are set */
	for (const char *at = s, *end = s + len; at < end;) {
		struct sonde_value v;
		bool set = *at++ == '+';
		size_t n = 0;
		while (at + n < end && at[n] != '+' && at[n] != '-')
			n++;
		int err = n ? sonde_atom_read(w, &v, row, at, n)
			    : sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "a flag expected behind each sign");
		if (err)
			return err;
		bits[set] |= v.number;
		at += n;
	}
	if (bits[0] & bits[1])
		return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "a flag cannot be both set and clear");
	f->how = SONDE_SPEC_FLAGS;
	f->start = w->spec->n_ranges;
	note_unbuilt(w, f, SONDE_SPEC_FLAGS);
	return add_range(w, f, bits[1], bits[0], 1);
}

int sonde_notation_value(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
			 const char *s, size_t len)
{
	if (is(s, len, "auto")) {
		f->how = SONDE_SPEC_AUTO;
		return 0;
	}
	if (is(s, len, "partial") && is_checksum(w->proto, row)) {
		f->how = SONDE_SPEC_PARTIAL;
		return 0;
	}
	if (starts(s, len, "@"))
		return sonde_is_ref(s, len) ? keep_unbuilt(w, f, SONDE_SPEC_REF)
					    : sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len,
								"a reference is written @.field or @name.field");
	if (row->shape == SONDE_LIST)
		return read_list(w, f, row, s, len);
	if (is(s, len, "random") || starts(s, len, "random:"))
		return read_random(w, f, row, s, len);
	if (row->shape == SONDE_BYTES && (row->kind == SONDE_RAW || starts(s, len, "0x")))
		return read_bytes(w, f, row, s, len);
	if (is_signed_flags(row, s, len))
		return read_signed_flags(w, f, row, s, len);
	if (len == 0)
		return sonde_atom_refuse(w, SONDE_E_SYNTAX, row, s, len, "a value expected");
	int err = read_set(w, f, row, s, len);
	return err || f->how != SONDE_SPEC_SET ? err : set_to_bytes(w, f, row);
}
