/* Encapsulated Remote Switch Port Analyzer, type II (draft-foschiano-erspan, 4.2): a mirrored Ethernet frame in GRE
 * with a sequence number. Type I is GRE without one, and has no header.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-----------------------+-----+---+-+-------------------+
 *   |version|         vlan          | cos |en |t|      session      |
 *   +-------+---------------+-------+-----+---+-+-------------------+
 *   |       reserved        |                 index                 |
 *   +-----------------------+---------------------------------------+
 */
#ifndef SONDE_PROTO_ERSPAN_H
#define SONDE_PROTO_ERSPAN_H

#include "proto/proto.h"

#define SONDE_ERSPAN_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_ERSPAN_VLAN     SONDE_FIELD(1, 4, 12)
#define SONDE_ERSPAN_COS      SONDE_FIELD(2, 16, 3)
#define SONDE_ERSPAN_EN       SONDE_FIELD(3, 19, 2)
#define SONDE_ERSPAN_T        SONDE_FIELD(4, 21, 1)
#define SONDE_ERSPAN_SESSION  SONDE_FIELD(5, 22, 10)
#define SONDE_ERSPAN_RESERVED SONDE_FIELD(6, 32, 12)
#define SONDE_ERSPAN_INDEX    SONDE_FIELD(7, 44, 20)

extern const struct sonde_proto sonde_erspan;

#endif
