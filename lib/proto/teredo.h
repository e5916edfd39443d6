/* Origin indication of Teredo (RFC 4380, 5.1.1): the address and port that a packet came from, as a server saw them.
 * The IPv6 packet follows; without an indication, it stands in UDP alone.
 *
 *   +--------------+---------+---------+
 *   | indicator 16 | port 16 | addr 32 |
 *   +--------------+---------+---------+
 */
#ifndef SONDE_PROTO_TEREDO_H
#define SONDE_PROTO_TEREDO_H

#include "proto/proto.h"

#define SONDE_TEREDO_INDICATOR SONDE_FIELD(0, 0, 16)
#define SONDE_TEREDO_PORT      SONDE_FIELD(1, 16, 16)
#define SONDE_TEREDO_ADDR      SONDE_FIELD(2, 32, 32)

#define SONDE_TEREDO_PORT_NUMBER 3544

extern const struct sonde_proto sonde_teredo;

#endif
