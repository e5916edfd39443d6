/* A handshake message of TLS other than the hellos (RFC 8446, 4; RFC 5246, 7.4).
 *
 *   +--------+-----------+
 *   | type 8 | length 24 |
 *   +--------+-----------+
 *   | new-session-ticket: lifetime 32, ticketlen 16, ticket
 *   | certificate: certslen 24, certs: length 24, certificate, ...
 *   | data: the rest
 */
#ifndef SONDE_PROTO_HANDSHAKE_H
#define SONDE_PROTO_HANDSHAKE_H

#include "proto/proto.h"

#define SONDE_HANDSHAKE_TYPE      SONDE_FIELD(0, 0, 8)
#define SONDE_HANDSHAKE_LENGTH    SONDE_FIELD(1, 8, 24)
#define SONDE_HANDSHAKE_LIFETIME  SONDE_FIELD(2, SONDE_NEXT, 32)
#define SONDE_HANDSHAKE_TICKETLEN SONDE_FIELD(3, SONDE_NEXT, 16)
#define SONDE_HANDSHAKE_TICKET    SONDE_FIELD(4, SONDE_NEXT, 0)
#define SONDE_HANDSHAKE_CERTSLEN  SONDE_FIELD(5, SONDE_NEXT, 24)
#define SONDE_HANDSHAKE_CERTS     SONDE_FIELD(6, SONDE_NEXT, 0)
#define SONDE_HANDSHAKE_DATA      SONDE_FIELD(7, SONDE_NEXT, 0)

enum sonde_handshake_type {
	SONDE_HANDSHAKE_NEW_SESSION_TICKET = 4,
	SONDE_HANDSHAKE_CERTIFICATE = 11,
};

extern const struct sonde_proto sonde_handshake;

#endif
