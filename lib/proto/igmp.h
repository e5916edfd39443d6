/* Internet Group Management Protocol (RFC 1112, 2236, 9776).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     type      |    maxresp    |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   | group;                        or, report 3: reserved, nrecords|
 *   +-------+-+-----+---------------+-------------------------------+
 *   | resv  |S| qrv |     qqic      |           nsources            |  query 3
 *   +-------+-+-----+---------------+-------------------------------+
 *   | query 3: sources; report 3: records                           |
 */
#ifndef SONDE_PROTO_IGMP_H
#define SONDE_PROTO_IGMP_H

#include "proto/proto.h"

#define SONDE_IGMP_TYPE     SONDE_FIELD(0, 0, 8)
#define SONDE_IGMP_MAXRESP  SONDE_FIELD(1, 8, 8) /* tenths of a second */
#define SONDE_IGMP_CHECKSUM SONDE_FIELD(2, 16, 16)
#define SONDE_IGMP_GROUP    SONDE_FIELD(3, 32, 32)
#define SONDE_IGMP_RESERVED SONDE_FIELD(4, 32, 16)
#define SONDE_IGMP_NRECORDS SONDE_FIELD(5, 48, 16)
#define SONDE_IGMP_RECORDS  SONDE_FIELD(6, 64, 0)
#define SONDE_IGMP_RESV     SONDE_FIELD(7, 64, 4)
#define SONDE_IGMP_S        SONDE_FIELD(8, 68, 1)
#define SONDE_IGMP_QRV      SONDE_FIELD(9, 69, 3)
#define SONDE_IGMP_QQIC     SONDE_FIELD(10, 72, 8)
#define SONDE_IGMP_NSOURCES SONDE_FIELD(11, 80, 16)
#define SONDE_IGMP_SOURCES  SONDE_FIELD(12, 96, 0)

enum sonde_igmp_type {
	SONDE_IGMP_QUERY = 0x11,
	SONDE_IGMP_REPORT1 = 0x12,
	SONDE_IGMP_REPORT2 = 0x16,
	SONDE_IGMP_LEAVE = 0x17,
	SONDE_IGMP_REPORT3 = 0x22,
};

extern const struct sonde_proto sonde_igmp;

#endif
