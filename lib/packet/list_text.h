/* Lists as text, both ways: items joined by commas, arguments by colons, parts of one argument by plus signs.
 *
 * An argument that holds colons or commas stands in brackets; text in it may stand in quotes. Rows that are .named are
 * written name=value behind the other arguments. */
#ifndef SONDE_PACKET_LIST_TEXT_H
#define SONDE_PACKET_LIST_TEXT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "proto/list.h"

/* Lists in lists that are read and written by names; what lies in more of them is hex digits. */
#define SONDE_LIST_DEPTH 8

/* How a list is written. */
struct sonde_list_style {
	bool exact; /* what filling up would add, too: of a header that is cut */
	bool expand;  /* for people, with what pointers point to; what is written does not read back then */
	bool outline; /* with show: the lists in an item are only hinted at */
	struct sonde_view message; /* the header that the list is in; needed to show */
	unsigned depth;            /* lists around this one */
	uint64_t *untyped;         /* NULL, or where bytes are added that are hex digits for want of a description */
};

/* Write the items of a list. An item is written by its name and arguments only if they make its bytes again; else as
 * KIND[.LEN]:HEX, or hex:... where no item starts. */
void sonde_list_print(struct sonde_text *t, const struct sonde_list *list, struct sonde_view bytes,
		      const struct sonde_list_style *style);

/* Write one of them; last: nothing follows it. */
void sonde_item_print(struct sonde_text *t, const struct sonde_list *list, const struct sonde_list_item *item,
		      const struct sonde_list_style *style, bool last);

/* Read the whole of s (len bytes) as items and append their bytes to out, without filling up the list. Room that out
 * has beyond them is scratch. Returns 0, or fills e (column and length within s) and returns SONDE_E_SYNTAX,
 * SONDE_E_UNKNOWN, SONDE_E_RANGE, SONDE_E_KIND or SONDE_E_SPACE. */
int sonde_list_parse(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e);

#endif
