/* Authentication of Teredo (RFC 4380, 5.1.1), before an origin indication or the IPv6 packet.
 *
 *   +--------------+---------+---------+----+------+----------+----------------+
 *   | indicator 16 | idlen 8 | aulen 8 | id | auth | nonce 64 | confirmation 8 |
 *   +--------------+---------+---------+----+------+----------+----------------+
 */
#ifndef SONDE_PROTO_TEREDOAUTH_H
#define SONDE_PROTO_TEREDOAUTH_H

#include "proto/proto.h"

#define SONDE_TEREDOAUTH_INDICATOR    SONDE_FIELD(0, 0, 16)
#define SONDE_TEREDOAUTH_IDLEN        SONDE_FIELD(1, 16, 8)
#define SONDE_TEREDOAUTH_AULEN        SONDE_FIELD(2, 24, 8)
#define SONDE_TEREDOAUTH_ID           SONDE_FIELD(3, 32, 0)
#define SONDE_TEREDOAUTH_AUTH         SONDE_FIELD(4, SONDE_NEXT, 0)
#define SONDE_TEREDOAUTH_NONCE        SONDE_FIELD(5, SONDE_NEXT, 64)
#define SONDE_TEREDOAUTH_CONFIRMATION SONDE_FIELD(6, SONDE_NEXT, 8)

extern const struct sonde_proto sonde_teredoauth;

#endif
