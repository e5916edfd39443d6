/* Lists of items inside headers: options, chunks, objects, records. */
#ifndef SONDE_PACKET_LIST_H
#define SONDE_PACKET_LIST_H

#include "base/bytes.h"
#include "proto/proto.h"

/* One item where a walk stands. */
struct sonde_list_item {
	const struct sonde_item *kind; /* NULL: a kind without a description */
	uint32_t number;               /* its kind */
	struct sonde_view bytes;       /* the whole item, filling included */
	uint32_t len;                  /* bytes without the filling */
	bool single;                   /* one byte, no length */
	bool broken;                   /* no item starts here; bytes is all the rest */
};

/* Read the item at *at of a list and move *at behind it. Returns false at the end. */
bool sonde_list_next(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes, size_t *at);

/* Write the bytes that fill a list up behind content_len bytes into out (room for 8). Returns how many. */
unsigned sonde_list_fill(uint8_t out[static 8], const struct sonde_list *list, size_t content_len);

/* How many bytes of a list must be given so that filling up makes all of it. */
size_t sonde_list_content(const struct sonde_list *list, struct sonde_view bytes);

/* Whether the bytes of a row that is no number are more than the builder puts there when it is left out. In a header
 * that is cut, nothing is filled up. */
bool sonde_bytes_say_something(const struct sonde_field *f, struct sonde_view bytes, bool cut);

#endif
