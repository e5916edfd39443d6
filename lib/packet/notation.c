#include "packet/notation.h"

#include <errno.h>

#include "base/text.h"
#include "base/escape.h"
#include "packet/field.h"
#include "packet/notation_hint.h"
#include "packet/notation_parser.h"
#include "proto/data.h"

/* A limit above the number of rows of any header. */
#define MAX_FIELDS 96

/* --- Fields ------------------------------------------------------------------------------------------------------- */

static const struct sonde_proto *trailer_of(const struct sonde_proto *proto)
{
	return proto->trailer ? sonde_proto_by_id(SONDE_SPACE_TRAILER, proto->trailer) : NULL;
}

static int no_such_field(struct sonde_parser *ps, const struct sonde_proto *proto, const struct sonde_pair_token *pair)
{
	struct sonde_token t = { pair->token.s, pair->name_len, pair->token.column };
	sonde_fail(ps->e, SONDE_E_UNKNOWN, "layer %d (%s): no field '%.*s'", ps->layer, proto->name,
		   (int)(t.len > 60 ? 60 : t.len), t.s);
	if (ps->e)
		ps->e->layer = ps->layer, ps->e->column = (int)t.column, ps->e->length = (int)t.len;
	if (!sonde_hint_field(ps->e, proto, trailer_of(proto), t.s, t.len))
		sonde_hint(ps->e, "sonde help fields %s", proto->name);
	return SONDE_E_UNKNOWN;
}

/* The value that this layer's text has given to a discriminator so far, for names that depend on it. */
static uint64_t given_number(const struct sonde_parser *ps, const struct sonde_spec_layer *l, sonde_place place)
{
	for (uint32_t i = 0; i < l->n_fields; i++) {
		const struct sonde_spec_field *f = &ps->spec->fields[l->field + i];
		if (!f->trailer && f->row == SONDE_ROW(place) && f->type == SONDE_SPEC_SET && !f->negated)
			return (uint64_t)ps->spec->ranges[f->start].first;
	}
	return l->proto->fields[SONDE_ROW(place)].value;
}

static int given_twice(struct sonde_parser *ps, const struct sonde_pair_token *pair, const char *name)
{
	char s[120];
	struct sonde_text t = sonde_text(s, sizeof s);
	sonde_text_fmt(&t, "%s given twice", name);
	sonde_parser_fail(ps, SONDE_E_TWICE, pair->token, s);
	sonde_hint(ps->e, "a set is %s=22,80", name);
	return SONDE_E_TWICE;
}

static int read_have(struct sonde_parser *ps, struct sonde_spec_layer *l, const struct sonde_pair_token *pair)
{
	uint64_t n;
	struct sonde_token t = pair->token;
	if (sonde_uint_parse(&n, t.s + pair->value_at, t.len - pair->value_at) || n > UINT16_MAX)
		return sonde_parser_fail_quoting(ps, SONDE_E_RANGE, t, "a number of bytes expected");
	l->have = (int64_t)n;
	return 0;
}

static int read_gaps(struct sonde_parser *ps, struct sonde_spec_layer *l, const struct sonde_pair_token *pair)
{
	const char *s = pair->token.s + pair->value_at;
	size_t len = pair->token.len - pair->value_at;
	struct sonde_buf b = { sonde_spec_add_bytes(ps->spec, &l->gaps, (uint32_t)(len / 2)), 0, len / 2 };
	if (len && !b.data)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	int err = sonde_hex_parse(&b, s, len);
	sonde_spec_trim_bytes(ps->spec, l->gaps, (uint32_t)b.len);
	l->gaps_len = (uint32_t)b.len;
	return err ? sonde_parser_fail_quoting(ps, err, pair->token, "an even number of hex digits expected") : 0;
}

/* Fields that every layer has: have=N, gaps=HEX. */
static int (*read_other(struct sonde_token name))(struct sonde_parser *ps, struct sonde_spec_layer *l,
						  const struct sonde_pair_token *pair)
{
	return sonde_token_is(name, "have") ? read_have : sonde_token_is(name, "gaps") ? read_gaps : NULL;
}

/* In a file, quotes around a whole value with escapes are those of sonde_print_for_shell. */
static struct sonde_view value_of(const struct sonde_parser *ps, const struct sonde_pair_token *pair)
{
	const char *s = pair->token.s + pair->value_at;
	size_t len = pair->token.len - pair->value_at;
	bool quoted = !ps->lx.words && len > 2 && s[0] == '"' && memchr(s + 1, '"', len - 1) == s + len - 1 &&
		      memchr(s, '\\', len) && s[len - 2] != '\\' && strncmp(s + 1, "0x", 2) != 0;
	return quoted ? sonde_view(s + 1, len - 2) : sonde_view(s, len);
}

