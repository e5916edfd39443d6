/* Non-ESP marker (RFC 3948, 2.2): on the port of ESP in UDP, four zeros where an SPI would be say that IKE follows. */
#ifndef SONDE_PROTO_NONESP_H
#define SONDE_PROTO_NONESP_H

#include "proto/proto.h"

#define SONDE_NONESP_MARKER SONDE_FIELD(0, 0, 32)

extern const struct sonde_proto sonde_nonesp;

#endif
