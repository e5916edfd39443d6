/* ServerHello of TLS (RFC 8446, 4.1.3; RFC 5246, 7.4.1.3), a handshake message; HelloRetryRequest looks the same.
 *
 *   +--------+-----------+------------+------------+
 *   | type 8 | length 24 | version 16 | random 256 |
 *   +--------+-----------+------------+------------+
 *   | sidlen 8, sid; cipher 16, compression 8
 *   | extensionslen 16, extensions, where the message is longer
 */
#ifndef SONDE_PROTO_SERVERHELLO_H
#define SONDE_PROTO_SERVERHELLO_H

#include "proto/proto.h"

#define SONDE_SERVERHELLO_TYPE          SONDE_FIELD(0, 0, 8)
#define SONDE_SERVERHELLO_LENGTH        SONDE_FIELD(1, 8, 24)
#define SONDE_SERVERHELLO_VERSION       SONDE_FIELD(2, 32, 16)
#define SONDE_SERVERHELLO_RANDOM        SONDE_FIELD(3, 48, 256)
#define SONDE_SERVERHELLO_SIDLEN        SONDE_FIELD(4, 304, 8)
#define SONDE_SERVERHELLO_SID           SONDE_FIELD(5, SONDE_NEXT, 0)
#define SONDE_SERVERHELLO_CIPHER        SONDE_FIELD(6, SONDE_NEXT, 16)
#define SONDE_SERVERHELLO_COMPRESSION   SONDE_FIELD(7, SONDE_NEXT, 8)
#define SONDE_SERVERHELLO_EXTENSIONSLEN SONDE_FIELD(8, SONDE_NEXT, 16)
#define SONDE_SERVERHELLO_EXTENSIONS    SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_SERVERHELLO_REST          SONDE_FIELD(10, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_serverhello;

#endif
