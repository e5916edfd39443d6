/* Lists as text, both ways: items joined by commas, arguments by colons, parts of one argument by plus signs. */
#ifndef SONDE_PACKET_LIST_TEXT_H
#define SONDE_PACKET_LIST_TEXT_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "proto/proto.h"

/* Write the items of a list. Every item is printed typed only if reading it again gives its bytes; else as
 * KIND[.LEN]:HEX, or hex:... where no item starts. What filling up would add is left out, unless exact. */
void sonde_list_print(struct sonde_text *t, const struct sonde_list *list, struct sonde_view bytes, bool exact);

/* Read the whole of s (len bytes) as items and append their bytes to out, without filling up the list.
 * Returns 0, or fills e (column and length within s) and returns SONDE_E_SYNTAX, SONDE_E_UNKNOWN, SONDE_E_RANGE,
 * SONDE_E_KIND or SONDE_E_SPACE. */
int sonde_list_parse(struct sonde_buf *out, const struct sonde_list *list, const char *s, size_t len,
		     struct sonde_error *e);

#endif
