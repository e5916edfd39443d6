/* Logical Link Control (IEEE 802.2), with SNAP (IEEE 802): what frames of IEEE 802.11 carry, and those of
 * IEEE 802.3 that have a length in place of a type.
 *
 *   +--------+--------+--------------+
 *   | dsap 8 | ssap 8 | control 8, 16|
 *   +--------+--------+--------------+
 *   | oui 24 | type 16                  where dsap is aa and control 3
 */
#ifndef SONDE_PROTO_LLC_H
#define SONDE_PROTO_LLC_H

#include "proto/proto.h"

#define SONDE_LLC_DSAP     SONDE_FIELD(0, 0, 8)
#define SONDE_LLC_SSAP     SONDE_FIELD(1, 8, 8)
#define SONDE_LLC_CONTROL  SONDE_FIELD(2, 16, 8)
#define SONDE_LLC_CONTROL2 SONDE_FIELD(3, 24, 8) /* of information and supervisory frames */
#define SONDE_LLC_OUI      SONDE_FIELD(4, 24, 24)
#define SONDE_LLC_TYPE     SONDE_FIELD(5, 48, 16)

#define SONDE_LLC_SNAP 0xaa
#define SONDE_LLC_UI   0x03

extern const struct sonde_proto sonde_llc;

#endif
