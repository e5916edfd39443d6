#include <errno.h>

#include "base/escape.h"
#include "packet/notation_hint.h"
#include "packet/notation_parser.h"

/* --- Errors ------------------------------------------------------------------------------------------------------ */

int sonde_value_refuse(const struct sonde_value_text *w, int code, const char *s, size_t len, const char *why)
{
	sonde_fail(w->e, code, "layer %d: %s %s=%.*s: %s", w->layer, w->proto->name, w->ctx.row->name,
		   (int)(len > 60 ? 60 : len), s, why);
	if (w->e) {
		w->e->layer = w->layer;
		w->e->column = (int)(w->column + (size_t)(s - w->token));
		w->e->length = (int)len;
	}
	return code;
}

static int refuse_family(const struct sonde_value_text *w, const char *s, size_t len)
{
	bool wants4 = w->ctx.row->kind->family == SONDE_IP4;
	/* The hint names the IP protocol of the other family. */
	const char *other = SONDE_WIDTH(w->proto->dst_place) == 0 ? "" : wants4 ? " (use ip6)" : " (use ip)";
	char why[60];
	struct sonde_text t = sonde_text(why, sizeof why);
	sonde_text_fmt(&t, "an IPv%d address%s", wants4 ? 6 : 4, other);
	return sonde_value_refuse(w, SONDE_E_KIND, s, len, why);
}

/* The whole value that s is a part of: all of the token after the =. */
static struct sonde_view whole_value(const struct sonde_value_text *w)
{
	const char *equals = memchr(w->token, '=', w->token_len);
	size_t head = equals ? (size_t)(equals + 1 - w->token) : 0;
	return sonde_view(w->token + head, w->token_len - head);
}

int sonde_value_refuse_by_kind(const struct sonde_value_text *w, int code, const char *s, size_t len)
{
	const struct sonde_field *row = w->ctx.row;
	unsigned width = SONDE_WIDTH(row->place);
	char why[140];
	struct sonde_text t = sonde_text(why, sizeof why);
	if (code == SONDE_E_KIND)
		return refuse_family(w, s, len);
	if (code != SONDE_E_RANGE) {
		sonde_why_no_value(&t, w->proto, &w->ctx, s, len);
		sonde_value_refuse(w, code, s, len, why);
		sonde_hint_value(w->e, w->proto, &w->ctx, s, len, whole_value(w));
		return code;
	}
	sonde_text_fmt(&t, "the field has %u bits", width);
	sonde_value_refuse(w, code, s, len, width ? why : "too long");
	if (row->shape == SONDE_SCALAR && width < 64)
		sonde_hint(w->e, "at most %llu", (1ull << width) - 1);
	return code;
}

/* --- One value --------------------------------------------------------------------------------------------------- */

/* A number, or an address as a number. */
struct value {
	sonde_u128 number;
	uint8_t len; /* bytes of the address; 0: a number */
};

static struct value value_of_bytes(const uint8_t *bytes, size_t len)
{
	struct value v = { .len = (uint8_t)len };
	for (size_t i = 0; i < len; i++)
		v.number = v.number << 8 | bytes[i];
	return v;
}

/* Returns as the row's kind does. */
static int parse_value(struct value *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint8_t room[16];
	struct sonde_buf b = { room, 0, sizeof room };
	uint64_t number = 0;
	if (ctx->row->shape == SONDE_SCALAR) {
		int err = sonde_number_parse(&number, ctx, s, len);
		*v = (struct value){ number, 0 };
		return err;
	}
	int err = sonde_bytes_parse(&b, ctx, s, len);
	*v = value_of_bytes(room, b.len);
	return err;
}

static int resolve_name(const struct sonde_value_text *w, struct value *v, const char *s, size_t len)
{
	struct sonde_addr a;
	if (!w->env || !w->env->resolve)
		return SONDE_E_SYNTAX;
	int err = w->env->resolve(w->env->arg, &a, (enum sonde_family)w->ctx.row->kind->family, s, len);
	if (!err)
		*v = value_of_bytes(a.bytes, sonde_addr_len(&a));
	return err;
}

