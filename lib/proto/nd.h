/* The options of neighbour discovery (RFC 4861, 4.6), which five ICMPv6 messages end with. Lengths count 8 bytes.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     kind      |    length     |             body              |
 *   +---------------+---------------+-------------------------------+
 */
#ifndef SONDE_PROTO_ND_H
#define SONDE_PROTO_ND_H

#include "proto/proto.h"

extern const struct sonde_list sonde_nd_options;

#endif
