/* Ethernet II (IEEE 802.3).
 *
 *   +--------------------------+--------------------------+-----------+
 *   |       dst, 6 bytes       |       src, 6 bytes       |  type 16  |
 *   +--------------------------+--------------------------+-----------+
 */
#ifndef SONDE_PROTO_ETHER_H
#define SONDE_PROTO_ETHER_H

#include "proto/proto.h"

#define SONDE_ETHER_DST  SONDE_FIELD(0, 0, 48)
#define SONDE_ETHER_SRC  SONDE_FIELD(1, 48, 48)
#define SONDE_ETHER_TYPE SONDE_FIELD(2, 96, 16) /* up to 1500: the length of an IEEE 802.2 frame */

extern const struct sonde_proto sonde_ether;

#endif
