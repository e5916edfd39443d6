/* Remote Authentication Dial In User Service (RFC 2865, 3 and 5; RFC 2866).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     code      |      id       |            length             |
 *   +---------------+---------------+-------------------------------+
 *   |                   authenticator, 16 bytes                     |
 *   +---------------------------------------------------------------+
 *   |  attributes ...
 */
#ifndef SONDE_PROTO_RADIUS_H
#define SONDE_PROTO_RADIUS_H

#include "proto/proto.h"

#define SONDE_RADIUS_CODE          SONDE_FIELD(0, 0, 8)
#define SONDE_RADIUS_ID            SONDE_FIELD(1, 8, 8)
#define SONDE_RADIUS_LENGTH        SONDE_FIELD(2, 16, 16)
#define SONDE_RADIUS_AUTHENTICATOR SONDE_FIELD(3, 32, 128)
#define SONDE_RADIUS_ATTRIBUTES    SONDE_FIELD(4, 160, 0)

extern const struct sonde_proto sonde_radius;

#endif
