/* MPLS label stack entry (RFC 3032, 5462). Entries stack to any depth.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------+-----+-+---------------+
 *   |                 label                 | tc  |s|      ttl      |
 *   +---------------------------------------+-----+-+---------------+
 */
#ifndef SONDE_PROTO_MPLS_H
#define SONDE_PROTO_MPLS_H

#include "proto/proto.h"

#define SONDE_MPLS_LABEL SONDE_FIELD(0, 0, 20)
#define SONDE_MPLS_TC    SONDE_FIELD(1, 20, 3)
#define SONDE_MPLS_S     SONDE_FIELD(2, 23, 1)
#define SONDE_MPLS_TTL   SONDE_FIELD(3, 24, 8)

extern const struct sonde_proto sonde_mpls;

#endif
