/* Bytes without a description that stand between layers. */
#ifndef SONDE_PROTO_DATA_H
#define SONDE_PROTO_DATA_H

#include "proto/proto.h"

extern const struct sonde_proto sonde_data;

#endif
