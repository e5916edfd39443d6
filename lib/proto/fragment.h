/* IPv6 fragment header (RFC 8200, 4.5).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------+---+-+
 *   |     next      |   reserved    |         offset          |res|m|
 *   +---------------+---------------+-------------------------+---+-+
 *   |                              id                               |
 *   +---------------------------------------------------------------+
 */
#ifndef SONDE_PROTO_FRAGMENT_H
#define SONDE_PROTO_FRAGMENT_H

#include "proto/proto.h"

#define SONDE_FRAGMENT_NEXT     SONDE_FIELD(0, 0, 8)
#define SONDE_FRAGMENT_RESERVED SONDE_FIELD(1, 8, 8)
#define SONDE_FRAGMENT_OFFSET   SONDE_FIELD(2, 16, 13) /* 8-byte units */
#define SONDE_FRAGMENT_RES      SONDE_FIELD(3, 29, 2)
#define SONDE_FRAGMENT_M        SONDE_FIELD(4, 31, 1)
#define SONDE_FRAGMENT_ID       SONDE_FIELD(5, 32, 32)

extern const struct sonde_proto sonde_fragment;

#endif
