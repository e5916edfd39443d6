/* What is said of a text that cannot be read, and what would be right: for people who know other tools' words. Private
 * to the parser. */
#ifndef SONDE_PACKET_NOTATION_HINT_H
#define SONDE_PACKET_NOTATION_HINT_H

#include "base/error.h"
#include "proto/proto.h"

/* Each of these sets the hint of e, which may be NULL, where it knows one, and returns whether it does. */

/* A name that is no field of a protocol, nor of its trailer (NULL: it has none). */
bool sonde_hint_field(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_proto *trailer,
		      const char *name, size_t len);
/* A name that is no field of the frame layer. */
bool sonde_hint_frame_field(struct sonde_error *e, const char *name, size_t len);
/* A word in a layer that is no field=value; next is the word behind it, or empty. */
bool sonde_hint_word(struct sonde_error *e, const struct sonde_proto *proto, const char *s, size_t len,
		     struct sonde_view next);
/* A name that is no protocol. */
bool sonde_hint_layer(struct sonde_error *e, const char *s, size_t len);
/* A name that is no item of a list. */
bool sonde_hint_item(struct sonde_error *e, const struct sonde_list *list, const char *s, size_t len);
/* Digits that are none of hex:. */
bool sonde_hint_hex(struct sonde_error *e, const char *s, size_t len);
/* A value that is none of a row; whole is all that stands behind the =, of which it may be a part. */
bool sonde_hint_value(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
		      const char *s, size_t len, struct sonde_view whole);

/* The letters of TCP's flags by what other tools call one, or several: syn, push, xmas; also as tcpdump writes them: a
 * dot is A. NULL: it is none. */
const char *sonde_flag_letters(const char *s, size_t len);

/* Write why a value is none of a row: "not a number from 0 to 255", "no flag 'X': ...". */
void sonde_why_no_value(struct sonde_text *t, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
			const char *s, size_t len);

#endif
