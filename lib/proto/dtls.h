/* Datagram Transport Layer Security, record (RFC 6347, 4.1).
 *
 *   +--------+------------+----------+--------+-----------+-----------
 *   | type 8 | version 16 | epoch 16 | seq 48 | length 16 | data ...
 *   +--------+------------+----------+--------+-----------+-----------
 */
#ifndef SONDE_PROTO_DTLS_H
#define SONDE_PROTO_DTLS_H

#include "proto/proto.h"

#define SONDE_DTLS_TYPE    SONDE_FIELD(0, 0, 8)
#define SONDE_DTLS_VERSION SONDE_FIELD(1, 8, 16)
#define SONDE_DTLS_EPOCH   SONDE_FIELD(2, 24, 16)
#define SONDE_DTLS_SEQ     SONDE_FIELD(3, 40, 48)
#define SONDE_DTLS_LENGTH  SONDE_FIELD(4, 88, 16)
#define SONDE_DTLS_DATA    SONDE_FIELD(5, 104, 0)

extern const struct sonde_proto sonde_dtls;

#endif
