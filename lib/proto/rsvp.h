/* Resource Reservation Protocol (RFC 2205, 3.1.1): the common header.
 *
 *   +-----------+---------+--------+-------------+
 *   | version 4 | flags 4 | type 8 | checksum 16 |
 *   +-----------+---------+--------+-------------+
 *   |         ttl 8       | reserved 8 | length 16 |
 *   +---------------------+------------+-----------+
 */
#ifndef SONDE_PROTO_RSVP_H
#define SONDE_PROTO_RSVP_H

#include "proto/proto.h"

#define SONDE_RSVP_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_RSVP_FLAGS    SONDE_FIELD(1, 4, 4)
#define SONDE_RSVP_TYPE     SONDE_FIELD(2, 8, 8)
#define SONDE_RSVP_CHECKSUM SONDE_FIELD(3, 16, 16)
#define SONDE_RSVP_TTL      SONDE_FIELD(4, 32, 8)
#define SONDE_RSVP_RESERVED SONDE_FIELD(5, 40, 8)
#define SONDE_RSVP_LENGTH   SONDE_FIELD(6, 48, 16)

extern const struct sonde_proto sonde_rsvp;

#endif
