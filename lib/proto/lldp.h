/* Link Layer Discovery Protocol (IEEE 802.1AB): what a neighbour says of itself, item by item up to the one that ends.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------+-----------------+-------------------------------+
 *   |    type     |     length      |           value ...           |
 *   +-------------+-----------------+-------------------------------+
 *   |                              ...                              |
 *   +-------------+-----------------+-------------------------------+
 *   |      0      |        0        |
 *   +-------------+-----------------+
 */
#ifndef SONDE_PROTO_LLDP_H
#define SONDE_PROTO_LLDP_H

#include "proto/proto.h"

#define SONDE_LLDP_TLVS SONDE_FIELD(0, 0, 0)

extern const struct sonde_proto sonde_lldp;

#endif
