/* What hop-by-hop and destination options have in common (RFC 8200, 4.2): their list of options and their length.
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

/* The options, from the third byte of the header on. */
extern const struct sonde_list sonde_options6;

/* Bytes of a header whose second byte counts 8-byte units, the first not counted. */
uint32_t sonde_options6_measure(const uint8_t *header, uint32_t have);

#endif
