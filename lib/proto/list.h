/* Lists of items inside headers: options, chunks, objects, records. */
#ifndef SONDE_PROTO_LIST_H
#define SONDE_PROTO_LIST_H

#include "proto/proto.h"

/* One item of a list. */
struct sonde_list_item {
	const struct sonde_item *kind; /* NULL: a kind without a description */
	uint32_t number;               /* its kind */
	struct sonde_view bytes;       /* the whole item, with padding */
	uint32_t len;                  /* bytes without padding */
	bool single;                   /* one byte, no length */
	bool ends;                     /* it ends the list: only padding follows */
	bool broken;                   /* not a valid item: bytes is all the rest */
};

/* The item of that name (len bytes) in a list, or NULL. */
const struct sonde_item *sonde_item_by_name(const struct sonde_list *list, const char *name, size_t len);

/* Read the item at *at of a list and advance *at. Returns false at the end. */
bool sonde_list_next(struct sonde_list_item *out, const struct sonde_list *list, struct sonde_view bytes, size_t *at);

/* Length of the first n items in bytes, or of all if there are fewer. Stops after an item that closes the list, and
 * before bytes that end it. */
size_t sonde_list_span(const struct sonde_list *list, struct sonde_view bytes, uint64_t n);
/* The number of items in bytes; an invalid rest counts as one. */
uint64_t sonde_list_count(const struct sonde_list *list, struct sonde_view bytes);

/* Write the padding of a list with content_len bytes of content into out (room for 8). Returns how many bytes. */
unsigned sonde_list_fill(uint8_t out[SONDE_AT_LEAST(8)], const struct sonde_list *list, size_t content_len);

/* Length of a list without its padding, if padding it gives the same bytes again; else of all bytes. */
size_t sonde_list_content(const struct sonde_list *list, struct sonde_view bytes);

/* The value of a row of variable length that is not written: the padding of an empty list, or the shortest value of a
 * kind that measures itself. Returns how many bytes. */
unsigned sonde_empty_value(uint8_t out[SONDE_AT_LEAST(SONDE_MAX_EMPTY)], const struct sonde_field *row);

/* Whether the bytes of a row (not a number) equal what the builder writes if the row is left out. In a header that is
 * cut, nothing is padded. */
bool sonde_bytes_are_default(const struct sonde_field *row, struct sonde_view bytes, bool cut);

/* Whether a row of an item's table is a positional argument: neither a named one nor a number that sizes another
 * row. */
bool sonde_is_argument(const struct sonde_list *list, const struct sonde_field *rows, const struct sonde_field *row);

#endif
