/* Internet Protocol version 4 (RFC 791; tos of RFC 2474 and 3168).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+-----------+---+-------------------------------+
 *   |version|  ihl  |    tos (dscp, ecn) |         length            |
 *   +-------+-------+---------------+-----+-------------------------+
 *   |              id               |flags|         offset          |
 *   +---------------+---------------+-----+-------------------------+
 *   |      ttl      |     proto     |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   |                              src                              |
 *   +---------------------------------------------------------------+
 *   |                              dst                              |
 *   +---------------------------------------------------------------+
 *   |                            options                            |
 */
#ifndef SONDE_PROTO_IP_H
#define SONDE_PROTO_IP_H

#include "proto/proto.h"

#define SONDE_IP_MIN_LEN 20 /* bytes of a header */
#define SONDE_IP_MAX_LEN 60

#define SONDE_IP_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_IP_IHL      SONDE_FIELD(1, 4, 4)
#define SONDE_IP_TOS      SONDE_FIELD(2, 8, 8)
#define SONDE_IP_LENGTH   SONDE_FIELD(3, 16, 16)
#define SONDE_IP_ID       SONDE_FIELD(4, 32, 16)
#define SONDE_IP_FLAGS    SONDE_FIELD(5, 48, 3)
#define SONDE_IP_OFFSET   SONDE_FIELD(6, 51, 13) /* 8-byte units */
#define SONDE_IP_TTL      SONDE_FIELD(7, 64, 8)
#define SONDE_IP_PROTO    SONDE_FIELD(8, 72, 8)
#define SONDE_IP_CHECKSUM SONDE_FIELD(9, 80, 16)
#define SONDE_IP_SRC      SONDE_FIELD(10, 96, 32)
#define SONDE_IP_DST      SONDE_FIELD(11, 128, 32)
#define SONDE_IP_OPTIONS  SONDE_FIELD(12, 160, 0)
#define SONDE_IP_DSCP     SONDE_VIEW(13, 8, 6)
#define SONDE_IP_ECN      SONDE_VIEW(14, 14, 2)

enum sonde_ip_flag { SONDE_IP_MF = 1, SONDE_IP_DF = 2, SONDE_IP_EVIL = 4 };

extern const struct sonde_proto sonde_ip;

#endif
