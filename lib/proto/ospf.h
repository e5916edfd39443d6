/* Open Shortest Path First, version 2 (RFC 2328, A.3.1): the header of all its packets.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    version    |     type      |            length             |
 *   +---------------+---------------+-------------------------------+
 *   |                            router                             |
 *   +---------------------------------------------------------------+
 *   |                             area                              |
 *   +-------------------------------+-------------------------------+
 *   |           checksum            |           authtype            |
 *   +-------------------------------+-------------------------------+
 *   |                        auth, 8 bytes                          |
 *   +---------------------------------------------------------------+
 */
#ifndef SONDE_PROTO_OSPF_H
#define SONDE_PROTO_OSPF_H

#include "proto/proto.h"

#define SONDE_OSPF_VERSION  SONDE_FIELD(0, 0, 8)
#define SONDE_OSPF_TYPE     SONDE_FIELD(1, 8, 8)
#define SONDE_OSPF_LENGTH   SONDE_FIELD(2, 16, 16)
#define SONDE_OSPF_ROUTER   SONDE_FIELD(3, 32, 32)
#define SONDE_OSPF_AREA     SONDE_FIELD(4, 64, 32)
#define SONDE_OSPF_CHECKSUM SONDE_FIELD(5, 96, 16)
#define SONDE_OSPF_AUTHTYPE SONDE_FIELD(6, 112, 16)
#define SONDE_OSPF_AUTH     SONDE_FIELD(7, 128, 64)

extern const struct sonde_proto sonde_ospf;

#endif
