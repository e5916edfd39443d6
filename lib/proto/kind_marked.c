#include <string.h>

#include "base/escape.h"
#include "proto/proto.h"

/* Text up to a mark, which is part of the value's bytes. `stop` is the byte that ends the text, `usual` the mark as it
 * mostly is. "Host" is the text of "Host: ", and of "Host:" it is "Host\x3a": text that ends with the stop itself gets
 * no mark. No value but lines goes over the end of a line. */
struct mark {
	const char *usual;
	size_t len;
	char stop;
};

static bool ends_with(struct sonde_view v, struct sonde_view end)
{
	return v.len >= end.len && memcmp(v.data + v.len - end.len, end.data, end.len) == 0;
}

static struct sonde_view usual_of(const struct mark *m)
{
	return sonde_view(m->usual, m->len);
}

/* Bytes up to the stop, and those of the usual mark behind it; 0 when there is none in the line. */
static size_t measure_marked(struct sonde_view there, const struct mark *m)
{
	const uint8_t *stop = memchr(there.data, m->stop, there.len);
	size_t len = stop ? (size_t)(stop - there.data) + 1 : 0;
	if (len == 0 || (m->stop != '\n' && memchr(there.data, '\n', len)))
		return 0;
	const char *rest = memchr(m->usual, m->stop, m->len);
	size_t more = m->len - (size_t)(rest - m->usual) - 1;
	bool follows = there.len - len >= more && memcmp(there.data + len, rest + 1, more) == 0;
	return follows ? len + more : len;
}

static bool print_marked(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v,
			 const struct mark *m)
{
	if (v.len == 0 || ctx->row->kind->measure(v) != v.len)
		return false;
	v.len -= ends_with(v, usual_of(m)) ? m->len : 0;
	return sonde_kind_text.print_bytes(t, ctx, v);
}

static int parse_marked(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len,
			const struct mark *m)
{
	size_t start = out->len;
	int err = sonde_kind_text.parse_bytes(out, ctx, s, len);
	if (err || (out->len > start && out->data[out->len - 1] == (uint8_t)m->stop))
		return err;
	return sonde_buf_put(out, usual_of(m)) ? 0 : SONDE_E_SPACE;
}

/* The functions and the object of a kind. */
#define MARKED(label, mark_text, stop_char, measure_fn)                                                                \
	static const struct mark label##_mark = { mark_text, sizeof mark_text - 1, stop_char };                        \
	static size_t label##_measure(struct sonde_view there)                                                         \
	{                                                                                                              \
		return measure_fn(there, &label##_mark);                                                               \
	}                                                                                                              \
	static bool label##_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)      \
	{                                                                                                              \
		return print_marked(t, ctx, v, &label##_mark);                                                         \
	}                                                                                                              \
	static int label##_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s,            \
				 size_t len)                                                                           \
	{                                                                                                              \
		return parse_marked(out, ctx, s, len, &label##_mark);                                                  \
	}                                                                                                              \
	const struct sonde_kind sonde_kind_##label = {                                                                 \
		.name = "text", .expected = SONDE_NO_ESCAPE, .print_bytes = label##_print,                             \
		.parse_bytes = label##_parse, .measure = label##_measure,                                              \
		.empty = { (const uint8_t *)mark_text, sizeof mark_text - 1 },                                         \
	}

MARKED(string, "\0", '\0', measure_marked);
MARKED(word, " ", ' ', measure_marked);
MARKED(dashed, "-", '-', measure_marked);
MARKED(bracketed, ">", '>', measure_marked);
MARKED(line, "\r\n", '\n', measure_marked);
MARKED(headername, ": ", ':', measure_marked);

/* A line that begins with a blank continues the one before (RFC 9112, 5.2; RFC 3261, 7.3.1). */
static size_t measure_lines(struct sonde_view there, const struct mark *m)
{
	size_t len = 0;
	do {
		size_t line = measure_marked(sonde_view_sub(there, len, there.len), m);
		if (line == 0)
			return 0;
		len += line;
	} while (len < there.len && (there.data[len] == ' ' || there.data[len] == '\t'));
	return len;
}

MARKED(lines, "\r\n", '\n', measure_lines);
