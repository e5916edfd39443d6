/* Lists in patterns. Private to packet/pattern. */
#ifndef SONDE_PACKET_PATTERN_LIST_H
#define SONDE_PACKET_PATTERN_LIST_H

#include "base/bytes.h"
#include "proto/list.h"

/* Whether the items of text (a list in the notation, in which arguments may be sets, open ranges or empty) occur in
 * these bytes in that order. */
bool sonde_list_has(const struct sonde_list *list, struct sonde_view bytes, struct sonde_view text);

/* Read the text once, to find out whether it can be matched at all. Returns 0, or fills e (column within text). */
int sonde_list_pattern_check(const struct sonde_list *list, struct sonde_view text, struct sonde_error *e);

#endif
