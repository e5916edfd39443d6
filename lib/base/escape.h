/* Strings of the notation: escapes, both ways. */
#ifndef SONDE_BASE_ESCAPE_H
#define SONDE_BASE_ESCAPE_H

#include "base/bytes.h"
#include "base/text.h"

/* Whether a character is written as it is: a shell's quotes and blanks are not. */
bool sonde_char_is_literal(uint8_t c);

/* Read a string: everything as it is, but the escapes \xHH, \0 and those of C that are letters; a backslash before a
 * character that is neither letter nor digit stands for that character. Returns 0, SONDE_E_SYNTAX with the escape that
 * is none in *bad (which may be NULL), or SONDE_E_SPACE. */
int sonde_string_parse(struct sonde_buf *out, struct sonde_view *bad, const char *s, size_t len);
/* The first part of a string that is no escape, although it begins with a backslash; empty: all are. */
struct sonde_view sonde_string_bad_escape(const char *s, size_t len);
/* What is said of it, and the way out. */
#define SONDE_NO_ESCAPE   "no such escape"
#define SONDE_ESCAPE_HINT "\\\\ is a backslash, \\xHH any byte"

/* Write a string so that sonde_string_parse and a shell's quotes give it back. */
void sonde_string_print(struct sonde_text *t, struct sonde_view v);

#endif
