/* Mobility Header of IPv6 (RFC 6275, 6.1): what all its messages have.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |     next      |    length     |     type      |   reserved    |
 *   +---------------+---------------+---------------+---------------+
 *   |           checksum            |             word              |
 *   +-------------------------------+-------------------------------+
 *   |  data ...
 */
#ifndef SONDE_PROTO_MOBILITY_H
#define SONDE_PROTO_MOBILITY_H

#include "proto/proto.h"

#define SONDE_MOBILITY_NEXT     SONDE_FIELD(0, 0, 8)
#define SONDE_MOBILITY_LENGTH   SONDE_FIELD(1, 8, 8)
#define SONDE_MOBILITY_TYPE     SONDE_FIELD(2, 16, 8)
#define SONDE_MOBILITY_RESERVED SONDE_FIELD(3, 24, 8)
#define SONDE_MOBILITY_CHECKSUM SONDE_FIELD(4, 32, 16)
#define SONDE_MOBILITY_WORD     SONDE_FIELD(5, 48, 16)
#define SONDE_MOBILITY_DATA     SONDE_FIELD(6, 64, 0)

extern const struct sonde_proto sonde_mobility;

#endif
