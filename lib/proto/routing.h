/* IPv6 routing header: type 0 (RFC 2460, deprecated by RFC 5095), 2 (RFC 6275), 3 (RFC 6554), 4 (RFC 8754).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |     next      |    length     |     type      |    segleft    |
 *   +---------------+---------------+---------------+---------------+
 *   | types 0, 2: reserved                                          |
 *   | type 3: cmpri 4, cmpre 4, pad 4, reserved 20                  |
 *   | type 4: last 8, flags 8, tag 16                               |
 *   +---------------------------------------------------------------+
 *   | types 0, 2: addrs; type 3: vector; type 4: segs, then tlvs    |
 */
#ifndef SONDE_PROTO_ROUTING_H
#define SONDE_PROTO_ROUTING_H

#include "proto/proto.h"

#define SONDE_ROUTING_NEXT     SONDE_FIELD(0, 0, 8)
#define SONDE_ROUTING_LENGTH   SONDE_FIELD(1, 8, 8) /* 8-byte units after the first */
#define SONDE_ROUTING_TYPE     SONDE_FIELD(2, 16, 8)
#define SONDE_ROUTING_SEGLEFT  SONDE_FIELD(3, 24, 8)
#define SONDE_ROUTING_RESERVED SONDE_FIELD(4, 32, 32)
#define SONDE_ROUTING_ADDRS    SONDE_FIELD(5, 64, 0)
#define SONDE_ROUTING_CMPRI    SONDE_FIELD(6, 32, 4)
#define SONDE_ROUTING_CMPRE    SONDE_FIELD(7, 36, 4)
#define SONDE_ROUTING_PAD      SONDE_FIELD(8, 40, 4)
#define SONDE_ROUTING_RPL_RSV  SONDE_FIELD(9, 44, 20)
#define SONDE_ROUTING_VECTOR   SONDE_FIELD(10, 64, 0)
#define SONDE_ROUTING_LAST     SONDE_FIELD(11, 32, 8)
#define SONDE_ROUTING_FLAGS    SONDE_FIELD(12, 40, 8)
#define SONDE_ROUTING_TAG      SONDE_FIELD(13, 48, 16)
#define SONDE_ROUTING_SEGS     SONDE_FIELD(14, 64, 0)
#define SONDE_ROUTING_TLVS     SONDE_FIELD(15, SONDE_NEXT, 0)
#define SONDE_ROUTING_BODY     SONDE_FIELD(16, 32, 0)

extern const struct sonde_proto sonde_routing;

#endif
