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

static int refuse(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s, size_t len,
		  const char *why)
{
	sonde_fail(w->e, code, "layer %d: %s %s=%.*s: %s", w->layer, w->proto->name, row->name, (int)(len > 60 ? 60 : len), s, why);
	if (w->e) {
		w->e->layer = w->layer;
		w->e->column = (int)(w->column + (size_t)(s - w->token));
		w->e->length = (int)len;
	}
	return code;
}

/* A value that only a pattern or a conversation can have: kept for the message, and refused where packets are built. */
static int keep_unbuilt(const struct sonde_value_place *w, struct sonde_spec_field *f, enum sonde_spec_how how)
{
	struct sonde_spec *s = w->spec;
	f->how = (uint8_t)how;
	if (!s->is_pattern && !s->has_refs) {
		s->refused_column = f->column;
		s->refused_length = f->length;
	}
	if (how == SONDE_SPEC_REF)
		s->has_refs = true;
	else
		s->is_pattern = true;
	return 0;
}

/* --- What is wrong with a value ---------------------------------------------------------------------------------- */

static int refuse_address(const struct sonde_value_place *w, const struct sonde_field *row, const char *s, size_t len)
{
	bool wants4 = row->kind == SONDE_IP4_ADDR;
	/* The sibling is the protocol whose addresses have the other kind. */
	const char *other = SONDE_WIDTH(w->proto->dst_place) == 0 ? "" : wants4 ? " (use ip6)" : " (use ip)";
	char why[60];
	struct sonde_text t = sonde_text(why, sizeof why);
	sonde_text_fmt(&t, "an IPv%d address%s", wants4 ? 6 : 4, other);
	return refuse(w, SONDE_E_KIND, row, s, len, why);
}

static const char *what_is_expected(const struct sonde_field *row)
{
	switch (row->kind) {
	case SONDE_IP4_ADDR: return "not an IPv4 address";
	case SONDE_IP6_ADDR: return "not an IPv6 address";
	case SONDE_MAC_ADDR: return "not a MAC address, such as 02:00:00:00:00:01";
	case SONDE_NAMED: return "neither a number nor a name that this field has";
	case SONDE_PORT: return "neither a port nor the name of a service";
	case SONDE_LETTERS:
	case SONDE_WORDS: return row->help;
	default: return "not a number";
	}
}

static int refuse_value(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s, size_t len)
{
	if (code == SONDE_E_KIND)
		return refuse_address(w, row, s, len);
	if (code == SONDE_E_RANGE) {
		char why[60];
		struct sonde_text t = sonde_text(why, sizeof why);
		sonde_text_fmt(&t, "the field has %u bits", SONDE_WIDTH(row->place));
		return refuse(w, code, row, s, len, why);
	}
	struct sonde_nearest n = { .name = s, .len = len };
	if (row->kind != SONDE_LETTERS)
		sonde_value_offer_names(&n, row, w->by);
	refuse(w, code, row, s, len, what_is_expected(row));
	if (n.best)
		sonde_hint(w->e, "did you mean '%s'?", n.best);
	return code;
}

/* --- Sets -------------------------------------------------------------------------------------------------------- */

static int add_range(const struct sonde_value_place *w, struct sonde_spec_field *f, sonde_u128 first, sonde_u128 last, sonde_u128 step)
{
	struct sonde_spec_range *r = sonde_spec_add_range(w->spec);
	if (!r)
		return sonde_fail(w->e, -ENOMEM, "out of memory");
	*r = (struct sonde_spec_range){ first, last, step };
	f->n++;
	return 0;
}

static int resolve_name(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row, const char *s, size_t len)
{
	struct sonde_addr a;
	enum sonde_family family = row->kind == SONDE_IP4_ADDR ? SONDE_IP4 : SONDE_IP6;
	if (!w->env || !w->env->resolve)
		return SONDE_E_SYNTAX;
	int err = w->env->resolve(w->env->arg, &a, family, s, len);
	if (err)
		return err;
	v->len = (uint8_t)sonde_addr_len(&a);
	v->number = 0;
	for (size_t i = 0; i < v->len; i++)
		v->number = v->number << 8 | a.bytes[i];
	return 0;
}

/* An IPv6 address with a zone: the address is the value, the zone says which interface. */
static int zoned_value(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row, const char *s, size_t len)
{
	const char *percent = memchr(s, '%', len);
	if (row->kind != SONDE_IP6_ADDR || !percent || !w->env || !w->env->zone)
		return SONDE_E_SYNTAX;
	size_t head = (size_t)(percent - s);
	int err = sonde_value_parse(v, row, w->by, s, head);
	return err ? err : w->env->zone(w->env->arg, &w->spec->scope, percent + 1, len - head - 1);
}

static bool looks_like_host(const char *s, size_t len)
{
	bool letter = false;
	for (size_t i = 0; i < len; i++) {
		char c = (char)(s[i] | 0x20);
		letter |= c >= 'a' && c <= 'z';
		if (!(c >= 'a' && c <= 'z') && !(s[i] >= '0' && s[i] <= '9') && s[i] != '-' && s[i] != '.' && s[i] != '_')
			return false;
	}
	return letter;
}

