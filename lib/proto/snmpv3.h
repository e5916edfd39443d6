/* The header of SNMP version 3 (RFC 3412, 6): a sequence of its own. Behind it stand the security parameters, a string,
 * and the message, mostly encrypted. */
#ifndef SONDE_PROTO_SNMPV3_H
#define SONDE_PROTO_SNMPV3_H

#include "proto/proto.h"

#define SONDE_SNMPV3_TAG     SONDE_FIELD(0, 0, 8)
#define SONDE_SNMPV3_LONG    SONDE_FIELD(1, 8, 1)
#define SONDE_SNMPV3_LENLEN  SONDE_FIELD(2, 9, 7)
#define SONDE_SNMPV3_LENGTH4 SONDE_FIELD(3, 16, 32)
#define SONDE_SNMPV3_LENGTH3 SONDE_FIELD(4, 16, 24)
#define SONDE_SNMPV3_LENGTH2 SONDE_FIELD(5, 16, 16)
#define SONDE_SNMPV3_LENGTH1 SONDE_FIELD(6, 16, 8)
#define SONDE_SNMPV3_LENGTH  SONDE_FIELD(7, 9, 7)
#define SONDE_SNMPV3_ID      SONDE_FIELD(8, SONDE_NEXT, 0)
#define SONDE_SNMPV3_SIZE    SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_SNMPV3_FLAGS   SONDE_FIELD(10, SONDE_NEXT, 24) /* a string of one byte */
#define SONDE_SNMPV3_MODEL   SONDE_FIELD(11, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_snmpv3;

#endif
