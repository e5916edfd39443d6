/* BSD loopback encapsulation (link type 0 of captures).
 *
 *   +-----------+
 *   | family 32 |
 *   +-----------+
 *
 * The family is in the byte order of the machine that captured: both are read, and have names (ip, ip-be). Left out,
 * it is least significant byte first, as most machines have it.
 */
#ifndef SONDE_PROTO_NULL_H
#define SONDE_PROTO_NULL_H

#include "proto/proto.h"

#define SONDE_NULL_FAMILY SONDE_LITTLE(0, 0, 32)

extern const struct sonde_proto sonde_null;

#endif
