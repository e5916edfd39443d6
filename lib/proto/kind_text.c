#include "base/escape.h"
#include "proto/proto.h"

/* Escape what separates the parts of a list, and what a shell interprets: text reads back wherever it is written. */
static bool is_safe(uint8_t c)
{
	uint8_t letter = c | 0x20;
	return (letter >= 'a' && letter <= 'z') || (c >= '-' && c <= '9') || c == '_' || c == '@';
}

/* A leading 0x would be read as hex digits, a leading @ as a reference. */
static void print_text(struct sonde_text *t, struct sonde_view v)
{
	bool misread = v.len && (v.data[0] == '@' || (v.len >= 2 && v.data[0] == '0' && v.data[1] == 'x'));
	for (size_t i = 0; i < v.len; i++) {
		if (is_safe(v.data[i]) && !(misread && i == 0))
			sonde_text_char(t, (char)v.data[i]);
		else
			sonde_text_fmt(t, "\\x%02x", v.data[i]);
	}
}

/* With or without quotes around it. */
static int parse_text(struct sonde_buf *out, const char *s, size_t len)
{
	if (len >= 2 && s[0] == '"' && s[len - 1] == '"')
		s++, len -= 2;
	return sonde_string_parse(out, NULL, s, len);
}

static bool text_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	print_text(t, v);
	return true;
}

static int text_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	(void)ctx;
	return parse_text(out, s, len);
}

const struct sonde_kind sonde_kind_text = {
	.name = "text", .expected = SONDE_NO_ESCAPE, .print_bytes = text_print, .parse_bytes = text_parse,
};

/* --- Filled up with zeros ---------------------------------------------------------------------------------------- */

static struct sonde_view without_zeros(struct sonde_view v)
{
	while (v.len && v.data[v.len - 1] == 0)
		v.len--;
	return v;
}

static bool padded_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	if (v.len * 8 != SONDE_WIDTH(ctx->row->place))
		return false;
	print_text(t, without_zeros(v));
	return true;
}

static int padded_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t start = out->len, width = SONDE_WIDTH(ctx->row->place) / 8;
	int err = parse_text(out, s, len);
	if (!err && out->len - start > width)
		err = SONDE_E_RANGE;
	size_t left = err ? 0 : width - (out->len - start);
	uint8_t *at = err ? NULL : sonde_buf_extend(out, left);
	if (!at)
		return err ? err : SONDE_E_SPACE;
	memset(at, 0, left);
	return 0;
}

const struct sonde_kind sonde_kind_padded = {
	.name = "text", .expected = SONDE_NO_ESCAPE, .print_bytes = padded_print, .parse_bytes = padded_parse,
};

/* --- Behind a byte that counts ----------------------------------------------------------------------------------- */

static size_t counted_measure(struct sonde_view there)
{
	size_t len = 1 + (size_t)there.data[0];
	return len <= there.len ? len : 0;
}

static bool counted_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len == 0 || counted_measure(v) != v.len)
		return false;
	/* A single empty value is not the same as no value. */
	if (v.len == 1)
		sonde_text_str(t, "0x00");
	print_text(t, sonde_view_sub(v, 1, v.len));
	return true;
}

static int counted_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t start = out->len;
	(void)ctx;
	int err = sonde_buf_extend(out, 1) ? parse_text(out, s, len) : SONDE_E_SPACE;
	if (err)
		return err;
	out->data[start] = (uint8_t)(out->len - start - 1);
	return out->len - start - 1 > UINT8_MAX ? SONDE_E_RANGE : 0;
}

const struct sonde_kind sonde_kind_counted = {
	.name = "text", .expected = SONDE_NO_ESCAPE,
	.print_bytes = counted_print, .parse_bytes = counted_parse, .measure = counted_measure,
	.empty = { (const uint8_t *)"", 1 },
};

/* --- The name of an interface ------------------------------------------------------------------------------------ */

/* RFC 5837, 4.3: the length counts itself and the zeros that pad to a multiple of 4. */
static size_t ifname_measure(struct sonde_view there)
{
	size_t len = there.data[0];
	return len <= there.len ? len : 0;
}

static bool ifname_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len < 2 || v.len % 4 || v.data[0] != v.len)
		return false;
	struct sonde_view name = without_zeros(sonde_view_sub(v, 1, v.len));
	if ((name.len + 4) / 4 * 4 != v.len)
		return false;
	print_text(t, name);
	return true;
}

static int ifname_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const size_t most = 252;
	size_t start = out->len;
	(void)ctx;
	int err = sonde_buf_extend(out, 1) ? parse_text(out, s, len) : SONDE_E_SPACE;
	if (err)
		return err;
	size_t n = out->len - start, filled = (n + 3) / 4 * 4;
	uint8_t *at = filled <= most ? sonde_buf_extend(out, filled - n) : NULL;
	if (!at)
		return filled <= most ? SONDE_E_SPACE : SONDE_E_RANGE;
	memset(at, 0, filled - n);
	out->data[start] = (uint8_t)filled;
	return 0;
}

const struct sonde_kind sonde_kind_ifname = {
	.name = "text", .expected = SONDE_NO_ESCAPE,
	.print_bytes = ifname_print, .parse_bytes = ifname_parse, .measure = ifname_measure,
	.empty = { (const uint8_t *)"\4\0\0", 4 },
};
