/* PPP over Ethernet, a session whose protocol number is compressed to a byte (RFC 1661, 6.5). RFC 2516, 7 recommends
 * against it, but there are such frames.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---------------+-------------------------------+
 *   |version| type  |     code      |            session            |
 *   +-------+-------+---------------+-------------------------------+
 *   |            length             |     proto     |
 *   +-------------------------------+---------------+
 */
#ifndef SONDE_PROTO_PPPOEC_H
#define SONDE_PROTO_PPPOEC_H

#include "proto/proto.h"

#define SONDE_PPPOEC_VERSION SONDE_FIELD(0, 0, 4)
#define SONDE_PPPOEC_TYPE    SONDE_FIELD(1, 4, 4)
#define SONDE_PPPOEC_CODE    SONDE_FIELD(2, 8, 8)
#define SONDE_PPPOEC_SESSION SONDE_FIELD(3, 16, 16)
#define SONDE_PPPOEC_LENGTH  SONDE_FIELD(4, 32, 16) /* bytes that follow */
#define SONDE_PPPOEC_PROTO   SONDE_FIELD(5, 48, 8)

extern const struct sonde_proto sonde_pppoec;

#endif