static int refuse_zone(const struct sonde_value_text *w, int code, const char *s, size_t len, const char *zone)
{
	char why[60];
	struct sonde_text t = sonde_text(why, sizeof why);
	size_t n = len - (size_t)(zone - s);
	sonde_text_fmt(&t, "no interface '%.*s' here", (int)(n > 20 ? 20 : n), zone);
	return sonde_value_refuse(w, code, s, len, why);
}

/* An IPv6 address with a zone, which gives the packet's scope. */
static int zoned_value(const struct sonde_value_text *w, struct value *v, const char *s, size_t len)
{
	const struct sonde_kind *kind = w->ctx.row->kind;
	const char *percent = memchr(s, '%', len);
	if (!kind || kind->family != SONDE_IP6 || !percent || !w->env || !w->env->zone)
		return sonde_value_refuse_by_kind(w, SONDE_E_SYNTAX, s, len);
	size_t head = (size_t)(percent - s);
	int err = parse_value(v, &w->ctx, s, head);
	if (err)
		return sonde_value_refuse_by_kind(w, err, s, len);
	err = w->env->zone(w->env->arg, &w->spec->scope, percent + 1, len - head - 1);
	return err ? refuse_zone(w, err, s, len, percent + 1) : 0;
}

static bool looks_like_host(const char *s, size_t len)
{
	bool letter = false;
	for (size_t i = 0; i < len; i++) {
		char c = (char)(s[i] | 0x20);
		letter |= c >= 'a' && c <= 'z';
		if (!(c >= 'a' && c <= 'z') && !(s[i] >= '0' && s[i] <= '9') && s[i] != '-' && s[i] != '.' &&
		    s[i] != '_')
			return false;
	}
	return letter;
}

/* Read all of s as one value: a number, an address with or without a zone, a word that the row knows, or a host name.
 * Returns 0, or fills w->e. */
static int read_value(const struct sonde_value_text *w, struct value *v, const char *s, size_t len)
{
	const struct sonde_kind *kind = w->ctx.row->kind;
	int err = parse_value(v, &w->ctx, s, len);
	if (err == SONDE_E_SYNTAX && memchr(s, '%', len))
		return zoned_value(w, v, s, len);
	if (err == SONDE_E_SYNTAX && kind && kind->family && looks_like_host(s, len)) {
		err = resolve_name(w, v, s, len);
		if (err)
			return sonde_value_refuse(w, SONDE_E_UNKNOWN, s, len, "no such host");
	}
	return err ? sonde_value_refuse_by_kind(w, err, s, len) : 0;
}

/* --- Patterns and references ------------------------------------------------------------------------------------- */

void sonde_value_note_unbuilt(const struct sonde_value_text *w, const struct sonde_spec_field *f,
			      enum sonde_spec_type type)
{
	struct sonde_spec *s = w->spec;
	if (!s->is_pattern && !s->has_refs) {
		s->refused_column = f->column;
		s->refused_length = f->length;
	}
	if (type == SONDE_SPEC_REF)
		s->has_refs = true;
	else
		s->is_pattern = true;
}

/* --- Sets -------------------------------------------------------------------------------------------------------- */

