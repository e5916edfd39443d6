/* What requests and responses in lines of text share (RFC 9112, RFC 3261): a start line of three words, header lines,
 * an empty line. */
#ifndef SONDE_PROTO_LINES_H
#define SONDE_PROTO_LINES_H

#include "proto/proto.h"

/* Header lines, up to the first line that is none. */
extern const struct sonde_list sonde_header_lines;

/* Whether bytes begin with a whole request line, METHOD TARGET VERSION, or status line, VERSION CODE REASON, with a
 * version that begins so. */
bool sonde_lines_are_request(struct sonde_view bytes, const char *version);
bool sonde_lines_are_response(struct sonde_view bytes, const char *version);

/* For .say: the first line. */
void sonde_say_first_line(const struct sonde_saying *s);

#endif
