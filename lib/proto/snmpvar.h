/* A variable of SNMP (RFC 3416, 3): its name, an object identifier, and its value, which is null in requests. In BER.
 *
 *   +----+--------+-----------+--------------+
 *   | 30 | length | 06 .. oid | tag .. value |
 *   +----+--------+-----------+--------------+
 */
#ifndef SONDE_PROTO_SNMPVAR_H
#define SONDE_PROTO_SNMPVAR_H

#include "proto/proto.h"

#define SONDE_SNMPVAR_TAG     SONDE_FIELD(0, 0, 8)
#define SONDE_SNMPVAR_LONG    SONDE_FIELD(1, 8, 1)
#define SONDE_SNMPVAR_LENLEN  SONDE_FIELD(2, 9, 7)
#define SONDE_SNMPVAR_LENGTH4 SONDE_FIELD(3, 16, 32)
#define SONDE_SNMPVAR_LENGTH3 SONDE_FIELD(4, 16, 24)
#define SONDE_SNMPVAR_LENGTH2 SONDE_FIELD(5, 16, 16)
#define SONDE_SNMPVAR_LENGTH1 SONDE_FIELD(6, 16, 8)
#define SONDE_SNMPVAR_LENGTH  SONDE_FIELD(7, 9, 7)
#define SONDE_SNMPVAR_OID     SONDE_FIELD(8, SONDE_NEXT, 0)
#define SONDE_SNMPVAR_VALUE   SONDE_FIELD(9, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_snmpvar;

#endif
