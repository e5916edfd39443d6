/* OpenBSD loopback encapsulation (link type 108 of captures).
 *
 *   +-----------+
 *   | family 32 |
 *   +-----------+
 */
#ifndef SONDE_PROTO_LOOP_H
#define SONDE_PROTO_LOOP_H

#include "proto/proto.h"

#define SONDE_LOOP_FAMILY SONDE_FIELD(0, 0, 32)

extern const struct sonde_proto sonde_loop;

#endif
