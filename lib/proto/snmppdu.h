/* What SNMP carries: a request or response (RFC 3416, 3), in BER; variables follow (proto/snmpvars.h). Traps of version
 * 1 (RFC 1157, 4.1.6) have other fields behind the length.
 *
 *   +-----+--------+----------+-------------+-------------+
 *   | tag | length | 02 .. id | 02 .. error | 02 .. index |
 *   +-----+--------+----------+-------------+-------------+
 *   +-----+--------+------------------+-------------+---------------+----------------+--------------+
 *   | a4  | length | 06 .. enterprise | 40 .. agent | 02 .. generic | 02 .. specific | 43 .. uptime |
 *   +-----+--------+------------------+-------------+---------------+----------------+--------------+
 */
#ifndef SONDE_PROTO_SNMPPDU_H
#define SONDE_PROTO_SNMPPDU_H

#include "proto/proto.h"

#define SONDE_SNMPPDU_TAG     SONDE_FIELD(0, 0, 8)
#define SONDE_SNMPPDU_LONG    SONDE_FIELD(1, 8, 1)
#define SONDE_SNMPPDU_LENLEN  SONDE_FIELD(2, 9, 7)
#define SONDE_SNMPPDU_LENGTH4 SONDE_FIELD(3, 16, 32)
#define SONDE_SNMPPDU_LENGTH3 SONDE_FIELD(4, 16, 24)
#define SONDE_SNMPPDU_LENGTH2 SONDE_FIELD(5, 16, 16)
#define SONDE_SNMPPDU_LENGTH1 SONDE_FIELD(6, 16, 8)
#define SONDE_SNMPPDU_LENGTH  SONDE_FIELD(7, 9, 7)
#define SONDE_SNMPPDU_ID    SONDE_FIELD(8, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_ERROR SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_INDEX SONDE_FIELD(10, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_ENTERPRISE SONDE_FIELD(11, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_AGENT      SONDE_FIELD(12, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_GENERIC    SONDE_FIELD(13, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_SPECIFIC   SONDE_FIELD(14, SONDE_NEXT, 0)
#define SONDE_SNMPPDU_UPTIME     SONDE_FIELD(15, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_snmppdu;

#endif
