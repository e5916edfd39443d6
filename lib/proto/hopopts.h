/* IPv6 hop-by-hop options (RFC 8200, 4.3).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     next      |    length     |  options, filled up to 8n + 6 |
 *   +---------------+---------------+-------------------------------+
 */
#ifndef SONDE_PROTO_HOPOPTS_H
#define SONDE_PROTO_HOPOPTS_H

#include "proto/proto.h"

#define SONDE_HOPOPTS_NEXT    SONDE_FIELD(0, 0, 8)
#define SONDE_HOPOPTS_LENGTH  SONDE_FIELD(1, 8, 8) /* 8-byte units, the first not counted */
#define SONDE_HOPOPTS_OPTIONS SONDE_FIELD(2, 16, 0)

extern const struct sonde_proto sonde_hopopts;

#endif
