/* Enhanced Interior Gateway Routing Protocol (RFC 7868, 6.2).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    version    |    opcode     |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   |                             flags                             |
 *   +---------------------------------------------------------------+
 *   |                              seq                              |
 *   +---------------------------------------------------------------+
 *   |                              ack                              |
 *   +-------------------------------+-------------------------------+
 *   |             vrid              |              as               |
 *   +-------------------------------+-------------------------------+
 *   |  tlvs ...
 */
#ifndef SONDE_PROTO_EIGRP_H
#define SONDE_PROTO_EIGRP_H

#include "proto/proto.h"

#define SONDE_EIGRP_VERSION  SONDE_FIELD(0, 0, 8)
#define SONDE_EIGRP_OPCODE   SONDE_FIELD(1, 8, 8)
#define SONDE_EIGRP_CHECKSUM SONDE_FIELD(2, 16, 16)
#define SONDE_EIGRP_FLAGS    SONDE_FIELD(3, 32, 32)
#define SONDE_EIGRP_SEQ      SONDE_FIELD(4, 64, 32)
#define SONDE_EIGRP_ACK      SONDE_FIELD(5, 96, 32)
#define SONDE_EIGRP_VRID     SONDE_FIELD(6, 128, 16)
#define SONDE_EIGRP_AS       SONDE_FIELD(7, 144, 16)
#define SONDE_EIGRP_TLVS     SONDE_FIELD(8, 160, 0)

extern const struct sonde_proto sonde_eigrp;

#endif
