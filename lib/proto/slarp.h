/* Serial Line Address Resolution Protocol of Cisco HDLC (RFC 1547, 4.3.1): asks for an address, or says that the line
 * works.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                             code                              |
 *   +---------------------------------------------------------------+
 *   |                 addr; in keepalives: mysequence               |
 *   +---------------------------------------------------------------+
 *   |                mask; in keepalives: yoursequence              |
 *   +-------------------------------+-------------------------------+
 *   |          reliability          |
 *   +-------------------------------+
 */
#ifndef SONDE_PROTO_SLARP_H
#define SONDE_PROTO_SLARP_H

#include "proto/proto.h"

#define SONDE_SLARP_CODE         SONDE_FIELD(0, 0, 32)
#define SONDE_SLARP_ADDR         SONDE_FIELD(1, 32, 32)
#define SONDE_SLARP_MASK         SONDE_FIELD(2, 64, 32)
#define SONDE_SLARP_MYSEQUENCE   SONDE_FIELD(3, 32, 32)
#define SONDE_SLARP_YOURSEQUENCE SONDE_FIELD(4, 64, 32)
#define SONDE_SLARP_RELIABILITY  SONDE_FIELD(5, 96, 16)

#define SONDE_SLARP_KEEPALIVE 2

extern const struct sonde_proto sonde_slarp;

#endif
