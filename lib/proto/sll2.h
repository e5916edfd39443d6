/* Linux cooked capture, version 2 (link type 276 of captures): version 1 and the interface.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             proto             |           reserved            |
 *   +-------------------------------+-------------------------------+
 *   |                            ifindex                            |
 *   +-------------------------------+---------------+---------------+
 *   |            hatype             |    pkttype    |     halen     |
 *   +-------------------------------+---------------+---------------+
 *   |                           addr ...                            |
 *   +-------------------------------+-------------------------------+
 *   |           ... addr            |            addr78             |
 *   +-------------------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_SLL2_H
#define SONDE_PROTO_SLL2_H

#include "proto/proto.h"

#define SONDE_SLL2_PROTO    SONDE_FIELD(0, 0, 16)
#define SONDE_SLL2_RESERVED SONDE_FIELD(1, 16, 16)
#define SONDE_SLL2_IFINDEX  SONDE_FIELD(2, 32, 32)
#define SONDE_SLL2_HATYPE   SONDE_FIELD(3, 64, 16)
#define SONDE_SLL2_PKTTYPE  SONDE_FIELD(4, 80, 8)
#define SONDE_SLL2_HALEN    SONDE_FIELD(5, 88, 8)
#define SONDE_SLL2_ADDR     SONDE_FIELD(6, 96, 48)
#define SONDE_SLL2_ADDR78   SONDE_FIELD(7, 144, 16)

extern const struct sonde_proto sonde_sll2;

#endif
