/* Virtual Router Redundancy Protocol, version 2 (RFC 3768) and version 3 (RFC 5798).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---------------+---------------+---------------+
 *   |version| type  |     vrid      |   priority    |     count     |
 *   +-------+-------+---------------+---------------+---------------+
 *   |   authtype    |   advint 8    |           checksum            |  version 2
 *   |  rsvd |       advint 12       |                               |  version 3
 *   +---------------+---------------+-------------------------------+
 *   | addrs: IPv4, or in IPv6 those of IPv6                         |
 *   | auth, 8 bytes, of version 2                                   |
 */
#ifndef SONDE_PROTO_VRRP_H
#define SONDE_PROTO_VRRP_H

#include "proto/proto.h"

#define SONDE_VRRP_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_VRRP_TYPE     SONDE_FIELD(1, 4, 4)
#define SONDE_VRRP_VRID     SONDE_FIELD(2, 8, 8)
#define SONDE_VRRP_PRIORITY SONDE_FIELD(3, 16, 8)
#define SONDE_VRRP_COUNT    SONDE_FIELD(4, 24, 8)
#define SONDE_VRRP_RSVD     SONDE_FIELD(5, 32, 4)
#define SONDE_VRRP_ADVINT   SONDE_FIELD(6, 36, 12) /* hundredths of a second */
#define SONDE_VRRP_AUTHTYPE SONDE_FIELD(7, 32, 8)
#define SONDE_VRRP_ADVINT2  SONDE_FIELD(8, 40, 8)  /* of version 2: seconds */
#define SONDE_VRRP_CHECKSUM SONDE_FIELD(9, 48, 16)
#define SONDE_VRRP_ADDRS2   SONDE_FIELD(10, SONDE_NEXT, 0)
#define SONDE_VRRP_AUTH     SONDE_FIELD(11, SONDE_NEXT, 64)
#define SONDE_VRRP_ADDRS    SONDE_FIELD(12, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_vrrp;

#endif
