#include "proto/kind.h"

#include "proto/proto.h"

/* --- Numbers ----------------------------------------------------------------------------------------------------- */

void sonde_number_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	const struct sonde_kind *kind = ctx->row->kind;
	if (kind && kind->print)
		kind->print(t, ctx, v);
	else
		sonde_text_uint(t, v);
}

int sonde_number_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const struct sonde_kind *kind = ctx->row->kind;
	unsigned width = SONDE_WIDTH(ctx->row->place);
	int err = sonde_uint_parse(v, s, len);
	if (err == SONDE_E_SYNTAX && kind && kind->words && sonde_word_value(v, ctx, s, len))
		err = 0;
	else if (err == SONDE_E_SYNTAX && kind && kind->parse)
		err = kind->parse(v, ctx, s, len);
	if (err)
		return err;
	return width < 64 && *v >> width ? SONDE_E_RANGE : 0;
}

/* --- Bytes ------------------------------------------------------------------------------------------------------- */

static void print_hex(struct sonde_text *t, const struct sonde_kind *kind, struct sonde_view v)
{
	if (kind && kind != &sonde_kind_raw && kind != &sonde_kind_opaque)
		sonde_text_str(t, "0x");
	sonde_text_hex(t, v);
}

void sonde_bytes_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	const struct sonde_kind *kind = ctx->row->kind;
	if (!kind || !kind->print_bytes || !kind->print_bytes(t, ctx, v))
		print_hex(t, kind, v);
}

void sonde_bytes_expand(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	const struct sonde_kind *kind = ctx->row->kind;
	if (!kind || !kind->expand_bytes || !kind->expand_bytes(t, ctx, v))
		sonde_bytes_print(t, ctx, v);
}

int sonde_bytes_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const struct sonde_kind *kind = ctx->row->kind;
	bool hex = len >= 2 && s[0] == '0' && s[1] == 'x';
	if (hex)
		return sonde_hex_parse(out, s + 2, len - 2);
	if (kind && kind->parse_bytes)
		return kind->parse_bytes(out, ctx, s, len);
	return sonde_hex_parse(out, s, len);
}

/* --- Kinds of plain bytes ----------------------------------------------------------------------------------------- */

const struct sonde_kind sonde_kind_raw = { .name = "bytes", .expected = "an even number of hex digits expected" };
const struct sonde_kind sonde_kind_opaque = { .name = "bytes", .expected = "an even number of hex digits expected" };

/* Zero bytes, written as their number. */
static bool zeros_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (!sonde_view_is_zero(v))
		return false;
	sonde_text_uint(t, v.len);
	return true;
}

static int zeros_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint64_t n;
	int err = sonde_uint_parse(&n, s, len);
	(void)ctx;
	if (err)
		return err;
	uint8_t *at = n <= out->cap - out->len ? sonde_buf_extend(out, (size_t)n) : NULL;
	if (!at)
		return SONDE_E_SPACE;
	memset(at, 0, (size_t)n);
	return 0;
}

const struct sonde_kind sonde_kind_zeros = {
	.name = "zeros", .expected = "a number of bytes expected", .print_bytes = zeros_print,
		.parse_bytes = zeros_parse,
};

/* --- Words ------------------------------------------------------------------------------------------------------- */

struct search {
	const char *s;
	size_t len;
	uint64_t value;
	bool found;
};

static void compare(void *arg, const struct sonde_name *word)
{
	struct search *search = arg;
	if (search->found || strlen(word->name) != search->len || memcmp(word->name, search->s, search->len) != 0)
		return;
	search->found = true;
	search->value = word->value;
}

bool sonde_word_value(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	struct search search = { .s = s, .len = len };
	if (!ctx->row->kind || !ctx->row->kind->words)
		return false;
	ctx->row->kind->words(ctx, compare, &search);
	*v = search.found ? search.value : *v;
	return search.found;
}

static void offer(void *arg, const struct sonde_name *word)
{
	sonde_nearest_offer(arg, word->name);
}

void sonde_words_offer(struct sonde_nearest *n, const struct sonde_row_context *ctx)
{
	if (ctx->row->kind && ctx->row->kind->words)
		ctx->row->kind->words(ctx, offer, n);
}
