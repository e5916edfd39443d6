/* Error messages and hints for text that cannot be parsed, for people who know the words of other tools. Private to the
 * parser. */
#ifndef SONDE_PACKET_NOTATION_HINT_H
#define SONDE_PACKET_NOTATION_HINT_H

#include "base/error.h"
#include "proto/proto.h"

/* Each of these sets the hint of e (which may be NULL) if it knows one, and returns whether it did. */

/* A name that is no field of a protocol, nor of its trailer (NULL: it has none). */
bool sonde_hint_field(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_proto *trailer,
		      const char *name, size_t len);
/* A name that is no field of the frame layer. */
bool sonde_hint_frame_field(struct sonde_error *e, const char *name, size_t len);
/* A word in a layer that is not field=value; next is the following word, or empty. */
bool sonde_hint_word(struct sonde_error *e, const struct sonde_proto *proto, const char *s, size_t len,
		     struct sonde_view next);
/* A name that is no protocol. */
bool sonde_hint_layer(struct sonde_error *e, const char *s, size_t len);
/* A name that is no item of a list. */
bool sonde_hint_item(struct sonde_error *e, const struct sonde_list *list, const char *s, size_t len);
/* Digits after hex: that are not hexadecimal. */
bool sonde_hint_hex(struct sonde_error *e, const char *s, size_t len);
/* A value that a row cannot have; whole is all the text after the =, of which s may be a part. */
bool sonde_hint_value(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
		      const char *s, size_t len, struct sonde_view whole);

/* The letters for one or several TCP flags that are written as in other tools: syn, push, xmas, tcpdump's dot for A.
 * NULL: not a flag. */
const char *sonde_flag_letters(const char *s, size_t len);

/* Whether a layer is written with its name: trailers are written in the layer that they belong to, and data as data. */
bool sonde_is_named_layer(const struct sonde_proto *proto);

/* Write why text is no value of a row: "not a number from 0 to 255", "no flag 'X': ...". */
void sonde_why_no_value(struct sonde_text *t, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
			const char *s, size_t len);

#endif
