/* Open Shortest Path First, version 3 (RFC 5340, A.3.1), in IPv6: the header of all its packets.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    version    |     type      |            length             |
 *   +---------------+---------------+-------------------------------+
 *   |                            router                             |
 *   +---------------------------------------------------------------+
 *   |                             area                              |
 *   +-------------------------------+---------------+---------------+
 *   |           checksum            |   instance    |   reserved    |
 *   +-------------------------------+---------------+---------------+
 */
#ifndef SONDE_PROTO_OSPF3_H
#define SONDE_PROTO_OSPF3_H

#include "proto/proto.h"

#define SONDE_OSPF3_VERSION  SONDE_FIELD(0, 0, 8)
#define SONDE_OSPF3_TYPE     SONDE_FIELD(1, 8, 8)
#define SONDE_OSPF3_LENGTH   SONDE_FIELD(2, 16, 16)
#define SONDE_OSPF3_ROUTER   SONDE_FIELD(3, 32, 32)
#define SONDE_OSPF3_AREA     SONDE_FIELD(4, 64, 32)
#define SONDE_OSPF3_CHECKSUM SONDE_FIELD(5, 96, 16)
#define SONDE_OSPF3_INSTANCE SONDE_FIELD(6, 112, 8)
#define SONDE_OSPF3_RESERVED SONDE_FIELD(7, 120, 8)

extern const struct sonde_proto sonde_ospf3;

#endif
