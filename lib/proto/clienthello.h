/* ClientHello of TLS (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2), a handshake message.
 *
 *   +--------+-----------+------------+------------+
 *   | type 8 | length 24 | version 16 | random 256 |
 *   +--------+-----------+------------+------------+
 *   | sidlen 8, sid; cipherslen 16, ciphers; compressionlen 8, compression
 *   | extensionslen 16, extensions, where the message is longer
 */
#ifndef SONDE_PROTO_CLIENTHELLO_H
#define SONDE_PROTO_CLIENTHELLO_H

#include "proto/proto.h"

#define SONDE_CLIENTHELLO_TYPE           SONDE_FIELD(0, 0, 8)
#define SONDE_CLIENTHELLO_LENGTH         SONDE_FIELD(1, 8, 24)
#define SONDE_CLIENTHELLO_VERSION        SONDE_FIELD(2, 32, 16)
#define SONDE_CLIENTHELLO_RANDOM         SONDE_FIELD(3, 48, 256)
#define SONDE_CLIENTHELLO_SIDLEN         SONDE_FIELD(4, 304, 8)
#define SONDE_CLIENTHELLO_SID            SONDE_FIELD(5, SONDE_NEXT, 0)
#define SONDE_CLIENTHELLO_CIPHERSLEN     SONDE_FIELD(6, SONDE_NEXT, 16)
#define SONDE_CLIENTHELLO_CIPHERS        SONDE_FIELD(7, SONDE_NEXT, 0)
#define SONDE_CLIENTHELLO_COMPRESSIONLEN SONDE_FIELD(8, SONDE_NEXT, 8)
#define SONDE_CLIENTHELLO_COMPRESSION    SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_CLIENTHELLO_EXTENSIONSLEN  SONDE_FIELD(10, SONDE_NEXT, 16)
#define SONDE_CLIENTHELLO_EXTENSIONS     SONDE_FIELD(11, SONDE_NEXT, 0)
#define SONDE_CLIENTHELLO_REST           SONDE_FIELD(12, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_clienthello;

#endif
