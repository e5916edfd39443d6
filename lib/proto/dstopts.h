/* IPv6 destination options (RFC 8200, 4.6).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     next      |    length     |  options, filled up to 8n + 6 |
 *   +---------------+---------------+-------------------------------+
 *
 * The rows are those of proto/options6.h.
 */
#ifndef SONDE_PROTO_DSTOPTS_H
#define SONDE_PROTO_DSTOPTS_H

#include "proto/proto.h"

extern const struct sonde_proto sonde_dstopts;

#endif
