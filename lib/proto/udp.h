/* User Datagram Protocol (RFC 768).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             sport             |             dport             |
 *   +-------------------------------+-------------------------------+
 *   |            length             |           checksum            |
 *   +-------------------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_UDP_H
#define SONDE_PROTO_UDP_H

#include "proto/proto.h"

#define SONDE_UDP_SPORT    SONDE_FIELD(0, 0, 16)
#define SONDE_UDP_DPORT    SONDE_FIELD(1, 16, 16)
#define SONDE_UDP_LENGTH   SONDE_FIELD(2, 32, 16)
#define SONDE_UDP_CHECKSUM SONDE_FIELD(3, 48, 16)

extern const struct sonde_proto sonde_udp;

#endif
