/* Routing Information Protocol (RFC 2453, 3.6 and 4; RFC 1058): routes, or a request for them.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    command    |    version    |             zero              |
 *   +---------------+---------------+-------------------------------+
 *   |  entries, 20 bytes each ...
 *
 *   +-------------------------------+-------------------------------+
 *   |        address family         |           route tag           |
 *   +-------------------------------+-------------------------------+
 *   |                          IP address                           |
 *   +---------------------------------------------------------------+
 *   |                          subnet mask                          |
 *   +---------------------------------------------------------------+
 *   |                           next hop                            |
 *   +---------------------------------------------------------------+
 *   |                            metric                             |
 *   +---------------------------------------------------------------+
 *
 * An entry of family 0xffff authenticates the message: its route tag is the type, 16 bytes follow (RFC 2082).
 */
#ifndef SONDE_PROTO_RIP_H
#define SONDE_PROTO_RIP_H

#include "proto/proto.h"

#define SONDE_RIP_COMMAND SONDE_FIELD(0, 0, 8)
#define SONDE_RIP_VERSION SONDE_FIELD(1, 8, 8)
#define SONDE_RIP_ZERO    SONDE_FIELD(2, 16, 16)
#define SONDE_RIP_ENTRIES SONDE_FIELD(3, 32, 0)

extern const struct sonde_proto sonde_rip;

#endif
