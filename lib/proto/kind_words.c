#include "proto/names.h"

/* --- Names ------------------------------------------------------------------------------------------------------- */

static const char *named_word(const struct sonde_row_context *ctx, uint64_t v)
{
	const struct sonde_field *row = ctx->row;
	const struct sonde_proto *p = row->space ? sonde_proto_by_id(row->space, (uint32_t)v) : NULL;
	/* A protocol's name stands only for the number by which finish announces it. */
	if (p && sonde_number_in(p, row->space, UINT32_MAX) == v)
		return p->name;
	return sonde_name_of(row->names, row->names_by ? (uint32_t)(ctx->by << 8 | v) : (uint32_t)v);
}

static void named_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	const char *word = named_word(ctx, v);
	if (word)
		sonde_text_str(t, word);
	else if (ctx->row->space == SONDE_SPACE_ETHERTYPE)
		sonde_text_hexnum(t, v, 4);
	else
		sonde_text_uint(t, v);
}

static void named_words(const struct sonde_row_context *ctx, sonde_word_fn *each, void *arg)
{
	const struct sonde_field *row = ctx->row;
	for (const struct sonde_proto *const *p = sonde_protos; row->space && *p; p++) {
		uint32_t number = sonde_number_in(*p, row->space, UINT32_MAX);
		if (number != UINT32_MAX)
			each(arg, &(struct sonde_name){ number, (*p)->name });
	}
	for (const struct sonde_name *n = row->names; n && n->name; n++)
		if (!row->names_by || n->value >> 8 == ctx->by)
			each(arg, &(struct sonde_name){ row->names_by ? n->value & 0xff : n->value, n->name });
}

/* Aliases of protocols are accepted, too. */
static int named_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint8_t space = ctx->row->space;
	const struct sonde_proto *p = space ? sonde_proto_by_name(s, len) : NULL;
	uint32_t number = p ? sonde_number_in(p, space, UINT32_MAX) : UINT32_MAX;
	*v = number;
	return number == UINT32_MAX ? SONDE_E_SYNTAX : 0;
}

const struct sonde_kind sonde_kind_named = {
	.name = "name", .expected = "neither a number nor a name that this field has",
	.print = named_print, .parse = named_parse, .words = named_words,
};

/* Numbers without a name are printed in hexadecimal, as people know them. */
static void code_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	const char *word = named_word(ctx, v);
	if (word)
		sonde_text_str(t, word);
	else
		sonde_text_hexnum(t, v, (SONDE_WIDTH(ctx->row->place) + 3) / 4);
}

const struct sonde_kind sonde_kind_code = {
	.name = "name", .expected = "neither a number nor a name that this field has",
	.print = code_print, .parse = named_parse, .words = named_words,
};

/* --- Kinds of items ---------------------------------------------------------------------------------------------- */

static void item_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	for (const struct sonde_item *i = ctx->row->list->items; i->name; i++) {
		if (i->kind == v && !i->kind_mask) {
			sonde_text_str(t, i->name);
			return;
		}
	}
	sonde_text_uint(t, v);
}

static void item_words(const struct sonde_row_context *ctx, sonde_word_fn *each, void *arg)
{
	for (const struct sonde_item *i = ctx->row->list->items; i->name; i++)
		each(arg, &(struct sonde_name){ i->kind, i->name });
}

const struct sonde_kind sonde_kind_item = {
	.name = "name", .expected = "neither a number nor the name of an item", .print = item_print,
	.words = item_words,
};

/* --- Ports ------------------------------------------------------------------------------------------------------- */

static void port_words(const struct sonde_row_context *ctx, sonde_word_fn *each, void *arg)
{
	(void)ctx;
	for (const struct sonde_name *n = sonde_port_names; n->name; n++)
		each(arg, n);
}

const struct sonde_kind sonde_kind_port = {
	.name = "port", .expected = "neither a port nor the name of a service", .words = port_words,
};

/* --- Flags ------------------------------------------------------------------------------------------------------- */

static void table_words(const struct sonde_row_context *ctx, sonde_word_fn *each, void *arg)
{
	for (const struct sonde_name *n = ctx->row->names; n->name; n++)
		each(arg, n);
}

/* Print the set flags, joined; a number if none is set, or one has no name. */
static void print_flags(struct sonde_text *t, const struct sonde_name *names, uint64_t v, const char *joint)
{
	const char *before = "";
	uint64_t left = v;
	size_t start = t->len;
	for (const struct sonde_name *n = names; n->name; n++) {
		if (!(left & n->value))
			continue;
		left &= ~(uint64_t)n->value;
		sonde_text_str(t, before);
		sonde_text_str(t, n->name);
		before = joint;
	}
	if (left || v == 0) {
		sonde_text_cut(t, start);
		sonde_text_hexnum(t, v, 1);
	}
}

static void letters_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	if (v)
		print_flags(t, ctx->row->names, v, "");
	else
		sonde_text_char(t, '0');
}

static int letters_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	*v = 0;
	for (size_t i = 0; i < len; i++) {
		uint32_t bit;
		if (!sonde_name_value(&bit, ctx->row->names, s + i, 1))
			return SONDE_E_SYNTAX;
		*v |= bit;
	}
	return len ? 0 : SONDE_E_SYNTAX;
}

const struct sonde_kind sonde_kind_letters = {
	.name = "flags", .flags = true, .print = letters_print, .parse = letters_parse, .words = table_words,
};

static void flags_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	print_flags(t, ctx->row->names, v, "+");
}

static int flags_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	*v = 0;
	for (const char *end = s + len;; s++) {
		const char *plus = memchr(s, '+', (size_t)(end - s));
		size_t n = (size_t)((plus ? plus : end) - s);
		uint32_t bit;
		if (!sonde_name_value(&bit, ctx->row->names, s, n))
			return SONDE_E_SYNTAX;
		*v |= bit;
		if (!plus)
			return 0;
		s = plus;
	}
}

const struct sonde_kind sonde_kind_flags = {
	.name = "flags", .flags = true, .print = flags_print, .parse = flags_parse, .words = table_words,
};
