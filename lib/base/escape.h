/* Strings of the notation: escapes, both ways. */
#ifndef SONDE_BASE_ESCAPE_H
#define SONDE_BASE_ESCAPE_H

#include "base/bytes.h"
#include "base/text.h"

/* Whether a character is printed without an escape: letters, digits and % + , - . / : = @ _, from which no shell takes
 * anything. */
static inline bool sonde_char_is_literal(uint8_t c)
{
	/* A bit for each. */
	static const uint64_t literal[4] = { UINT64_C(0x27fff82000000000), UINT64_C(0x07fffffe87ffffff) };
	return literal[c >> 6] >> (c & 63) & 1;
}

/* Decode a string with the escapes \xHH, \0, the letters of C (\n, \t, ...) and a backslash before any character that
 * is neither letter nor digit, which stands for that character. Returns 0, SONDE_E_SYNTAX with the invalid escape in
 * *bad (which may be NULL), or SONDE_E_SPACE. */
int sonde_string_parse(struct sonde_buf *out, struct sonde_view *bad, const char *s, size_t len);
/* The first invalid escape in a string, or an empty view. */
struct sonde_view sonde_string_bad_escape(const char *s, size_t len);
/* The error message for an invalid escape, and its hint. */
#define SONDE_NO_ESCAPE   "no such escape"
#define SONDE_ESCAPE_HINT "\\\\ is a backslash, \\xHH any byte"

/* How many bytes of s, of which there is at least one, are one character in UTF-8 (RFC 3629: shortest form, no
 * surrogates); 0 where they are none. *control says whether it is a control character, C1 and delete included. */
size_t sonde_utf8_len(const uint8_t *s, size_t len, bool *control);

/* Print text of others for people: control characters, and bytes that are not UTF-8, as \\xHH. */
void sonde_foreign_print(struct sonde_text *t, struct sonde_view v);

/* How many characters of a string need an escape; counting ends when they are more than `most`. */
size_t sonde_count_escapes(struct sonde_view v, size_t most);

/* Print a string with escapes, so that sonde_string_parse reads it back, also from within quotes of a shell (outside of
 * them, it takes the backslashes: sonde_print_for_shell). */
void sonde_string_print(struct sonde_text *t, struct sonde_view v);

#endif
