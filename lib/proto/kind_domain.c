#include "base/escape.h"
#include "proto/kind.h"

/* Names as DNS encodes them: labels, each after a byte with its length, up to the empty root label, or up to a pointer
 * to the rest elsewhere in the message (RFC 1035, 4.1.4). A pointer is written as @ and its offset: www.@12. */

#define LABEL_MAX 63
#define NAME_LEN  255 /* bytes of a whole name */
#define POINTER   0xc0
#define POINTS_TO 0x3fff

static size_t domain_measure(struct sonde_view there)
{
	for (size_t at = 0; at < there.len;) {
		uint8_t head = there.data[at];
		if (head >= POINTER)
			return at + 2 <= there.len ? at + 2 : 0;
		if (head > LABEL_MAX)
			return 0;
		at += 1 + (size_t)head;
		if (head == 0)
			return at;
	}
	return 0;
}

static void print_label(struct sonde_text *t, struct sonde_view label)
{
	for (size_t i = 0; i < label.len; i++) {
		uint8_t c = label.data[i], letter = c | 0x20;
		bool plain = (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
		/* A name that begins with 0x would be read as hex digits. */
		if (plain && !(c == '0' && i == 0 && label.len > 1 && label.data[1] == 'x'))
			sonde_text_char(t, (char)c);
		else
			sonde_text_fmt(t, "\\x%02x", c);
	}
}

/* Print the labels of a name that begins at `at`. Returns the offset of the root label or pointer that ends them. */
static size_t print_labels(struct sonde_text *t, struct sonde_view v, size_t at, const char *joint)
{
	for (; v.data[at] && v.data[at] <= LABEL_MAX; at += 1 + (size_t)v.data[at], joint = ".") {
		sonde_text_str(t, joint);
		print_label(t, sonde_view_sub(v, at + 1, v.data[at]));
	}
	return at;
}

static size_t pointer_at(struct sonde_view v, size_t at)
{
	return sonde_get_be16(v.data + at) & POINTS_TO;
}

static bool domain_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len == 0 || domain_measure(v) != v.len)
		return false;
	size_t end = print_labels(t, v, 0, "");
	if (v.data[end])
		sonde_text_fmt(t, "%s@%zu", end ? "." : "", pointer_at(v, end));
	else if (end == 0)
		sonde_text_char(t, '.');
	return true;
}

/* Print the name with pointers expanded. Each pointer must lead to an earlier name, as RFC 1035 requires. */
static bool domain_expand(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	struct sonde_view message = ctx->message;
	if (v.len == 0 || domain_measure(v) != v.len || !message.data || v.data < message.data)
		return false;
	size_t start = t->len, name = (size_t)(v.data - message.data);
	size_t end = print_labels(t, message, name, "");
	while (message.data[end]) {
		size_t next = pointer_at(message, end);
		if (next >= name || domain_measure(sonde_view_sub(message, next, message.len)) == 0) {
			sonde_text_cut(t, start);
			return false;
		}
		name = next;
		end = print_labels(t, message, name, t->len > start ? "." : "");
	}
	if (t->len == start)
		sonde_text_char(t, '.');
	return true;
}

static const char *label_end(const char *s, const char *end)
{
	for (; s < end && *s != '.'; s++)
		if (*s == '\\' && s + 1 < end)
			s++;
	return s;
}

static int parse_pointer(struct sonde_buf *out, const char *s, size_t len)
{
	uint64_t to;
	if (sonde_uint_parse(&to, s, len))
		return SONDE_E_SYNTAX;
	uint8_t *at = to <= POINTS_TO ? sonde_buf_extend(out, 2) : NULL;
	if (!at)
		return to <= POINTS_TO ? SONDE_E_SPACE : SONDE_E_RANGE;
	sonde_put_be16(at, (uint16_t)(POINTER << 8 | to));
	return 0;
}

static int domain_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const char *end = s + len;
	size_t first = out->len;
	(void)ctx;
	if (len == 1 && *s == '.')
		s++;
	else if (len == 0)
		return SONDE_E_SYNTAX;
	for (const char *stop; s < end; s = stop < end ? stop + 1 : end) {
		stop = label_end(s, end);
		if (*s == '@' && stop == end)
			return parse_pointer(out, s + 1, (size_t)(end - s - 1));
		size_t start = out->len;
		int err = sonde_buf_extend(out, 1) ? sonde_string_parse(out, NULL, s,
			(size_t)(stop - s)) : SONDE_E_SPACE;
		size_t n = out->len - start - 1;
		if (err || n == 0)
			return err ? err : SONDE_E_SYNTAX;
		if (n > LABEL_MAX || out->len - first >= NAME_LEN)
			return SONDE_E_RANGE;
		out->data[start] = (uint8_t)n;
	}
	return sonde_buf_put(out, sonde_view("", 1)) ? 0 : SONDE_E_SPACE;
}

const struct sonde_kind sonde_kind_domain = {
	.name = "domain",
	.expected = "not a domain name, such as www.example.com or www.@12",
	.print_bytes = domain_print,
	.parse_bytes = domain_parse,
	.expand_bytes = domain_expand,
	.measure = domain_measure,
	.empty = { (const uint8_t *)"", 1 },
};

const struct sonde_kind sonde_kind_domain_unexpanded = {
	.name = "domain",
	.expected = "not a domain name, such as www.example.com or www.@12",
	.print_bytes = domain_print,
	.parse_bytes = domain_parse,
	.measure = domain_measure,
	.empty = { (const uint8_t *)"", 1 },
};
