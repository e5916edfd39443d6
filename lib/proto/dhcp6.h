/* DHCP for IPv6 (RFC 8415).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *   |     type      |                      xid                      |  or, of relays: hops, link, peer
 *   +---------------+-----------------------------------------------+
 *   |  options ...
 *   +-----------------
 */
#ifndef SONDE_PROTO_DHCP6_H
#define SONDE_PROTO_DHCP6_H

#include "proto/proto.h"

#define SONDE_DHCP6_TYPE    SONDE_FIELD(0, 0, 8)
#define SONDE_DHCP6_XID     SONDE_FIELD(1, 8, 24)
#define SONDE_DHCP6_HOPS    SONDE_FIELD(2, 8, 8)
#define SONDE_DHCP6_LINK    SONDE_FIELD(3, 16, 128)
#define SONDE_DHCP6_PEER    SONDE_FIELD(4, 144, 128)
#define SONDE_DHCP6_OPTIONS SONDE_FIELD(5, SONDE_NEXT, 0)

enum sonde_dhcp6_type {
	SONDE_DHCP6_SOLICIT = 1, SONDE_DHCP6_ADVERTISE, SONDE_DHCP6_REQUEST, SONDE_DHCP6_CONFIRM, SONDE_DHCP6_RENEW,
	SONDE_DHCP6_REBIND, SONDE_DHCP6_REPLY, SONDE_DHCP6_RELEASE, SONDE_DHCP6_DECLINE, SONDE_DHCP6_RECONFIGURE,
	SONDE_DHCP6_INFORMATION, SONDE_DHCP6_RELAY, SONDE_DHCP6_RELAY_REPLY,
};

extern const struct sonde_proto sonde_dhcp6;

#endif
