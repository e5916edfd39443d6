/* Protocol Independent Multicast, version 2 (RFC 7761, 4.9): the header of all its messages, and that of Register,
 * which carries an IP packet.
 *
 *   +-----------+--------+------------+-------------+
 *   | version 4 | type 4 | reserved 8 | checksum 16 |
 *   +-----------+--------+------------+-------------+
 *   |               flags 32 (Register)             |
 *   +-----------------------------------------------+
 */
#ifndef SONDE_PROTO_PIM_H
#define SONDE_PROTO_PIM_H

#include "proto/proto.h"

#define SONDE_PIM_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_PIM_TYPE     SONDE_FIELD(1, 4, 4)
#define SONDE_PIM_RESERVED SONDE_FIELD(2, 8, 8)
#define SONDE_PIM_CHECKSUM SONDE_FIELD(3, 16, 16)
#define SONDE_PIM_FLAGS    SONDE_FIELD(4, 32, 32)

#define SONDE_PIM_REGISTER 1

extern const struct sonde_proto sonde_pim;

#endif
