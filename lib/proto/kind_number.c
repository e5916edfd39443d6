#include "proto/proto.h"

const struct sonde_kind sonde_kind_number = { .name = "number", .expected = "not a number" };

/* --- Hexadecimal ------------------------------------------------------------------------------------------------- */

static void hex_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	sonde_text_hexnum(t, v, (SONDE_WIDTH(ctx->row->place) + 3) / 4);
}

const struct sonde_kind sonde_kind_hex = { .name = "number", .expected = "not a number", .print = hex_print };

/* --- Two's complement -------------------------------------------------------------------------------------------- */

static void signed_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	unsigned above = 64 - SONDE_WIDTH(ctx->row->place);
	sonde_text_fmt(t, "%lld", (long long)((int64_t)(v << above) >> above));
}

static int signed_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	unsigned width = SONDE_WIDTH(ctx->row->place);
	int err = len && *s == '-' ? sonde_uint_parse(v, s + 1, len - 1) : SONDE_E_SYNTAX;
	if (err)
		return err;
	if (*v > UINT64_C(1) << (width - 1))
		return SONDE_E_RANGE;
	*v = (UINT64_C(0) - *v) & (~UINT64_C(0) >> (64 - width));
	return 0;
}

const struct sonde_kind sonde_kind_signed = {
	.name = "signed", .expected = "not a number", .print = signed_print, .parse = signed_parse,
};

/* --- Several numbers in one -------------------------------------------------------------------------------------- */

/* Read numbers joined by a character. */
static int parts_parse(uint64_t *parts, unsigned n_parts, char joint, const char *s, size_t len)
{
	for (unsigned i = 0; i < n_parts; i++) {
		const char *end = i + 1 < n_parts ? memchr(s, joint, len) : s + len;
		if (!end)
			return SONDE_E_SYNTAX;
		int err = sonde_uint_parse(&parts[i], s, (size_t)(end - s));
		if (err)
			return err;
		len -= (size_t)(end - s) + (i + 1 < n_parts);
		s = end + 1;
	}
	return 0;
}

static void span_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	unsigned half = SONDE_WIDTH(ctx->row->place) / 2;
	sonde_text_uint(t, v >> half);
	sonde_text_char(t, '-');
	sonde_text_uint(t, v & ((UINT64_C(1) << half) - 1));
}

static int span_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	unsigned half = SONDE_WIDTH(ctx->row->place) / 2;
	uint64_t part[2];
	int err = parts_parse(part, 2, '-', s, len);
	if (err)
		return err;
	*v = part[0] << half | part[1];
	return (part[0] | part[1]) >> half ? SONDE_E_RANGE : 0;
}

const struct sonde_kind sonde_kind_span = { .name = "span", .expected = "two numbers expected, first-last",
					    .print = span_print, .parse = span_parse };

static void label_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	(void)ctx;
	sonde_text_fmt(t, "%u/%u/%u/%u", (unsigned)(v >> 12), (unsigned)(v >> 9 & 7), (unsigned)(v >> 8 & 1),
		       (unsigned)(v & 255));
}

static int label_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint64_t part[4];
	int err = parts_parse(part, 4, '/', s, len);
	(void)ctx;
	if (err)
		return err;
	*v = part[0] << 12 | part[1] << 9 | part[2] << 8 | part[3];
	return part[0] >> 20 || part[1] > 7 || part[2] > 1 || part[3] > 255 ? SONDE_E_RANGE : 0;
}

const struct sonde_kind sonde_kind_label = { .name = "label", .expected = "label/tc/s/ttl expected",
					     .print = label_print, .parse = label_parse };
