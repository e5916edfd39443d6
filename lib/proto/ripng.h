/* Routing Information Protocol for IPv6 (RFC 2080, 2.1): routes, or a request for them.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    command    |    version    |             zero              |
 *   +---------------+---------------+-------------------------------+
 *   |  entries, 20 bytes each ...
 *
 *   +---------------------------------------------------------------+
 *   |                    IPv6 prefix, 16 bytes                      |
 *   +-------------------------------+---------------+---------------+
 *   |           route tag           |  prefix len   |    metric     |
 *   +-------------------------------+---------------+---------------+
 */
#ifndef SONDE_PROTO_RIPNG_H
#define SONDE_PROTO_RIPNG_H

#include "proto/proto.h"

#define SONDE_RIPNG_COMMAND SONDE_FIELD(0, 0, 8)
#define SONDE_RIPNG_VERSION SONDE_FIELD(1, 8, 8)
#define SONDE_RIPNG_ZERO    SONDE_FIELD(2, 16, 16)
#define SONDE_RIPNG_ENTRIES SONDE_FIELD(3, 32, 0)

extern const struct sonde_proto sonde_ripng;

#endif