static int read_field(struct sonde_parser *ps, struct sonde_spec_layer *l, const struct sonde_pair_token *pair,
		      const struct sonde_field *row, bool trailer)
{
	struct sonde_spec *spec = ps->spec;
	for (uint32_t i = 0; i < l->n_fields; i++)
		if (spec->fields[l->field + i].row == SONDE_ROW(row->place) &&
		    spec->fields[l->field + i].trailer == trailer)
			return given_twice(ps, pair, row->name);
	struct sonde_spec_field f = {
		.row = (uint16_t)SONDE_ROW(row->place), .trailer = trailer,
		.column = (uint32_t)pair->token.column, .length = (uint32_t)pair->token.len,
	};
	struct sonde_value_text w = {
		.spec = spec,
		.env = ps->env,
		.proto = trailer ? trailer_of(l->proto) : l->proto,
		.layer = ps->layer,
		.ctx = { .row = row, .by = row->names_by ? given_number(ps, l, row->names_by) : 0 },
		.token = pair->token.s,
		.token_len = pair->token.len,
		.column = pair->token.column,
		.e = ps->e,
	};
	struct sonde_view value = value_of(ps, pair);
	int err = sonde_notation_value(&w, &f, (const char *)value.data, value.len);
	if (err)
		return err;
	if (pair->not_equal) {
		f.negated = spec->is_pattern = true;
		spec->refused_column = f.column, spec->refused_length = f.length;
	}
	struct sonde_spec_field *kept = sonde_spec_add_field(spec);
	if (!kept)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	*kept = f;
	l->n_fields++;
	return 0;
}

/* Fields whose names depend on another field are read in a second pass. */
static int read_fields(struct sonde_parser *ps, struct sonde_spec_layer *l, const struct sonde_pair_token *pairs,
		       unsigned n)
{
	const struct sonde_proto *trailer = trailer_of(l->proto);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < n; i++) {
			struct sonde_token name = { pairs[i].token.s, pairs[i].name_len, 0 };
			const struct sonde_field *row = sonde_field_in(l->proto, name.s, name.len);
			bool in_trailer = !row && trailer && (row = sonde_field_in(trailer, name.s, name.len));
			bool other = !row && read_other(name);
			if (!row && !other)
				return no_such_field(ps, l->proto, &pairs[i]);
			if ((other ? 0u : row->names_by != 0) != pass)
				continue;
			int err = other ? read_other(name)(ps, l, &pairs[i])
					: read_field(ps, l, &pairs[i], row, in_trailer);
			if (err)
				return err;
		}
	}
	return 0;
}

/* --- Layers ------------------------------------------------------------------------------------------------------ */

static bool split(struct sonde_pair_token *out, struct sonde_token t)
{
	const char *equals = memchr(t.s, '=', t.len);
	if (!equals || equals == t.s)
		return false;
	size_t name_len = (size_t)(equals - t.s);
	bool not_equal = t.s[name_len - 1] == '!';
	*out = (struct sonde_pair_token){ t, name_len - not_equal, name_len + 1, not_equal };
	return true;
}

static bool at_layer_end(struct sonde_parser *ps)
{
	struct sonde_token t;
	return !sonde_lexer_peek(&ps->lx, &t) || sonde_token_is(t, "/");
}

/* Report a word that is not field=value. */
static int no_pair(struct sonde_parser *ps, const struct sonde_proto *proto, struct sonde_token t)
{
	struct sonde_token next = { "", 0, 0 };
	bool slash = memchr(t.s, '/', t.len) != NULL || sonde_proto_by_name(t.s, t.len);
	if (t.len > 1 && slash)
		return sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "put ' / ' between layers");
	bool value = sonde_lexer_peek(&ps->lx, &next) && !memchr(next.s, '=', next.len) && !sonde_token_is(next, "/");
	sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "field=value expected");
	if (proto)
		sonde_hint_word(ps->e, proto, t.s, t.len, sonde_view(next.s, value ? next.len : 0));
	return SONDE_E_SYNTAX;
}

/* proto: NULL for the frame layer. */
static int collect_pairs(struct sonde_parser *ps, const struct sonde_proto *proto,
			 struct sonde_pair_token pairs[static MAX_FIELDS], unsigned *n)
{
	struct sonde_token t;
	*n = 0;
	while (!at_layer_end(ps) && sonde_lexer_peek(&ps->lx, &t) && !sonde_token_is_data(t)) {
		sonde_lexer_next(&ps->lx, &t);
		if (*n == MAX_FIELDS)
			return sonde_parser_fail(ps, SONDE_E_TWICE, t, "more fields than any header has");
		if (!split(&pairs[(*n)++], t))
			return no_pair(ps, proto, t);
	}
	return 0;
}

