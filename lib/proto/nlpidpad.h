/* Multiprotocol encapsulation over Frame Relay with a byte of padding (RFC 2427), as before SNAP.
 *
 *   +-----------+-------+---------+
 *   | control 8 | pad 8 | nlpid 8 |
 *   +-----------+-------+---------+
 */
#ifndef SONDE_PROTO_NLPIDPAD_H
#define SONDE_PROTO_NLPIDPAD_H

#include "proto/proto.h"

#define SONDE_NLPIDPAD_CONTROL SONDE_FIELD(0, 0, 8)
#define SONDE_NLPIDPAD_PAD     SONDE_FIELD(1, 8, 8)
#define SONDE_NLPIDPAD_NLPID   SONDE_FIELD(2, 16, 8)

extern const struct sonde_proto sonde_nlpidpad;

#endif
