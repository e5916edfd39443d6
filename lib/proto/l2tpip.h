/* L2TPv3 straight over IP (RFC 3931, 4.1.1): the session, or 0 before a control message. How long the cookie is, both
 * ends know, and not the packet: it is what stands before an Ethernet frame.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                            session                            |
 *   +---------------------------------------------------------------+
 *   |                     cookie, 0, 4 or 8 bytes                   |
 *   +---------------------------------------------------------------+
 */
#ifndef SONDE_PROTO_L2TPIP_H
#define SONDE_PROTO_L2TPIP_H

#include "proto/proto.h"

#define SONDE_L2TPIP_SESSION SONDE_FIELD(0, 0, 32)
#define SONDE_L2TPIP_COOKIE  SONDE_FIELD(1, 32, 0)

extern const struct sonde_proto sonde_l2tpip;

#endif
