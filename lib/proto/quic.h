/* QUIC packets with a long header (RFC 9000, 17.2; RFC 8999): of which the version and the connection identifiers are
 * not encrypted.
 *
 *   +-------+---------+------------+---------+------+---------+------+-----------
 *   | form 1| bits 7  | version 32 | dcidlen 8| dcid | scidlen 8| scid | the rest
 *   +-------+---------+------------+---------+------+---------+------+-----------
 */
#ifndef SONDE_PROTO_QUIC_H
#define SONDE_PROTO_QUIC_H

#include "proto/proto.h"

#define SONDE_QUIC_FORM    SONDE_FIELD(0, 0, 1)
#define SONDE_QUIC_FIXED   SONDE_FIELD(1, 1, 1)
#define SONDE_QUIC_TYPE    SONDE_FIELD(2, 2, 2)
#define SONDE_QUIC_BITS    SONDE_FIELD(3, 4, 4)
#define SONDE_QUIC_VERSION SONDE_FIELD(4, 8, 32)
#define SONDE_QUIC_DCIDLEN SONDE_FIELD(5, 40, 8)
#define SONDE_QUIC_DCID    SONDE_FIELD(6, 48, 0)
#define SONDE_QUIC_SCIDLEN SONDE_FIELD(7, SONDE_NEXT, 8)
#define SONDE_QUIC_SCID    SONDE_FIELD(8, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_quic;

#endif
