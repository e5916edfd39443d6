/* The variables of an SNMP message (RFC 3416, 3): a sequence of them (proto/snmpvar.h), in BER.
 *
 *   +----+--------+-----------+-----------+---
 *   | 30 | length |  variable |  variable | ...
 *   +----+--------+-----------+-----------+---
 */
#ifndef SONDE_PROTO_SNMPVARS_H
#define SONDE_PROTO_SNMPVARS_H

#include "proto/proto.h"

#define SONDE_SNMPVARS_TAG     SONDE_FIELD(0, 0, 8)
#define SONDE_SNMPVARS_LONG    SONDE_FIELD(1, 8, 1)
#define SONDE_SNMPVARS_LENLEN  SONDE_FIELD(2, 9, 7)
#define SONDE_SNMPVARS_LENGTH4 SONDE_FIELD(3, 16, 32)
#define SONDE_SNMPVARS_LENGTH3 SONDE_FIELD(4, 16, 24)
#define SONDE_SNMPVARS_LENGTH2 SONDE_FIELD(5, 16, 16)
#define SONDE_SNMPVARS_LENGTH1 SONDE_FIELD(6, 16, 8)
#define SONDE_SNMPVARS_LENGTH  SONDE_FIELD(7, 9, 7)

extern const struct sonde_proto sonde_snmpvars;

#endif
