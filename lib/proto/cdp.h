/* Cisco Discovery Protocol (Cisco, CDP packet format): what a device says of itself.
 *
 *   +-----------+-------+-------------+----------
 *   | version 8 | ttl 8 | checksum 16 | tlvs ...
 *   +-----------+-------+-------------+----------
 */
#ifndef SONDE_PROTO_CDP_H
#define SONDE_PROTO_CDP_H

#include "proto/proto.h"

#define SONDE_CDP_VERSION  SONDE_FIELD(0, 0, 8)
#define SONDE_CDP_TTL      SONDE_FIELD(1, 8, 8)
#define SONDE_CDP_CHECKSUM SONDE_FIELD(2, 16, 16)
#define SONDE_CDP_TLVS     SONDE_FIELD(3, 32, 0)

extern const struct sonde_proto sonde_cdp;

#endif
