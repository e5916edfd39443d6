/* Generic Routing Encapsulation (RFC 2784, 2890; version 1 of RFC 2637; routing of RFC 1701), also in UDP
 * (RFC 8086).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
 *   |C|R|K|S|s|recur|A| flags | ver |             type              |
 *   +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
 *   |   checksum (C), unused (R)    |        offset (C or R)        |
 *   +-------------------------------+-------------------------------+
 *   |                            key (K)                            |
 *   +---------------------------------------------------------------+
 *   |                            seq (S)                            |
 *   +---------------------------------------------------------------+
 *   |                            ack (A)                            |
 *   +---------------------------------------------------------------+
 *   |                            sre (R)                            |
 */
#ifndef SONDE_PROTO_GRE_H
#define SONDE_PROTO_GRE_H

#include "proto/proto.h"

#define SONDE_GRE_FLAGS    SONDE_FIELD(0, 0, 13)
#define SONDE_GRE_VERSION  SONDE_FIELD(1, 13, 3)
#define SONDE_GRE_TYPE     SONDE_FIELD(2, 16, 16)
#define SONDE_GRE_CHECKSUM SONDE_FIELD(3, 32, 16) /* at a fixed place: only the first word precedes it */
#define SONDE_GRE_UNUSED   SONDE_FIELD(4, 32, 16)
#define SONDE_GRE_OFFSET   SONDE_FIELD(5, 48, 16)
#define SONDE_GRE_KEY      SONDE_FIELD(6, SONDE_NEXT, 32)
#define SONDE_GRE_SEQ      SONDE_FIELD(7, SONDE_NEXT, 32)
#define SONDE_GRE_ACK      SONDE_FIELD(8, SONDE_NEXT, 32)
#define SONDE_GRE_SRE      SONDE_FIELD(9, SONDE_NEXT, 0)

enum sonde_gre_flag {
	SONDE_GRE_C = 0x1000,
	SONDE_GRE_R = 0x0800,
	SONDE_GRE_K = 0x0400,
	SONDE_GRE_S = 0x0200,
	SONDE_GRE_A = 0x0010,
};

extern const struct sonde_proto sonde_gre;

#endif