static int add_range(const struct sonde_value_text *w, struct sonde_spec_field *f, sonde_u128 first, sonde_u128 last,
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
static int read_prefix(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len,
		       const char *slash)
{
	struct value v;
	uint64_t bits;
	size_t head = (size_t)(slash - s);
	int number = sonde_uint_parse(&bits, slash + 1, len - head - 1);
	if (number == SONDE_E_SYNTAX)
		return sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "put blanks around '/'");
	int err = read_value(w, &v, s, head);
	if (err)
		return err;
	unsigned width = v.len * 8u;
	if (number || bits > width) {
		sonde_value_refuse(w, SONDE_E_RANGE, s, len, "no such prefix length");
		sonde_hint(w->e, "an address has %u bits: /0 to /%u", width, width);
		return SONDE_E_RANGE;
	}
	sonde_u128 host = bits == width ? 0 : ~(sonde_u128)0 >> (128 - (width - bits));
	f->value_len = v.len;
	return add_range(w, f, v.number & ~host, v.number | host, 1);
}

/* Find the dash of a range: not one within a word of the row or a value of its kind. */
static const char *range_dash(const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const struct sonde_kind *kind = ctx->row->kind;
	uint64_t v;
	bool own_dashes = kind && kind->parse && (!kind->words || kind == &sonde_kind_letters);
	if (own_dashes || sonde_word_value(&v, ctx, s, len))
		return NULL;
	for (const char *dash = s; (dash = memchr(dash, '-', (size_t)(s + len - dash))) != NULL; dash++) {
		struct value ignored;
		size_t head = (size_t)(dash - s), rest = len - head - 1;
		bool left = head == 0 || parse_value(&ignored, ctx, s, head) != SONDE_E_SYNTAX;
		/* echo-reqest (mistyped) is not a range that begins with echo. */
		bool word = head && kind && kind->words && sonde_uint_parse(&v, s, head) == SONDE_E_SYNTAX;
		if (left &&
		    (rest == 0 || (head > 0 && !word) || parse_value(&ignored, ctx, dash + 1, rest) != SONDE_E_SYNTAX))
			return dash;
	}
	return NULL;
}

/* 1000- and -5: a pattern; the field limits the open end. */
static int read_open_range(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	struct value v;
	bool up = s[len - 1] == '-';
	int err = len < 2 ? sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "a value expected")
			  : read_value(w, &v, up ? s : s + 1, len - 1);
	if (err)
		return err;
	unsigned width = v.len ? v.len * 8u : SONDE_WIDTH(w->ctx.row->place);
	sonde_value_note_unbuilt(w, f, SONDE_SPEC_PATTERN);
	f->value_len = v.len;
	return add_range(w, f, up ? v.number : 0, up ? ~(sonde_u128)0 >> (128 - width) : v.number, 1);
}

static int read_range(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len,
		      const char *dash)
{
	struct value first, last;
	uint64_t step = 1;
	size_t head = (size_t)(dash - s);
	const char *tail = dash + 1, *end = s + len;
	if (head == 0 || tail == end)
		return read_open_range(w, f, s, len);
	bool number = w->ctx.row->shape == SONDE_SCALAR;
	const char *colon = number ? memchr(tail, ':', (size_t)(end - tail)) : NULL;
	if (colon && (sonde_uint_parse(&step, colon + 1, (size_t)(end - colon - 1)) || step == 0))
		return sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "a step is a number from 1");
	int err = read_value(w, &first, s, head);
	if (!err)
		err = read_value(w, &last, tail, (size_t)((colon ? colon : end) - tail));
	if (err)
		return err;
	if (first.number > last.number) {
		sonde_value_refuse(w, SONDE_E_RANGE, s, len, "the range runs backwards");
		sonde_hint(w->e, "write %s=%.*s-%.*s", w->ctx.row->name, (int)((colon ? colon : end) - tail), tail,
			   (int)head, s);
		return SONDE_E_RANGE;
	}
	f->value_len = first.len;
	return add_range(w, f, first.number, last.number, step);
}

static int read_set_part(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	struct value v;
	const char *slash = w->ctx.row->shape == SONDE_BYTES ? memchr(s, '/', len) : NULL;
	if (slash)
		return read_prefix(w, f, s, len, slash);
	bool whole = parse_value(&v, &w->ctx, s, len) == 0;
	const char *dash = whole ? NULL : range_dash(&w->ctx, s, len);
	if (dash)
		return read_range(w, f, s, len, dash);
	int err = read_value(w, &v, s, len);
	if (err)
		return err;
	f->value_len = v.len;
	return add_range(w, f, v.number, v.number, 1);
}

