/* Point-to-Point Protocol (RFC 1661): the number of the protocol. One that is compressed to a byte is pfc.
 *
 *   +----------+
 *   | proto 16 |
 *   +----------+
 */
#ifndef SONDE_PROTO_PPP_H
#define SONDE_PROTO_PPP_H

#include "proto/proto.h"

#define SONDE_PPP_PROTO SONDE_FIELD(0, 0, 16)

extern const struct sonde_proto sonde_ppp;

#endif
