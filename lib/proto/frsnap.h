/* Subnetwork Access Protocol over Frame Relay (RFC 2427, 4.1): an Ethernet type, without the LLC that it has elsewhere.
 *
 *   +--------+---------+
 *   | oui 24 | type 16 |
 *   +--------+---------+
 */
#ifndef SONDE_PROTO_FRSNAP_H
#define SONDE_PROTO_FRSNAP_H

#include "proto/proto.h"

#define SONDE_FRSNAP_OUI  SONDE_FIELD(0, 0, 24)
#define SONDE_FRSNAP_TYPE SONDE_FIELD(1, 24, 16)

extern const struct sonde_proto sonde_frsnap;

#endif
