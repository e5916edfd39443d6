/* The record layer of Transport Layer Security (RFC 8446, 5.1; RFC 5246, 6.2.1).
 *
 *   +--------+------------+-----------+
 *   | type 8 | version 16 | length 16 |
 *   +--------+------------+-----------+
 *   | data: what has no layer of its own
 *
 * Records follow each other: tls / clienthello / tls type=application-data ...
 */
#ifndef SONDE_PROTO_TLS_H
#define SONDE_PROTO_TLS_H

#include "proto/proto.h"

#define SONDE_TLS_TYPE    SONDE_FIELD(0, 0, 8)
#define SONDE_TLS_VERSION SONDE_FIELD(1, 8, 16)
#define SONDE_TLS_LENGTH  SONDE_FIELD(2, 24, 16) /* of what follows, bytes */
#define SONDE_TLS_DATA    SONDE_FIELD(3, 40, 0)

enum sonde_tls_type {
	SONDE_TLS_CHANGE_CIPHER_SPEC = 20,
	SONDE_TLS_ALERT = 21,
	SONDE_TLS_HANDSHAKE = 22,
	SONDE_TLS_APPLICATION_DATA = 23,
	SONDE_TLS_HEARTBEAT = 24,
};

extern const struct sonde_proto sonde_tls;

#endif
