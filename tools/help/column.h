/* Text in lines of 80 columns. */
#ifndef SONDE_TOOLS_HELP_COLUMN_H
#define SONDE_TOOLS_HELP_COLUMN_H

#include <stddef.h>

/* Where writing stands: lines that follow begin with so many blanks. */
struct column {
	size_t indent, at;
};

/* Begin a line with a head, and let those that follow begin under its end, or under `indent` if that is not 0. */
struct column column_begin(size_t indent, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Write a text word by word, after a blank, and break the line before the word that does not fit. */
void column_words(struct column *c, const char *text);
/* Write something that is not broken. */
void column_piece(struct column *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* End the last line. */
void column_end(struct column *c);

#endif
