/* Address Resolution Protocol (RFC 826).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             htype             |             ptype             |
 *   +---------------+---------------+-------------------------------+
 *   |     hlen      |     plen      |              op               |
 *   +---------------+---------------+-------------------------------+
 *   |     sha (hlen bytes), spa (plen), tha (hlen), tpa (plen)      |
 */
#ifndef SONDE_PROTO_ARP_H
#define SONDE_PROTO_ARP_H

#include "proto/proto.h"

#define SONDE_ARP_HTYPE SONDE_FIELD(0, 0, 16)
#define SONDE_ARP_PTYPE SONDE_FIELD(1, 16, 16)
#define SONDE_ARP_HLEN  SONDE_FIELD(2, 32, 8)
#define SONDE_ARP_PLEN  SONDE_FIELD(3, 40, 8)
#define SONDE_ARP_OP    SONDE_FIELD(4, 48, 16)
#define SONDE_ARP_SHA   SONDE_FIELD(5, 64, 0)
#define SONDE_ARP_SPA   SONDE_FIELD(6, SONDE_NEXT, 0)
#define SONDE_ARP_THA   SONDE_FIELD(7, SONDE_NEXT, 0)
#define SONDE_ARP_TPA   SONDE_FIELD(8, SONDE_NEXT, 0)

enum sonde_arp_op { SONDE_ARP_REQUEST = 1, SONDE_ARP_REPLY = 2 };

extern const struct sonde_proto sonde_arp;

#endif
