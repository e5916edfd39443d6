/* Cisco encapsulation over Frame Relay: an Ethernet type behind the address (Cisco IOS, "encapsulation frame-relay").
 *
 *   +---------+
 *   | type 16 |
 *   +---------+
 */
#ifndef SONDE_PROTO_FRTYPE_H
#define SONDE_PROTO_FRTYPE_H

#include "proto/proto.h"

#define SONDE_FRTYPE_TYPE SONDE_FIELD(0, 0, 16)

extern const struct sonde_proto sonde_frtype;

#endif
