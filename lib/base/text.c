#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "base/error.h"

#define NAME_MAX_EDITED 32

struct sonde_text sonde_text(char *data, size_t cap)
{
	if (cap)
		data[0] = 0;
	return (struct sonde_text){ .data = data, .cap = cap };
}

void sonde_text_overflow(struct sonde_text *t, const char *s, size_t len)
{
	if (sonde_text_fits(t)) {
		size_t room = t->cap - t->len - 1;
		size_t stored = len < room ? len : room;
		memcpy(t->data + t->len, s, stored);
		t->data[t->len + stored] = 0;
	}
	t->len += len;
}

/* Two digits at a time. */
void sonde_text_uint(struct sonde_text *t, uint64_t v)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
				    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	char digits[20];
	size_t at = sizeof digits;
	for (; v >= 100; v /= 100)
		memcpy(digits + (at -= 2), pairs + 2 * (v % 100), 2);
	if (v >= 10)
		memcpy(digits + (at -= 2), pairs + 2 * v, 2);
	else
		digits[--at] = (char)('0' + v);
	sonde_text_mem(t, digits + at, sizeof digits - at);
}

void sonde_text_padded(struct sonde_text *t, uint64_t v, unsigned digits)
{
	char out[20];
	for (unsigned i = digits; i-- > 0; v /= 10)
		out[i] = (char)('0' + v % 10);
	sonde_text_mem(t, out, digits);
}

static inline char hex_digit(unsigned half)
{
	return (char)(half + '0' + (half > 9 ? 'a' - '0' - 10 : 0));
}

void sonde_text_hexnum(struct sonde_text *t, uint64_t v, unsigned min_digits)
{
	unsigned digits = 1;
	while (digits < 16 && (digits < min_digits || v >> 4 * digits))
		digits++;
	sonde_text_mem(t, "0x", 2);
	while (digits-- > 0)
		sonde_text_char(t, hex_digit(v >> 4 * digits & 0xf));
}

/* Compilers make vector instructions of a loop without branches that runs a fixed number of times. */
void sonde_hex_digits(char *restrict out, struct sonde_view v)
{
	enum { STEP = 16 };
	const uint8_t *restrict bytes = v.data;
	size_t at = 0;
	for (; at + STEP <= v.len; at += STEP) {
		for (size_t i = at; i < at + STEP; i++) {
			out[2 * i] = hex_digit(bytes[i] >> 4);
			out[2 * i + 1] = hex_digit(bytes[i] & 0xf);
		}
	}
	for (; at < v.len; at++) {
		out[2 * at] = hex_digit(bytes[at] >> 4);
		out[2 * at + 1] = hex_digit(bytes[at] & 0xf);
	}
}

void sonde_text_hex(struct sonde_text *t, struct sonde_view v)
{
	size_t room = sonde_text_fits(t) ? t->cap - t->len - 1 : 0;
	if (room >= 2 * v.len && v.len) {
		sonde_hex_digits(t->data + t->len, v);
		t->len += 2 * v.len;
		t->data[t->len] = 0;
		return;
	}
	for (size_t i = 0; i < v.len; i++) {
		char s[2];
		sonde_hex_digits(s, sonde_view_sub(v, i, 1));
		sonde_text_mem(t, s, sizeof s);
	}
}

void sonde_text_fmt(struct sonde_text *t, const char *format, ...)
{
	bool fits = sonde_text_fits(t);
	va_list args;
	va_start(args, format);
	int n = vsnprintf(fits ? t->data + t->len : NULL, fits ? t->cap - t->len : 0, format, args);
	va_end(args);
	if (n > 0)
		t->len += (size_t)n;
}

void sonde_text_cut(struct sonde_text *t, size_t len)
{
	if (len >= t->len)
		return;
	t->len = len;
	if (len < t->cap)
		t->data[len] = 0;
}

/* The value of a digit of any base up to 16, or 16 for another character. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A' + 10);
	return 16;
}

int sonde_uint_parse(uint64_t *out, const char *s, size_t len)
{
	unsigned base = len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
	size_t i = base == 16 ? 2 : 0;
	uint64_t v = 0;
	bool over = false;
	if (i == len)
		return SONDE_E_SYNTAX;
	for (; i < len; i++) {
		unsigned digit = digit_value(s[i]);
		if (digit >= base)
			return SONDE_E_SYNTAX;
		over = over || __builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, digit, &v);
	}
	if (over)
		return SONDE_E_RANGE;
	*out = v;
	return 0;
}

int sonde_hex_parse(struct sonde_buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (digit_value(s[i]) == 16)
			return SONDE_E_SYNTAX;
	if (len % 2)
		return SONDE_E_SYNTAX;
	uint8_t *at = sonde_buf_extend(b, len / 2);
	if (!at)
		return SONDE_E_SPACE;
	for (size_t i = 0; i < len; i += 2)
		at[i / 2] = (uint8_t)(digit_value(s[i]) << 4 | digit_value(s[i + 1]));
	return 0;
}

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance. A row of the table holds the distances of one prefix of a to every prefix of b;
 * only the last three rows are needed. */
unsigned sonde_edits(const char *a, size_t len, const char *b, unsigned most)
{
	size_t other = strlen(b);
	unsigned rows[3][NAME_MAX_EDITED + 1] = { 0 };
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	if (len > NAME_MAX_EDITED || other > NAME_MAX_EDITED)
		return most + 1;
	for (unsigned j = 0; j <= other; j++)
		last[j] = j;
	for (unsigned i = 1; i <= len; i++) {
		row[0] = i;
		for (unsigned j = 1; j <= other; j++) {
			unsigned replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = min(replaced, min(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
		unsigned *oldest = before;
		before = last;
		last = row;
		row = oldest;
	}
	return min(last[other], most + 1);
}

/* A suggestion with more than a third of its letters wrong, or more than three, would only be a guess. Case is
 * ignored. */
void sonde_nearest_offer(struct sonde_nearest *n, const char *candidate)
{
	if (n->best && n->edits == 0)
		return;
	unsigned most = n->best ? n->edits - 1 : n->len > 9 ? 3 : (unsigned)(n->len + 1) / 3;
	bool same = strlen(candidate) == n->len && strncasecmp(n->name, candidate, n->len) == 0;
	unsigned edits = same ? 0 : sonde_edits(n->name, n->len, candidate, most);
	if (edits > most)
		return;
	n->best = candidate;
	n->edits = edits;
}
