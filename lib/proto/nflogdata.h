/* The packet in a netfilter log: the head of its TLV (proto/nflog.h), then IP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |            length             |           type (9)            |
 *   +-------------------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_NFLOGDATA_H
#define SONDE_PROTO_NFLOGDATA_H

#include "proto/proto.h"

#define SONDE_NFLOGDATA_LENGTH SONDE_LITTLE(0, 0, 16)
#define SONDE_NFLOGDATA_TYPE   SONDE_LITTLE(1, 16, 16)

extern const struct sonde_proto sonde_nflogdata;

#endif
