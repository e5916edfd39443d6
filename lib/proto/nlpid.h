/* Multiprotocol encapsulation over Frame Relay (RFC 2427): what follows, by its network layer protocol identifier.
 *
 *   +-----------+---------+
 *   | control 8 | nlpid 8 |
 *   +-----------+---------+
 */
#ifndef SONDE_PROTO_NLPID_H
#define SONDE_PROTO_NLPID_H

#include "proto/proto.h"

#define SONDE_NLPID_CONTROL SONDE_FIELD(0, 0, 8)
#define SONDE_NLPID_NLPID   SONDE_FIELD(1, 8, 8)

#define SONDE_NLPID_UNNUMBERED 0x03
#define SONDE_NLPID_CLNP       0x81 /* stands before what has no identifier, too */

extern const struct sonde_proto sonde_nlpid;

#endif