static int read_set(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	f->type = SONDE_SPEC_SET;
	f->start = w->spec->n_ranges;
	for (const char *end = s + len;;) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		int err = read_set_part(w, f, s, (size_t)((comma ? comma : end) - s));
		if (err || !comma)
			return err;
		s = comma + 1;
	}
}

static int read_random(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	static const char random[] = "random";
	const struct sonde_field *row = w->ctx.row;
	size_t head = sizeof random - 1, most = 16;
	if (len > head) {
		int err = read_set(w, f, s + head + 1, len - head - 1);
		if (err)
			return err;
		if (f->n != 1)
			return sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "one range expected after random:");
	} else if (row->shape == SONDE_BYTES && SONDE_WIDTH(row->place) / 8 <= most) {
		f->value_len = (uint8_t)(SONDE_WIDTH(row->place) / 8);
	}
	if (row->shape != SONDE_SCALAR && f->value_len == 0)
		return sonde_value_refuse(w, SONDE_E_KIND, s, len, "a field of variable length cannot be random");
	f->type = SONDE_SPEC_RANDOM;
	return 0;
}

/* +S-A: a pattern of flags. */
static int read_signed_flags(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	sonde_u128 bits[2] = { 0, 0 }; /* that must be clear, and that must be set */
	for (const char *at = s, *end = s + len; at < end;) {
		struct value v;
		bool set = *at++ == '+';
		size_t n = 0;
		while (at + n < end && at[n] != '+' && at[n] != '-')
			n++;
		int err = n ? read_value(w, &v, at, n)
			    : sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "a flag expected behind each sign");
		if (err)
			return err;
		bits[set] |= v.number;
		at += n;
	}
	if (bits[0] & bits[1])
		return sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "a flag cannot be both set and clear");
	f->type = SONDE_SPEC_FLAGS;
	f->start = w->spec->n_ranges;
	sonde_value_note_unbuilt(w, f, SONDE_SPEC_FLAGS);
	return add_range(w, f, bits[1], bits[0], 1);
}

/* --- The value --------------------------------------------------------------------------------------------------- */

int sonde_notation_value(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	const struct sonde_field *row = w->ctx.row;
	const struct sonde_token value = { s, len, 0 };
	if (sonde_token_is(value, "auto")) {
		f->type = SONDE_SPEC_AUTO;
		return 0;
	}
	if (sonde_token_is(value, "partial") && w->proto->pseudo && row->place == w->proto->checksum_place) {
		f->type = SONDE_SPEC_PARTIAL;
		return 0;
	}
	if (sonde_is_ref(s, len))
		return sonde_value_keep_text(w, f, SONDE_SPEC_REF, s, len);
	bool points = row->kind && row->kind->expand_bytes; /* names with @N */
	if (sonde_token_starts(value, "@") && !points && row->shape != SONDE_LIST)
		return sonde_value_refuse(w, SONDE_E_SYNTAX, s, len, "a reference is written @.field or @name.field");
	if (row->shape == SONDE_LIST)
		return sonde_value_list(w, f, s, len);
	if (sonde_token_is(value, "random") || sonde_token_starts(value, "random:"))
		return read_random(w, f, s, len);
	bool counts = row->kind && row->kind->bytes;
	if (row->shape == SONDE_BYTES && (!counts || sonde_token_starts(value, "0x")))
		return sonde_value_bytes(w, f, s, len);
	if (len && row->kind && row->kind->flags && (*s == '+' || *s == '-'))
		return read_signed_flags(w, f, s, len);
	int err = read_set(w, f, s, len);
	return err ? err : sonde_value_set_to_bytes(w, f);
}