static int read_atom(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row, const char *s, size_t len)
{
	int err = sonde_value_parse(v, row, w->by, s, len);
	if (err == SONDE_E_SYNTAX && memchr(s, '%', len))
		err = zoned_value(w, v, row, s, len);
	bool address = row->kind == SONDE_IP4_ADDR || row->kind == SONDE_IP6_ADDR;
	if (err == SONDE_E_SYNTAX && address && row->shape == SONDE_BYTES && looks_like_host(s, len)) {
		err = resolve_name(w, v, row, s, len);
		if (err)
			return refuse(w, SONDE_E_UNKNOWN, row, s, len, "no such host");
	}
	return err ? refuse_value(w, err, row, s, len) : 0;
}

/* ADDR/BITS: every address of the prefix. */
static int read_prefix(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		       const char *s, size_t len, const char *slash)
{
	struct sonde_value v;
	uint64_t bits;
	size_t head = (size_t)(slash - s);
	if (sonde_uint_parse(&bits, slash + 1, len - head - 1) == SONDE_E_SYNTAX)
		return refuse(w, SONDE_E_SYNTAX, row, s, len, "put blanks around '/'");
	int err = read_atom(w, &v, row, s, head);
	if (err)
		return err;
	unsigned width = v.len * 8u;
	if (bits > width)
		return refuse(w, SONDE_E_RANGE, row, s, len, "no such prefix length");
	sonde_u128 host = bits == width ? 0 : ~(sonde_u128)0 >> (128 - (width - bits));
	f->value_len = v.len;
	return add_range(w, f, v.number & ~host, v.number | host, 1);
}

/* A dash that separates two ends: not inside a name that the field knows, nor a sign. */
static const char *range_dash(const struct sonde_field *row, uint64_t by, const char *s, size_t len)
{
	uint64_t v;
	if (row->kind == SONDE_SPAN || row->kind == SONDE_SIGNED || row->kind == SONDE_LETTERS || sonde_value_named(&v, row, by, s, len))
		return NULL;
	for (const char *dash = s; (dash = memchr(dash, '-', (size_t)(s + len - dash))) != NULL; dash++) {
		struct sonde_value ignored;
		size_t head = (size_t)(dash - s), rest = len - head - 1;
		bool left = head == 0 || sonde_value_parse(&ignored, row, by, s, head) != SONDE_E_SYNTAX;
		if (left && (rest == 0 || head > 0 || sonde_value_parse(&ignored, row, by, dash + 1, rest) != SONDE_E_SYNTAX))
			return dash;
	}
	return NULL;
}

static int read_range(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
		      const char *s, size_t len, const char *dash)
{
	struct sonde_value first, last;
	uint64_t step = 1;
	size_t head = (size_t)(dash - s);
	const char *tail = dash + 1, *end = s + len;
	if (head == 0 || tail == end)
		return keep_unbuilt(w, f, SONDE_SPEC_PATTERN);
	const char *colon = row->shape == SONDE_SCALAR ? memchr(tail, ':', (size_t)(end - tail)) : NULL;
	if (colon && (sonde_uint_parse(&step, colon + 1, (size_t)(end - colon - 1)) || step == 0))
		return refuse(w, SONDE_E_SYNTAX, row, s, len, "a step is a number from 1");
	int err = read_atom(w, &first, row, s, head);
	if (!err)
		err = read_atom(w, &last, row, tail, (size_t)((colon ? colon : end) - tail));
	if (err)
		return err;
	if (first.number > last.number)
		return refuse(w, SONDE_E_RANGE, row, s, len, "the range runs backwards");
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
	int err = read_atom(w, &v, row, s, len);
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
		bool before = s[i - 1] == ':' || s[i - 1] == '+', after = i + 1 == len || strchr(":,+", s[i + 1]) != NULL;
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
	uint8_t room[ROOM_FOR_LIST];
	struct sonde_buf b = { room, 0, sizeof room };
	size_t skip = starts(s, len, "0x") ? 2 : 0;
	if (sonde_hex_parse(&b, s + skip, len - skip))
		return refuse(w, SONDE_E_SYNTAX, row, s, len, "an even number of hex digits expected");
	if (SONDE_WIDTH(row->place) && b.len * 8 != SONDE_WIDTH(row->place))
		return refuse_value(w, SONDE_E_RANGE, row, s, len);
	return keep_bytes(w, f, sonde_view(room, b.len));
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
			return refuse(w, SONDE_E_SYNTAX, row, s, len, "one range expected after random:");
	} else if (row->shape == SONDE_BYTES) {
		f->value_len = (uint8_t)(SONDE_WIDTH(row->place) / 8);
	}
	if (row->shape != SONDE_SCALAR && f->value_len == 0)
		return refuse(w, SONDE_E_KIND, row, s, len, "a field of variable length cannot be random");
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
					    : refuse(w, SONDE_E_SYNTAX, row, s, len, "a reference is written @.field or @name.field");
	if (row->shape == SONDE_LIST)
		return read_list(w, f, row, s, len);
	if (is(s, len, "random") || starts(s, len, "random:"))
		return read_random(w, f, row, s, len);
	if (row->shape == SONDE_BYTES && (row->kind == SONDE_RAW || starts(s, len, "0x")))
		return read_bytes(w, f, row, s, len);
	if (is_signed_flags(row, s, len))
		return keep_unbuilt(w, f, SONDE_SPEC_PATTERN);
	if (len == 0)
		return refuse(w, SONDE_E_SYNTAX, row, s, len, "a value expected");
	int err = read_set(w, f, row, s, len);
	return err || f->how != SONDE_SPEC_SET ? err : set_to_bytes(w, f, row);
}
