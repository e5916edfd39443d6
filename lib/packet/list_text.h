/* Lists as text, both ways: items joined by commas, arguments by colons, parts of one argument by plus signs.
 *
 * An argument with colons or commas is enclosed in brackets; text in it may be quoted. Rows that are .named are written
 * name=value after the other arguments. */
#ifndef SONDE_PACKET_LIST_TEXT_H
#define SONDE_PACKET_LIST_TEXT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "proto/list.h"

/* Nesting depth to which lists are read and printed by names; deeper ones are hex digits. */
#define SONDE_LIST_DEPTH 8

/* How to print a list. */
struct sonde_list_style {
	bool exact; /* print padding, too: for a header that is cut */
	bool expand;  /* for people: expand pointers. The text does not read back */
	bool outline; /* print nested lists as "..." */
	struct sonde_view message; /* the header that holds the list, for pointers */
	unsigned depth;            /* nesting depth */
	uint64_t *untyped;         /* NULL, or a counter of bytes that are hex digits because they are not described */
};

/* Print the items of a list. An item is printed by name and arguments only if these read back to its bytes; else as
 * KIND[.LEN]:HEX, or hex:... for bytes that are no valid item. */
void sonde_list_print(struct sonde_text *t, const struct sonde_list *list, struct sonde_view bytes,
		      const struct sonde_list_style *style);

/* Print one item. last: it is the last one of its list. */
void sonde_item_print(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item,
		      const struct sonde_list_style *style, bool last);

/* Parse the whole of s (len bytes) as items and append their bytes to out, without padding the list. The free room in
 * out is used as scratch memory. Returns 0, or fills e (column and length within s) and returns SONDE_E_SYNTAX,
 * SONDE_E_UNKNOWN, SONDE_E_RANGE, SONDE_E_KIND or SONDE_E_SPACE. */
int sonde_list_parse(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e);

/* --- The text, taken apart --------------------------------------------------------------------------------------- */

/* The first `stop` outside brackets and quotes, or the end. */
const char *sonde_list_part_end(const char *s, const char *end, char stop);

/* The row of a named argument, name=value at s, and where its value begins; NULL: a positional argument. */
const struct sonde_field *sonde_list_named_row(const struct sonde_field *rows, const char *s, const char *end,
						const char **value);

/* An argument ends at the next colon, but the last possible one only where a named argument begins. */
const char *sonde_list_argument_end(const struct sonde_field *rows, const char *s, const char *end, bool last);

#endif
