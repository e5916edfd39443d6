/* Lists of items inside headers: options, chunks, objects, records. */
#ifndef SONDE_PROTO_LIST_H
#define SONDE_PROTO_LIST_H

#include "proto/proto.h"

/* One item of a list. */
struct sonde_list_item {
	const struct sonde_item *kind; /* NULL: a kind without a description */
	uint32_t number;               /* its kind */
	struct sonde_view bytes;       /* the whole item, filling included */
	uint32_t len;                  /* bytes without the filling */
	bool single;                   /* one byte, no length */
	bool ends;                     /* nothing but filling follows it */
	bool broken;                   /* no item starts here; bytes is all the rest */
};

/* Read the item at *at of a list and move *at behind it. Returns false at the end. */
bool sonde_list_next(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes, size_t *at);

/* Bytes of the first n items of those that lie in bytes; of all of them, when they are not so many. What lies behind an
 * item that closes the list is not counted. */
size_t sonde_list_span(const struct sonde_list *list, struct sonde_view bytes, uint64_t n);
/* How many items lie in bytes; a rest that is none counts as one. */
uint64_t sonde_list_count(const struct sonde_list *list, struct sonde_view bytes);

/* Write the bytes that fill a list up behind content_len bytes into out (room for 8). Returns how many. */
unsigned sonde_list_fill(uint8_t out[SONDE_AT_LEAST(8)], const struct sonde_list *list, size_t content_len);

/* How many bytes of a list must be given so that filling up makes all of it. */
size_t sonde_list_content(const struct sonde_list *list, struct sonde_view bytes);

/* What a row of variable length holds when it is left out: what fills a list up that holds nothing,
	or the shortest value
 * of a kind that measures itself. Returns how many bytes. */
unsigned sonde_empty_value(uint8_t out[SONDE_AT_LEAST(8)], const struct sonde_field *row);

/* Whether the bytes of a row that is no number are what the builder puts there when it is left out. In a header that is
 * cut, nothing is filled up. */
bool sonde_bytes_are_default(const struct sonde_field *row, struct sonde_view bytes, bool cut);

/* Whether a row of an item's table is an argument by its order: not a named one, nor a number that follows others. */
bool sonde_is_argument(const struct sonde_list *list, const struct sonde_field *rows, const struct sonde_field *row);

#endif
