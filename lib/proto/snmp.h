/* Simple Network Management Protocol (RFC 1157, RFC 3416): a sequence of ASN.1 in BER, which begins with the version
 * and the community. Each value is a tag, a length and the value (proto/ber.h).
 *
 *   +----+--------+----------+--------------------------+---------+
 *   | 30 | length | 02 01 vv | 04 length community ...  | message |
 *   +----+--------+----------+--------------------------+---------+
 */
#ifndef SONDE_PROTO_SNMP_H
#define SONDE_PROTO_SNMP_H

#include "proto/proto.h"

#define SONDE_SNMP_TAG     SONDE_FIELD(0, 0, 8)
#define SONDE_SNMP_LONG    SONDE_FIELD(1, 8, 1)
#define SONDE_SNMP_LENLEN  SONDE_FIELD(2, 9, 7)
#define SONDE_SNMP_LENGTH4 SONDE_FIELD(3, 16, 32)
#define SONDE_SNMP_LENGTH3 SONDE_FIELD(4, 16, 24)
#define SONDE_SNMP_LENGTH2 SONDE_FIELD(5, 16, 16)
#define SONDE_SNMP_LENGTH1 SONDE_FIELD(6, 16, 8)
#define SONDE_SNMP_LENGTH  SONDE_FIELD(7, 9, 7)
#define SONDE_SNMP_VERSION   SONDE_FIELD(8, SONDE_NEXT, 24)
#define SONDE_SNMP_COMMUNITY SONDE_FIELD(9, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_snmp;

#endif
