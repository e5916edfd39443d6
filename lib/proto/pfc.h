/* PPP with a protocol number of one byte, as Protocol-Field-Compression leaves it (RFC 1661, 6.5).
 *
 *   +---------+
 *   | proto 8 |
 *   +---------+
 */
#ifndef SONDE_PROTO_PFC_H
#define SONDE_PROTO_PFC_H

#include "proto/proto.h"

#define SONDE_PFC_PROTO SONDE_FIELD(0, 0, 8)

extern const struct sonde_proto sonde_pfc;

#endif
