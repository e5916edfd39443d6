/* Writing text, parsing numbers, and finding the name nearest to a mistyped one. */
#ifndef SONDE_BASE_TEXT_H
#define SONDE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Text being written into memory that the caller owns. It always ends in 0 (when cap > 0). What does not fit is
 * counted, not stored: len >= cap means that cap is too small, len + 1 would do. */
struct sonde_text {
	char *data;
	size_t len; /* bytes of the whole text, without the 0 */
	size_t cap; /* bytes there is room for, with the 0 */
};

static inline bool sonde_text_fits(const struct sonde_text *t)
{
	return t->len < t->cap;
}

/* An empty text in cap bytes at data. */
struct sonde_text sonde_text(char *data, size_t cap);

/* sonde_text_mem where there is not room for all of it. */
void sonde_text_overflow(struct sonde_text *t, const char *s, size_t len);

static inline void sonde_text_mem(struct sonde_text *t, const char *s, size_t len)
{
	if (len == 0)
		return;
	if (!sonde_text_fits(t) || len >= t->cap - t->len) {
		sonde_text_overflow(t, s, len);
		return;
	}
	memcpy(t->data + t->len, s, len);
	t->len += len;
	t->data[t->len] = 0;
}

static inline void sonde_text_char(struct sonde_text *t, char c)
{
	sonde_text_mem(t, &c, 1);
}

static inline void sonde_text_str(struct sonde_text *t, const char *s)
{
	sonde_text_mem(t, s, strlen(s));
}

void sonde_text_uint(struct sonde_text *t, uint64_t v);
/* With leading zeros, `digits` of them in all (up to 20); higher ones are left out. */
void sonde_text_padded(struct sonde_text *t, uint64_t v, unsigned digits);
/* In hexadecimal: 0x and at least min_digits lower-case digits. */
void sonde_text_hexnum(struct sonde_text *t, uint64_t v, unsigned min_digits);
/* Write two lower-case hexadecimal digits for each byte to out, without a 0. */
void sonde_hex_digits(char *out, struct sonde_view v);
/* The same as text. */
void sonde_text_hex(struct sonde_text *t, struct sonde_view v);
void sonde_text_fmt(struct sonde_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Cut the text back to len bytes. */
void sonde_text_cut(struct sonde_text *t, size_t len);

/* Parse the whole of s (len bytes) as a decimal number, or as hexadecimal after 0x.
 * Returns 0, SONDE_E_SYNTAX (no number) or SONDE_E_RANGE (over 64 bits). */
int sonde_uint_parse(uint64_t *out, const char *s, size_t len);

/* Parse an even number of hexadecimal digits into b.
 * Returns 0, SONDE_E_SYNTAX (odd count, or another character) or SONDE_E_SPACE. */
int sonde_hex_parse(struct sonde_buf *b, const char *s, size_t len);

/* How many single-character edits (insert, delete, replace, swap neighbours) turn a (len bytes) into b; most + 1 when
 * they are more than `most`, or when a name has more than 32 bytes. */
unsigned sonde_edits(const char *a, size_t len, const char *b, unsigned most);

/* The candidate nearest to a mistyped name: start with best NULL, offer each candidate, use best. */
struct sonde_nearest {
	const char *name; /* what was typed */
	size_t len;
	const char *best; /* the nearest candidate so far, or NULL when none is near enough */
	unsigned edits;
};
void sonde_nearest_offer(struct sonde_nearest *n, const char *candidate);

#endif
