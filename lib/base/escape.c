#include "base/escape.h"

#include "base/error.h"

size_t sonde_utf8_len(const uint8_t *s, size_t len, bool *control)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
	uint32_t c = n == 1 ? s[0] : n ? s[0] & (0x7fu >> n) : 0;

	if (n == 0 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*control = c < 0x20 || (c >= 0x7f && c < 0xa0);
	return n;
}

void sonde_foreign_print(struct sonde_text *t, struct sonde_view v)
{
	for (size_t i = 0, n; i < v.len; i += n) {
		bool control = false;
		n = sonde_utf8_len(v.data + i, v.len - i, &control);
		bool plain = n && !control;
		n = n ? n : 1;
		for (size_t k = i; k < i + n && !plain; k++)
			sonde_text_fmt(t, "\\x%02x", v.data[k]);
		if (plain)
			sonde_text_mem(t, (const char *)v.data + i, n);
	}
}

/* sonde_char_is_literal of many characters at once: the bytes of the result are 0 or 255. */
typedef uint8_t chars __attribute__((vector_size(16)));

static inline chars are_literal(chars c)
{
	chars lower = c | ('a' - 'A');
	return (chars)((lower >= 'a') & (lower <= 'z')) | (chars)((c >= '+') & (c <= ':')) | (chars)(c == '%') |
	       (chars)(c == '=') | (chars)(c == '@') | (chars)(c == '_');
}

size_t sonde_count_escapes(struct sonde_view v, size_t most)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t at = 0, n = 0;
	for (chars c; at + sizeof c <= v.len && n <= most; at += sizeof c) {
		uint64_t half[2];
		memcpy(&c, v.data + at, sizeof c);
		c = ~are_literal(c);
		memcpy(half, &c, sizeof c);
		n += ((half[0] & ones) + (half[1] & ones)) * ones >> 56;
	}
	for (; at < v.len && n <= most; at++)
		n += !sonde_char_is_literal(v.data[at]);
	return n;
}

void sonde_string_print(struct sonde_text *t, struct sonde_view v)
{
	for (size_t i = 0, n; i < v.len; i += n ? n : 1) {
		for (n = 0; i + n < v.len && sonde_char_is_literal(v.data[i + n]); n++)
			;
		sonde_text_mem(t, (const char *)v.data + i, n);
		if (n == 0) {
			sonde_text_str(t, "\\x");
			sonde_text_hex(t, sonde_view_sub(v, i, 1));
		}
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Decode the escape that starts with the backslash at s[0]. Returns its length, or the negated length of an invalid
 * one. A digit after \0 is refused, because C would read an octal number. */
static int escape_parse(uint8_t *out, const char *s, size_t len)
{
	static const char letters[] = "abfnrtv0", values[] = "\a\b\f\n\r\t\v";
	if (len < 2)
		return -1;
	if (s[1] == 'x') {
		int high = len > 2 ? hex_digit(s[2]) : -1, low = len > 3 ? hex_digit(s[3]) : -1;
		if (high < 0 || low < 0)
			return high < 0 ? -2 : -3;
		*out = (uint8_t)(high << 4 | low);
		return 4;
	}
	if (s[1] == '0' && len > 2 && is_digit(s[2]))
		return -3;
	const char *known = s[1] ? strchr(letters, s[1]) : NULL;
	if (!known && (is_letter(s[1]) || is_digit(s[1])))
		return -2;
	*out = (uint8_t)(known ? values[known - letters] : s[1]);
	return 2;
}

int sonde_string_parse(struct sonde_buf *out, struct sonde_view *bad, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint8_t c = (uint8_t)s[i];
		int used = c == '\\' ? escape_parse(&c, s + i, len - i) : 1;
		if (used < 0) {
			if (bad)
				*bad = sonde_view(s + i, (size_t)-used);
			return SONDE_E_SYNTAX;
		}
		i += (size_t)used;
		if (!sonde_buf_put(out, sonde_view(&c, 1)))
			return SONDE_E_SPACE;
	}
	return 0;
}

struct sonde_view sonde_string_bad_escape(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint8_t c;
		int used = s[i] == '\\' ? escape_parse(&c, s + i, len - i) : 1;
		if (used < 0)
			return sonde_view_sub(sonde_view(s, len), i, (size_t)-used);
		i += (size_t)used;
	}
	return sonde_view(NULL, 0);
}
