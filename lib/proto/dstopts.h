/* IPv6 destination options (RFC 8200, 4.6).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     next      |    length     |  options, filled up to 8n + 6 |
 *   +---------------+---------------+-------------------------------+
 */
#ifndef SONDE_PROTO_DSTOPTS_H
#define SONDE_PROTO_DSTOPTS_H

#include "proto/proto.h"

#define SONDE_DSTOPTS_NEXT    SONDE_FIELD(0, 0, 8)
#define SONDE_DSTOPTS_LENGTH  SONDE_FIELD(1, 8, 8) /* 8-byte units, the first not counted */
#define SONDE_DSTOPTS_OPTIONS SONDE_FIELD(2, 16, 0)

extern const struct sonde_proto sonde_dstopts;

#endif