static int read_all_data(struct sonde_parser *ps, struct sonde_spec_layer *l)
{
	struct sonde_token t;
	while (!at_layer_end(ps) && sonde_lexer_next(&ps->lx, &t)) {
		if (!sonde_token_is_data(t)) {
			sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "nothing but data follows data in a layer");
			sonde_hint(ps->e, "fields go before the data, layers behind ' / '");
			return SONDE_E_SYNTAX;
		}
		uint32_t before = ps->spec->n_data;
		int err = sonde_parser_data(ps, t);
		if (err)
			return err;
		l->n_data += ps->spec->n_data - before;
	}
	return 0;
}

static int unknown_layer(struct sonde_parser *ps, struct sonde_token t)
{
	bool call = memchr(t.s, '(', t.len) != NULL;
	if (t.len > 1 && memchr(t.s, '/', t.len) && !call)
		return sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "put blanks around '/'");
	if (memchr(t.s, '=', t.len) && !call) {
		sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "a layer starts with the name of its protocol");
		sonde_hint(ps->e, "such as: ip %.*s", (int)(t.len > 40 ? 40 : t.len), t.s);
		return SONDE_E_SYNTAX;
	}
	sonde_parser_fail_quoting(ps, SONDE_E_UNKNOWN, t, "no such protocol");
	sonde_hint_layer(ps->e, t.s, t.len);
	return SONDE_E_UNKNOWN;
}

static int read_frame(struct sonde_parser *ps)
{
	struct sonde_pair_token pairs[MAX_FIELDS];
	unsigned n;
	int err = collect_pairs(ps, NULL, pairs, &n);
	for (unsigned i = 0; !err && i < n; i++)
		err = sonde_parser_frame_field(ps, &pairs[i]);
	struct sonde_token t;
	if (!err && sonde_lexer_peek(&ps->lx, &t) && !sonde_token_is(t, "/"))
		err = sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "the frame layer has no data");
	return err;
}

static const struct sonde_proto *layer_proto(struct sonde_token t)
{
	const struct sonde_proto *proto = sonde_proto_by_name(t.s, t.len);
	return sonde_token_is_data(t) ? &sonde_data : proto && sonde_is_named_layer(proto) ? proto : NULL;
}

static int read_layer(struct sonde_parser *ps, struct sonde_token t)
{
	struct sonde_spec *spec = ps->spec;
	const struct sonde_proto *proto = layer_proto(t);
	struct sonde_pair_token pairs[MAX_FIELDS];
	unsigned n = 0;
	if (!proto)
		return unknown_layer(ps, t);
	if (spec->n_layers == SONDE_MAX_LAYERS)
		return sonde_parser_fail(ps, SONDE_E_LAYERS, t, "more than 32 layers");
	struct sonde_spec_layer *l = &spec->layers[spec->n_layers++];
	*l = (struct sonde_spec_layer){ .proto = proto, .field = spec->n_fields, .data = spec->n_data, .have = -1 };
	int err = 0;
	if (proto == &sonde_data) {
		uint32_t before = spec->n_data;
		err = sonde_parser_data(ps, t);
		l->n_data = spec->n_data - before;
	} else {
		err = collect_pairs(ps, proto, pairs, &n);
	}
	if (!err)
		err = read_fields(ps, l, pairs, n);
	return err ? err : read_all_data(ps, l);
}

static int read_packet(struct sonde_parser *ps)
{
	struct sonde_token t;
	sonde_spec_reset(ps->spec);
	for (ps->layer = 1;; ps->layer++) {
		if (!sonde_lexer_next(&ps->lx, &t) || sonde_token_is(t, "/")) {
			t.len = 0;
			t.column = ps->layer == 1 ? 0 : t.column;
			return sonde_parser_fail(ps, SONDE_E_SYNTAX, t, "a layer expected, such as: ip dst=10.0.0.2");
		}
		bool frame = ps->layer == 1 && sonde_token_is(t, "frame");
		int err = frame ? read_frame(ps) : read_layer(ps, t);
		if (err)
			return err;
		if (ps->lx.unterminated)
			return sonde_parser_fail(ps, SONDE_E_SYNTAX, t, "a quote is not closed");
		if (!sonde_lexer_next(&ps->lx, &t))
			return frame ? sonde_parser_fail(ps, SONDE_E_SYNTAX, (struct sonde_token){ 0 },
							 "a packet expected behind frame")
				     : 0;
	}
}

int sonde_notation_parse(struct sonde_spec *out, const char *text, size_t len, const struct sonde_notation_env *env,
			 struct sonde_error *e)
{
	struct sonde_parser ps = { .spec = out, .lx = sonde_lexer_text(text, len), .env = env, .e = e };
	return read_packet(&ps);
}

int sonde_notation_parse_words(struct sonde_spec *out, int n_words, char *const *words,
			       const struct sonde_notation_env *env, struct sonde_error *e)
{
	struct sonde_parser ps = { .spec = out, .lx = sonde_lexer_words(n_words, words), .env = env, .e = e };
	return read_packet(&ps);
}
