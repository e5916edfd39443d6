#include "proto/kind.h"

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
