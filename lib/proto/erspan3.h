/* Encapsulated Remote Switch Port Analyzer, type III (draft-foschiano-erspan, 4.3): a mirrored frame in GRE, with the
 * time.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-----------------------+-----+---+-+-------------------+
 *   |version|         vlan          | cos |bso|t|      session      |
 *   +-------+-----------------------+-----+---+-+-------------------+
 *   |                           timestamp                           |
 *   +-------------------------------+-+---------+-----------+-+---+-+
 *   |              sgt              |p|   ft    |   hwid    |d|gra|o|
 *   +-----------+-------------------+-+---------+-----------+-+---+-+
 *   |  platform |                 info (58 bits, if o) ...
 */
#ifndef SONDE_PROTO_ERSPAN3_H
#define SONDE_PROTO_ERSPAN3_H

#include "proto/proto.h"

#define SONDE_ERSPAN3_VERSION   SONDE_FIELD(0, 0, 4)
#define SONDE_ERSPAN3_VLAN      SONDE_FIELD(1, 4, 12)
#define SONDE_ERSPAN3_COS       SONDE_FIELD(2, 16, 3)
#define SONDE_ERSPAN3_BSO       SONDE_FIELD(3, 19, 2)
#define SONDE_ERSPAN3_T         SONDE_FIELD(4, 21, 1)
#define SONDE_ERSPAN3_SESSION   SONDE_FIELD(5, 22, 10)
#define SONDE_ERSPAN3_TIMESTAMP SONDE_FIELD(6, 32, 32)
#define SONDE_ERSPAN3_SGT       SONDE_FIELD(7, 64, 16)
#define SONDE_ERSPAN3_P         SONDE_FIELD(8, 80, 1)
#define SONDE_ERSPAN3_FT        SONDE_FIELD(9, 81, 5)
#define SONDE_ERSPAN3_HWID      SONDE_FIELD(10, 86, 6)
#define SONDE_ERSPAN3_D         SONDE_FIELD(11, 92, 1)
#define SONDE_ERSPAN3_GRA       SONDE_FIELD(12, 93, 2)
#define SONDE_ERSPAN3_O         SONDE_FIELD(13, 95, 1)
#define SONDE_ERSPAN3_PLATFORM  SONDE_FIELD(14, 96, 6)
#define SONDE_ERSPAN3_INFO      SONDE_FIELD(15, 102, 58)

extern const struct sonde_proto sonde_erspan3;

#endif
