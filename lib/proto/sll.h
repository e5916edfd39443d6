/* Linux cooked capture, version 1 (link type 113 of captures): what a capture on all interfaces has for a link layer.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |            pkttype            |            hatype             |
 *   +-------------------------------+-------------------------------+
 *   |             halen             |           addr ...            |
 *   +-------------------------------+-------------------------------+
 *   |                           ... addr                            |
 *   +-------------------------------+-------------------------------+
 *   |            addr78             |             proto             |
 *   +-------------------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_SLL_H
#define SONDE_PROTO_SLL_H

#include "proto/proto.h"

#define SONDE_SLL_PKTTYPE SONDE_FIELD(0, 0, 16)
#define SONDE_SLL_HATYPE  SONDE_FIELD(1, 16, 16)
#define SONDE_SLL_HALEN   SONDE_FIELD(2, 32, 16)
#define SONDE_SLL_ADDR    SONDE_FIELD(3, 48, 48)
#define SONDE_SLL_ADDR78  SONDE_FIELD(4, 96, 16)
#define SONDE_SLL_PROTO   SONDE_FIELD(5, 112, 16)

extern const struct sonde_proto sonde_sll;

#endif
