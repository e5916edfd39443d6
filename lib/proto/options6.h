/* What hop-by-hop and destination options have in common (RFC 8200, 4.2): their rows, their options and their length.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     kind      |    length     |             body              |
 *   +---------------+---------------+-------------------------------+
 */
#ifndef SONDE_PROTO_OPTIONS6_H
#define SONDE_PROTO_OPTIONS6_H

#include "proto/proto.h"

#define SONDE_OPTIONS6_NEXT    SONDE_FIELD(0, 0, 8)
#define SONDE_OPTIONS6_LENGTH  SONDE_FIELD(1, 8, 8) /* 8-byte units after the first */
#define SONDE_OPTIONS6_OPTIONS SONDE_FIELD(2, 16, 0)
#define SONDE_OPTIONS6_MIN_LEN 8

extern const struct sonde_field sonde_options6_rows[];

/* Fill the length field. */
void sonde_options6_finish(const struct sonde_context *c);

/* Whether one of the options is that of a jumbogram (RFC 2675), in which the IPv6 header has no length. */
bool sonde_options6_has_jumbo(const struct sonde_layer *layer, const uint8_t *header);

/* Length of a header whose second byte counts 8-byte units after the first. */
uint32_t sonde_options6_measure(const uint8_t *header, uint32_t have);

#endif
