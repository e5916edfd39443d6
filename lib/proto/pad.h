/* Bytes behind the packet: Ethernet padding, trailers. Not a header: it has no fields. */
#ifndef SONDE_PROTO_PAD_H
#define SONDE_PROTO_PAD_H

#include "proto/proto.h"

extern const struct sonde_proto sonde_pad;

#endif
