/* Random items of lists as text: what the property tests of descriptions read and print. */
#ifndef SONDE_TESTS_ITEMS_H
#define SONDE_TESTS_ITEMS_H

#include "base/text.h"
#include "proto/proto.h"

/* Bytes in which small numbers, zeros and anything come up. */
void items_random_bytes(uint8_t *out, size_t len, uint64_t *random);

/* NAME:argument:... as the rows of an item have it; conditions are left to the reader, so such items get no more than
 * the arguments before them. */
void items_print_random(struct sonde_text *t, const struct sonde_list *list, const struct sonde_item *item,
			uint64_t *random);

#endif
