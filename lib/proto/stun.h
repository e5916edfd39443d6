/* Session Traversal Utilities for NAT (RFC 8489, 5 and 14): messages with attributes.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             type              |            length             |
 *   +-------------------------------+-------------------------------+
 *   |                            cookie                             |
 *   +---------------------------------------------------------------+
 *   |                         id, 12 bytes                          |
 *   +---------------------------------------------------------------+
 *   |  attributes ...
 */
#ifndef SONDE_PROTO_STUN_H
#define SONDE_PROTO_STUN_H

#include "proto/proto.h"

#define SONDE_STUN_TYPE       SONDE_FIELD(0, 0, 16)
#define SONDE_STUN_LENGTH     SONDE_FIELD(1, 16, 16)
#define SONDE_STUN_COOKIE     SONDE_FIELD(2, 32, 32)
#define SONDE_STUN_ID         SONDE_FIELD(3, 64, 96)
#define SONDE_STUN_ATTRIBUTES SONDE_FIELD(4, 160, 0)

#define SONDE_STUN_MAGIC 0x2112a442

extern const struct sonde_proto sonde_stun;

#endif
